/* ranks: 1 2 3 4 7 */
/* A user's own operators: in rank order when they do not commute, over any datatype. */
#include "check.h"

enum { P = 1000003, LARGEST = 20000 };

/* 2 x 2 matrices modulo a prime: multiplication is associative and does not commute. */
struct matrix {
    int a[4];
};

static struct matrix times(struct matrix x, struct matrix y)
{
    struct matrix z;
    int i, j;

    for (i = 0; i < 2; i++)
        for (j = 0; j < 2; j++)
            z.a[2 * i + j] = (int)(((long long)x.a[2 * i] * y.a[j] + (long long)x.a[2 * i + 1] * y.a[2 + j]) % P);
    return z;
}

static MPI_Datatype expected_type;
static long calls;

/* inout = in op inout: `in` comes from the lower ranks. */
static void multiply(void *in, void *inout, int *length, MPI_Datatype *type)
{
    struct matrix *x = in, *y = inout;
    int i;

    CHECK(*type == expected_type);
    calls++;
    for (i = 0; i < *length; i++)
        y[i] = times(x[i], y[i]);
}

static void add(void *in, void *inout, int *length, MPI_Datatype *type)
{
    int *x = in, *y = inout, i;

    CHECK(*type == MPI_INT);
    for (i = 0; i < *length; i++)
        y[i] = (x[i] + y[i]) % P;
}

static struct matrix of(int rank, int i)
{
    struct matrix m = {{rank + 2, i % 100 + 1, rank * 3 + 1, i % 7 + 5}};

    return m;
}

/* The product of ranks first..last. */
static struct matrix product(int first, int last, int i)
{
    struct matrix m = of(first, i);

    while (first++ < last)
        m = times(m, of(first, i));
    return m;
}

#define SAME(got, want) CHECK(!memcmp(&(got), &(want), sizeof(struct matrix)))

#if AT_LEAST(4, 0)
static void multiply_c(void *in, void *inout, MPI_Count *length, MPI_Datatype *type)
{
    int n = (int)*length;

    multiply(in, inout, &n, type);
}

/* An operator that counts with MPI_Count, in calls of either kind. */
static void large_counts(void)
{
    MPI_Op op;
    struct matrix mine = of(me, 3), all, want = product(0, np - 1, 3), pair[2] = {of(1, 2), of(3, 4)};

    OK(MPI_Op_create_c(multiply_c, 0, &op));
    OK(MPI_Allreduce(&mine, &all, 1, expected_type, op, MPI_COMM_WORLD));
    SAME(all, want);
    OK(MPI_Allreduce_c(&mine, &all, 1, expected_type, op, MPI_COMM_WORLD));
    SAME(all, want);
    OK(MPI_Reduce_local_c(&pair[0], &pair[1], 1, expected_type, op));
    want = times(of(1, 2), of(3, 4));
    SAME(pair[1], want);
    OK(MPI_Op_free(&op));
}
#endif

static void in_order(MPI_Op op, int n)
{
    struct matrix *in = get((size_t)n * np * sizeof *in), *out = get((size_t)n * np * sizeof *out), want;
    int *counts = get((size_t)np * sizeof *counts), i, root, start, r;

    for (i = 0; i < n; i++)
        in[i] = of(me, i);
    OK(MPI_Allreduce(in, out, n, expected_type, op, MPI_COMM_WORLD));
    for (i = 0; i < n; i++) {
        want = product(0, np - 1, i);
        SAME(out[i], want);
        want = of(me, i);
        SAME(in[i], want);
    }
    memcpy(out, in, (size_t)n * sizeof *in);
    OK(MPI_Allreduce(MPI_IN_PLACE, out, n, expected_type, op, MPI_COMM_WORLD));
    for (i = 0; i < n; i++) {
        want = product(0, np - 1, i);
        SAME(out[i], want);
    }
    for (root = 0; root < np; root++) {
        memcpy(out, in, (size_t)n * sizeof *in);
        OK(MPI_Reduce(me == root && n % 2 ? MPI_IN_PLACE : (void *)in, out, n, expected_type, op, root, MPI_COMM_WORLD));
        for (i = 0; me == root && i < n; i++) {
            want = product(0, np - 1, i);
            SAME(out[i], want);
        }
    }
    OK(MPI_Scan(in, out, n, expected_type, op, MPI_COMM_WORLD));
    for (i = 0; i < n; i++) {
        want = product(0, me, i);
        SAME(out[i], want);
    }
    OK(MPI_Exscan(in, out, n, expected_type, op, MPI_COMM_WORLD));
    for (i = 0; me > 0 && i < n; i++) {
        want = product(0, me - 1, i);
        SAME(out[i], want);
    }
    for (i = 0; i < n * np; i++)
        in[i] = of(me, i);
    OK(MPI_Reduce_scatter_block(in, out, n, expected_type, op, MPI_COMM_WORLD));
    for (i = 0; i < n; i++) {
        want = product(0, np - 1, me * n + i);
        SAME(out[i], want);
    }
    for (r = 0; r < np; r++)
        counts[r] = r == 0 ? 0 : n; /* one rank gets nothing */
    OK(MPI_Reduce_scatter(in, out, counts, expected_type, op, MPI_COMM_WORLD));
    start = me == 0 ? 0 : (me - 1) * n;
    for (i = 0; i < counts[me]; i++) {
        want = product(0, np - 1, start + i);
        SAME(out[i], want);
    }
    free(in);
    free(out);
    free(counts);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {0, 1, 2, 7, 1000, LARGEST};
    MPI_Op matrices, sums;
    struct matrix m[2];
    int i, k, flag, *a = get(LARGEST * sizeof *a), *b = get(LARGEST * sizeof *b);

    test_begin(&argc, &argv);
    OK(MPI_Type_contiguous(4, MPI_INT, &expected_type));
    OK(MPI_Type_commit(&expected_type));
    OK(MPI_Op_create(multiply, 0, &matrices));
    OK(MPI_Op_create(add, 1, &sums));
    OK(MPI_Op_commutative(matrices, &flag));
    CHECK(!flag);
    OK(MPI_Op_commutative(sums, &flag));
    CHECK(flag);
    OK(MPI_Op_commutative(MPI_SUM, &flag));
    CHECK(flag);

    m[0] = of(1, 2);
    m[1] = of(3, 4);
    OK(MPI_Reduce_local(&m[0], &m[1], 1, expected_type, matrices));
    m[0] = times(of(1, 2), of(3, 4));
    SAME(m[1], m[0]);
    EQUAL(calls, 1);

#if AT_LEAST(4, 0)
    large_counts();
#endif
    for (i = 0; i < 6; i++) {
        in_order(matrices, sizes[i]);
        for (k = 0; k < sizes[i]; k++)
            a[k] = me * 13 + k;
        OK(MPI_Allreduce(a, b, sizes[i], MPI_INT, sums, MPI_COMM_WORLD));
        for (k = 0; k < sizes[i]; k++)
            EQUAL(b[k], (13 * np * (np - 1) / 2 + np * k) % P);
    }
    OK(MPI_Op_free(&matrices));
    CHECK(matrices == MPI_OP_NULL);
    OK(MPI_Op_free(&sums));
    OK(MPI_Type_free(&expected_type));
    free(a);
    free(b);
    return test_end();
}
