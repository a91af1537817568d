/* ranks: 1 2 3 4 */
/* Every predefined datatype with every operator that the standard allows it, against a plain loop. */
#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

#include "check.h"

static const int SIZES[] = {1, 2, 3, 7, 16, 33, 1000};
enum { KINDS = sizeof SIZES / sizeof *SIZES, LARGEST = 1000 };

static int reductions;

/* A datatype that this library does not have (a Fortran or an optional one) is left out. */
static int have(MPI_Datatype type, size_t bytes)
{
    int size = MPI_UNDEFINED;

    return type != MPI_DATATYPE_NULL && MPI_Type_size(type, &size) == MPI_SUCCESS && size == (int)bytes;
}

static const char *name_of(MPI_Datatype type)
{
    static char name[MPI_MAX_OBJECT_NAME];
    int length;

    OK(MPI_Type_get_name(type, name, &length));
    return name;
}

/* What rank `r` contributes at `i`: small enough that no sum or product of 4 ranks overflows 8 bits, and that
 * floating point is exact in any order. */
static int input(int r, int i, int small)
{
    unsigned state = (unsigned)(r * 7919 + i * 104729 + 12345);

    return small ? (int)(draw(&state) % 3) : (int)(draw(&state) % 30);
}

/* Reduces with MPI and with `fold`, by Allreduce and by Reduce to the last rank. */
#define TRY(ctype, mpitype, op, small, fold, same)                                                              \
    do {                                                                                                        \
        static ctype in[LARGEST], out[LARGEST], last[LARGEST];                                                  \
        int k_, i_, r_, n_;                                                                                     \
        for (k_ = 0; k_ < KINDS; k_++) {                                                                        \
            n_ = SIZES[k_];                                                                                     \
            for (i_ = 0; i_ < n_; i_++)                                                                         \
                in[i_] = (ctype)input(me, i_, small);                                                           \
            memset(out, 0, sizeof out);                                                                         \
            memset(last, 0, sizeof last);                                                                       \
            OK(MPI_Allreduce(in, out, n_, mpitype, op, MPI_COMM_WORLD));                                        \
            OK(MPI_Reduce(in, last, n_, mpitype, op, np - 1, MPI_COMM_WORLD));                                  \
            for (i_ = 0; i_ < n_; i_++) {                                                                       \
                ctype a = (ctype)input(0, i_, small);                                                           \
                for (r_ = 1; r_ < np; r_++) {                                                                   \
                    ctype b = (ctype)input(r_, i_, small);                                                      \
                    a = (ctype)(fold);                                                                          \
                }                                                                                               \
                if (!(same(out[i_], a)) || (me == np - 1 && !(same(last[i_], a))))                              \
                    check_failed(__FILE__, __LINE__, "%s with %s: element %d of %d is wrong", name_of(mpitype), #op, i_, n_); \
            }                                                                                                   \
        }                                                                                                       \
        reductions++;                                                                                           \
    } while (0)

#define EXACT(x, y) ((x) == (y))
#define AS_TRUTH(x, y) (!(x) == !(y))

#define ARITHMETIC(ctype, mpitype)                                \
    TRY(ctype, mpitype, MPI_MAX, 0, a > b ? a : b, EXACT);        \
    TRY(ctype, mpitype, MPI_MIN, 0, a < b ? a : b, EXACT);        \
    TRY(ctype, mpitype, MPI_SUM, 0, a + b, EXACT);                \
    TRY(ctype, mpitype, MPI_PROD, 1, a *b, EXACT)

#define LOGICAL(ctype, mpitype)                                   \
    TRY(ctype, mpitype, MPI_LAND, 1, a &&b, AS_TRUTH);            \
    TRY(ctype, mpitype, MPI_LOR, 1, a || b, AS_TRUTH);            \
    TRY(ctype, mpitype, MPI_LXOR, 1, !a != !b, AS_TRUTH)

#define BITWISE(ctype, mpitype)                                   \
    TRY(ctype, mpitype, MPI_BAND, 0, a &b, EXACT);                \
    TRY(ctype, mpitype, MPI_BOR, 0, a | b, EXACT);                \
    TRY(ctype, mpitype, MPI_BXOR, 0, a ^ b, EXACT)

#define C_INTEGER(ctype, mpitype)                                 \
    do {                                                          \
        if (have(mpitype, sizeof(ctype))) {                       \
            ARITHMETIC(ctype, mpitype);                           \
            LOGICAL(ctype, mpitype);                              \
            BITWISE(ctype, mpitype);                              \
        }                                                         \
    } while (0)

#define OTHER_INTEGER(ctype, mpitype) /* Fortran's, and addresses: no logical operators */ \
    do {                                                          \
        if (have(mpitype, sizeof(ctype))) {                       \
            ARITHMETIC(ctype, mpitype);                           \
            BITWISE(ctype, mpitype);                              \
        }                                                         \
    } while (0)

#define FLOATING(ctype, mpitype)                                  \
    do {                                                          \
        if (have(mpitype, sizeof(ctype))) {                       \
            ARITHMETIC(ctype, mpitype);                           \
        }                                                         \
    } while (0)

#define COMPLEX(ctype, mpitype)                                   \
    do {                                                          \
        if (have(mpitype, sizeof(ctype))) {                       \
            TRY(ctype, mpitype, MPI_SUM, 0, a + b, EXACT);        \
            TRY(ctype, mpitype, MPI_PROD, 1, a *b, EXACT);        \
        }                                                         \
    } while (0)

static void integers(void)
{
    C_INTEGER(int, MPI_INT);
    C_INTEGER(long, MPI_LONG);
    C_INTEGER(short, MPI_SHORT);
    C_INTEGER(unsigned short, MPI_UNSIGNED_SHORT);
    C_INTEGER(unsigned, MPI_UNSIGNED);
    C_INTEGER(unsigned long, MPI_UNSIGNED_LONG);
    C_INTEGER(long long, MPI_LONG_LONG_INT);
    C_INTEGER(long long, MPI_LONG_LONG);
    C_INTEGER(unsigned long long, MPI_UNSIGNED_LONG_LONG);
    C_INTEGER(signed char, MPI_SIGNED_CHAR);
    C_INTEGER(unsigned char, MPI_UNSIGNED_CHAR);
    C_INTEGER(int8_t, MPI_INT8_T);
    C_INTEGER(int16_t, MPI_INT16_T);
    C_INTEGER(int32_t, MPI_INT32_T);
    C_INTEGER(int64_t, MPI_INT64_T);
    C_INTEGER(uint8_t, MPI_UINT8_T);
    C_INTEGER(uint16_t, MPI_UINT16_T);
    C_INTEGER(uint32_t, MPI_UINT32_T);
    C_INTEGER(uint64_t, MPI_UINT64_T);
    OTHER_INTEGER(MPI_Aint, MPI_AINT);
    OTHER_INTEGER(MPI_Offset, MPI_OFFSET);
    OTHER_INTEGER(MPI_Count, MPI_COUNT);
    OTHER_INTEGER(int32_t, MPI_INTEGER);
    OTHER_INTEGER(int8_t, MPI_INTEGER1);
    OTHER_INTEGER(int16_t, MPI_INTEGER2);
    OTHER_INTEGER(int32_t, MPI_INTEGER4);
    OTHER_INTEGER(int64_t, MPI_INTEGER8);
}

static void others(void)
{
    FLOATING(float, MPI_FLOAT);
    FLOATING(double, MPI_DOUBLE);
    FLOATING(long double, MPI_LONG_DOUBLE);
    FLOATING(float, MPI_REAL);
    FLOATING(double, MPI_DOUBLE_PRECISION);
    FLOATING(float, MPI_REAL4);
    FLOATING(double, MPI_REAL8);
    COMPLEX(float complex, MPI_C_COMPLEX);
    COMPLEX(float complex, MPI_C_FLOAT_COMPLEX);
    COMPLEX(double complex, MPI_C_DOUBLE_COMPLEX);
    COMPLEX(long double complex, MPI_C_LONG_DOUBLE_COMPLEX);
    COMPLEX(float complex, MPI_COMPLEX);
    COMPLEX(double complex, MPI_DOUBLE_COMPLEX);
    COMPLEX(float complex, MPI_COMPLEX8);
    COMPLEX(double complex, MPI_COMPLEX16);
    if (have(MPI_C_BOOL, sizeof(bool))) {
        LOGICAL(bool, MPI_C_BOOL);
    }
    if (have(MPI_LOGICAL, sizeof(int))) {
        TRY(int, MPI_LOGICAL, MPI_LAND, 1, a &&b, AS_TRUTH);
        TRY(int, MPI_LOGICAL, MPI_LOR, 1, a || b, AS_TRUTH);
    }
    BITWISE(unsigned char, MPI_BYTE);
}

/* Complex products need imaginary parts, signed types need signs. */
static void signs(void)
{
    double complex z = me + 1 + (me - 1.0) * I, product = 1, got;
    long double complex w = (long double)me - 2 * I, sum = 0, total;
    int64_t low = INT64_MIN + me, lowest;
    uint64_t high = UINT64_MAX - (uint64_t)me, highest;
    int8_t small = (int8_t)(-100 - me), smallest;
    uint8_t byte = (uint8_t)(250 + me), largest;
    float f = -1.5f * (float)me - 1, least;
    int r;

    for (r = 0; r < np; r++) {
        product *= r + 1 + (r - 1.0) * I;
        sum += (long double)r - 2 * I;
    }
    OK(MPI_Allreduce(&z, &got, 1, MPI_C_DOUBLE_COMPLEX, MPI_PROD, MPI_COMM_WORLD));
    CHECK(cabs(got - product) < 1e-9);
    OK(MPI_Allreduce(&w, &total, 1, MPI_C_LONG_DOUBLE_COMPLEX, MPI_SUM, MPI_COMM_WORLD));
    CHECK(total == sum);
    OK(MPI_Allreduce(&low, &lowest, 1, MPI_INT64_T, MPI_MIN, MPI_COMM_WORLD));
    CHECK(lowest == INT64_MIN);
    OK(MPI_Allreduce(&low, &lowest, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD));
    CHECK(lowest == INT64_MIN + np - 1);
    OK(MPI_Allreduce(&high, &highest, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD));
    CHECK(highest == UINT64_MAX);
    OK(MPI_Allreduce(&high, &highest, 1, MPI_UINT64_T, MPI_MIN, MPI_COMM_WORLD));
    CHECK(highest == UINT64_MAX - (uint64_t)(np - 1));
    OK(MPI_Allreduce(&small, &smallest, 1, MPI_INT8_T, MPI_MIN, MPI_COMM_WORLD));
    EQUAL(smallest, -100 - (np - 1));
    OK(MPI_Allreduce(&byte, &largest, 1, MPI_UINT8_T, MPI_MAX, MPI_COMM_WORLD));
    EQUAL(largest, 250 + np - 1);
    OK(MPI_Allreduce(&f, &least, 1, MPI_FLOAT, MPI_MIN, MPI_COMM_WORLD));
    CHECK(least == -1.5f * (float)(np - 1) - 1);
}

/* Extremes with the place where they are; of equal ones the lowest place. */
#define PAIR(ctype, mpitype, op, better)                                                              \
    do {                                                                                              \
        struct pair {                                                                                 \
            ctype value;                                                                              \
            int place;                                                                                \
        } in[LARGEST], out[LARGEST];                                                                  \
        int k, i, r;                                                                                  \
        for (k = 0; k < KINDS; k++) {                                                                 \
            for (i = 0; i < SIZES[k]; i++) {                                                          \
                in[i].value = (ctype)input(me, i, 1);                                                 \
                in[i].place = np - me; /* so that the lowest place is not the first rank's */         \
            }                                                                                         \
            OK(MPI_Allreduce(in, out, SIZES[k], mpitype, op, MPI_COMM_WORLD));                        \
            for (i = 0; i < SIZES[k]; i++) {                                                          \
                ctype a = (ctype)input(0, i, 1), b;                                                   \
                int place = np;                                                                       \
                for (r = 1; r < np; r++) {                                                            \
                    b = (ctype)input(r, i, 1);                                                        \
                    if (b better a || b == a)                                                         \
                        a = b, place = np - r;                                                        \
                }                                                                                     \
                if (out[i].value != a || out[i].place != place)                                       \
                    check_failed(__FILE__, __LINE__, "%s with %s: element %d of %d is wrong", #mpitype, #op, i, SIZES[k]); \
            }                                                                                         \
        }                                                                                             \
        reductions++;                                                                                 \
    } while (0)

static void places(void)
{
    PAIR(int, MPI_2INT, MPI_MAXLOC, >);
    PAIR(int, MPI_2INT, MPI_MINLOC, <);
    PAIR(float, MPI_FLOAT_INT, MPI_MAXLOC, >);
    PAIR(float, MPI_FLOAT_INT, MPI_MINLOC, <);
    PAIR(double, MPI_DOUBLE_INT, MPI_MAXLOC, >);
    PAIR(double, MPI_DOUBLE_INT, MPI_MINLOC, <);
    PAIR(long, MPI_LONG_INT, MPI_MAXLOC, >);
    PAIR(long, MPI_LONG_INT, MPI_MINLOC, <);
    PAIR(short, MPI_SHORT_INT, MPI_MAXLOC, >);
    PAIR(short, MPI_SHORT_INT, MPI_MINLOC, <);
    PAIR(long double, MPI_LONG_DOUBLE_INT, MPI_MAXLOC, >);
    PAIR(long double, MPI_LONG_DOUBLE_INT, MPI_MINLOC, <);
}

/* Long vectors, where other algorithms are at work. */
static void long_vectors(void)
{
    enum { N = 300007 };
    double *in = get(N * sizeof *in), *out = get(N * sizeof *out), want;
    int *a = get(N * sizeof *a), *b = get(N * sizeof *b), i, r, most;

    for (i = 0; i < N; i++) {
        in[i] = input(me, i, 0);
        a[i] = input(me, i, 0);
    }
    OK(MPI_Allreduce(in, out, N, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
    OK(MPI_Allreduce(a, b, N, MPI_INT, MPI_MAX, MPI_COMM_WORLD));
    for (i = 0; i < N; i++) {
        for (want = 0, most = 0, r = 0; r < np; r++) {
            int v = input(r, i, 0);

            want += v;
            most = v > most ? v : most;
        }
        CHECK(out[i] == want);
        EQUAL(b[i], most);
    }
    free(in);
    free(out);
    free(a);
    free(b);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    integers();
    others();
    signs();
    places();
    long_vectors();
    CHECK(reductions > 200);
    return test_end();
}
