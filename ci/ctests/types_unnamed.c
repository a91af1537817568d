/* ranks: 1 2 */
/* Predefined types without a name: Fortran's kinds, pairs of a value and an index; types by their size. */
#include "check.h"

static int size_of(MPI_Datatype type)
{
    int size;

    OK(MPI_Type_size(type, &size));
    return size;
}

static void kinds(void)
{
    MPI_Datatype a, b, c, outer, old[1];
    int integers, addresses, types, combiner, got[2], k;
    MPI_Aint none[1];

    OK(MPI_Type_create_f90_real(6, 30, &a));
    EQUAL(size_of(a), 4);
    OK(MPI_Type_create_f90_real(15, MPI_UNDEFINED, &a));
    EQUAL(size_of(a), 8);
    OK(MPI_Type_create_f90_real(MPI_UNDEFINED, 300, &b));
    EQUAL(size_of(b), 8);
    CHECK(a != b);
    OK(MPI_Type_create_f90_real(15, MPI_UNDEFINED, &c));
    CHECK(a == c);
    OK(MPI_Type_get_envelope(a, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_F90_REAL);
    CHECK(integers == 2 && addresses == 0 && types == 0);
    OK(MPI_Type_get_contents(a, 2, 0, 0, got, none, old));
    CHECK(got[0] == 15 && got[1] == MPI_UNDEFINED);
    OK(MPI_Type_create_f90_complex(15, 300, &b));
    EQUAL(size_of(b), 16);
    OK(MPI_Type_get_envelope(b, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_F90_COMPLEX);
    OK(MPI_Type_create_f90_integer(9, &c));
    EQUAL(size_of(c), 4);
    OK(MPI_Type_get_envelope(c, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_F90_INTEGER);
    EQUAL(integers, 1);
    OK(MPI_Type_get_contents(c, 1, 0, 0, got, none, old));
    EQUAL(got[0], 9);
    for (k = 1; k <= 18; k++) {
        OK(MPI_Type_create_f90_integer(k, &b));
        EQUAL(size_of(b), k <= 2 ? 1 : k <= 4 ? 2 : k <= 9 ? 4 : 8);
    }
    /* They are part of others as they are, are committed and not freed. */
    OK(MPI_Type_contiguous(2, a, &outer));
    OK(MPI_Type_get_contents(outer, 1, 0, 1, got, none, old));
    CHECK(old[0] == a);
    OK(MPI_Type_free(&outer));
    b = a;
    CHECK(MPI_Type_free(&b) != MPI_SUCCESS);
    {
        double x[2] = {me + 1.0, 2.0}, sum[2];

        OK(MPI_Allreduce(x, sum, 2, a, MPI_SUM, MPI_COMM_WORLD));
        CHECK(sum[0] == np * (np + 1) / 2 && sum[1] == 2.0 * np);
    }
    FAILS(MPI_Type_create_f90_real(MPI_UNDEFINED, MPI_UNDEFINED, &a), MPI_ERR_ARG);
    FAILS(MPI_Type_create_f90_real(100, 10, &a), MPI_ERR_ARG);
    FAILS(MPI_Type_create_f90_complex(10, 100000, &a), MPI_ERR_ARG);
    FAILS(MPI_Type_create_f90_integer(100, &a), MPI_ERR_ARG);
}

#if AT_LEAST(4, 1)
static void pairs(void)
{
    struct {
        long long value;
        long long index;
    } x = {me % 2 ? 5 : 9, me}, least;
    MPI_Datatype type, again, parts[2];
    int integers, addresses, types, combiner;

    OK(MPI_Type_get_value_index(MPI_DOUBLE, MPI_INT, &type));
    CHECK(type == MPI_DOUBLE_INT);
    OK(MPI_Type_get_value_index(MPI_INT, MPI_INT, &type));
    CHECK(type == MPI_2INT);
    OK(MPI_Type_get_value_index(MPI_INT, MPI_DOUBLE, &type));
    CHECK(type == MPI_DATATYPE_NULL);
    OK(MPI_Type_get_value_index(MPI_LONG_LONG, MPI_LONG_LONG, &type));
    if (type == MPI_DATATYPE_NULL)
        return;
    OK(MPI_Type_get_value_index(MPI_LONG_LONG, MPI_LONG_LONG, &again));
    CHECK(type == again);
    OK(MPI_Allreduce(&x, &least, 1, type, MPI_MINLOC, MPI_COMM_WORLD));
    EQUAL(least.value, np > 1 ? 5 : 9);
    EQUAL(least.index, np > 1 ? 1 : 0);
    CHECK(MPI_Allreduce(&x, &least, 1, type, MPI_SUM, MPI_COMM_WORLD) != MPI_SUCCESS);
    OK(MPI_Type_get_envelope(type, &integers, &addresses, &types, &combiner));
#if AT_LEAST(5, 0)
    EQUAL(combiner, MPI_COMBINER_VALUE_INDEX);
#endif
    CHECK(integers == 0 && addresses == 0 && types == 2);
    OK(MPI_Type_get_contents(type, 0, 0, 2, &integers, NULL, parts));
    CHECK(parts[0] == MPI_LONG_LONG && parts[1] == MPI_LONG_LONG);
    CHECK(MPI_Type_free(&again) != MPI_SUCCESS);
}
#endif

static void sizes(void)
{
    MPI_Datatype type;
    int k;

    for (k = 1; k <= 8; k *= 2) {
        OK(MPI_Type_match_size(MPI_TYPECLASS_INTEGER, k, &type));
        EQUAL(size_of(type), k);
    }
    OK(MPI_Type_match_size(MPI_TYPECLASS_REAL, 8, &type));
    EQUAL(size_of(type), 8);
    OK(MPI_Type_match_size(MPI_TYPECLASS_COMPLEX, 16, &type));
    EQUAL(size_of(type), 16);
    FAILS(MPI_Type_match_size(MPI_TYPECLASS_REAL, 3, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_match_size(1, 4, &type), MPI_ERR_ARG);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    kinds();
#if AT_LEAST(4, 1)
    pairs();
#endif
    sizes();
    return test_end();
}
