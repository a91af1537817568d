/* ranks: 1 2 4 6 */
/* Distributed arrays: every rank sends its part, and the whole is put together again; mistakes; how it was made. */
#include "check.h"

enum { MOST = 3 };

/* Who owns place `index` of a dimension, by the words of the standard. */
static int owner(int kind, int argument, int size, int shares, int index)
{
    if (kind == MPI_DISTRIBUTE_NONE)
        return 0;
    if (argument == MPI_DISTRIBUTE_DFLT_DARG)
        argument = kind == MPI_DISTRIBUTE_BLOCK ? (size + shares - 1) / shares : 1;
    return index / argument % shares;
}

/* The rank that owns element `place`, which counts from the first dimension (Fortran) or from the last one (C). */
static int rank_of(int dims, const int *sizes, const int *kinds, const int *arguments, const int *grid, int order, int place)
{
    int at[MOST] = {0, 0, 0}, i, rank = 0;

    for (i = 0; i < dims; i++) {
        int dim = order == MPI_ORDER_C ? dims - 1 - i : i;

        at[dim] = place % sizes[dim];
        place /= sizes[dim];
    }
    for (i = 0; i < dims; i++)
        rank = rank * grid[i] + owner(kinds[i], arguments[i], sizes[i], grid[i], at[i]);
    return rank;
}

static void together(int dims, const int *sizes, const int *kinds, const int *arguments, const int *grid, int order, int large)
{
    int n = 1, mine = 0, i, k, size, *whole, *part;
    MPI_Datatype type;
    MPI_Request request;
    MPI_Aint lb, extent;

    for (i = 0; i < dims; i++)
        n *= sizes[i];
    whole = get((size_t)n * sizeof *whole);
    part = get((size_t)n * sizeof *part);
    for (i = 0; i < n; i++) {
        whole[i] = -1;
        if (rank_of(dims, sizes, kinds, arguments, grid, order, i) == me)
            part[mine++] = i;
    }
    OK(MPI_Isend(part, mine, MPI_INT, 0, 7, MPI_COMM_WORLD, &request));
    for (k = 0; me == 0 && k < np; k++) {
        if (large) {
#if AT_LEAST(4, 0)
            MPI_Count wide[MOST];

            for (i = 0; i < dims; i++)
                wide[i] = sizes[i];
            OK(MPI_Type_create_darray_c(np, k, dims, wide, kinds, arguments, grid, order, MPI_INT, &type));
#endif
        } else
            OK(MPI_Type_create_darray(np, k, dims, sizes, kinds, arguments, grid, order, MPI_INT, &type));
        OK(MPI_Type_commit(&type));
        OK(MPI_Type_get_extent(type, &lb, &extent));
        EQUAL(lb, 0);
        EQUAL(extent, n * (int)sizeof(int));
        OK(MPI_Type_size(type, &size));
        if (k == 0)
            EQUAL(size, mine * (int)sizeof(int));
        OK(MPI_Recv(whole, 1, type, k, 7, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        OK(MPI_Type_free(&type));
    }
    for (i = 0; me == 0 && i < n; i++)
        EQUAL(whole[i], i);
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    free(whole);
    free(part);
}

static void mistakes(void)
{
    const int size = 8, block = MPI_DISTRIBUTE_BLOCK, cyclic = MPI_DISTRIBUTE_CYCLIC, none = MPI_DISTRIBUTE_NONE;
    const int dflt = MPI_DISTRIBUTE_DFLT_DARG, zero = 0, one = 1, three = 3, four = 4;
    MPI_Datatype type;

    FAILS(MPI_Type_create_darray(4, 4, 1, &size, &block, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, -1, 1, &size, &block, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 0, &size, &block, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &zero, &block, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &zero, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &block, &one, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &cyclic, &zero, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &none, &dflt, &four, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &block, &dflt, &three, MPI_ORDER_C, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &block, &dflt, &four, 3, MPI_INT, &type), MPI_ERR_ARG);
    FAILS(MPI_Type_create_darray(4, 0, 1, &size, &block, &dflt, &four, MPI_ORDER_C, MPI_DATATYPE_NULL, &type),
          MPI_ERR_TYPE);
}

static void made_of(void)
{
    int sizes[2] = {5, 6}, kinds[2] = {MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC}, arguments[2] = {3, 2}, grid[2] = {2, 3};
    static const int want[] = {6, 5, 2, 5, 6, MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC, 3, 2, 2, 3, MPI_ORDER_FORTRAN};
    int integers, addresses, types, combiner, i, got[12];
    MPI_Aint none[1];
    MPI_Datatype type, old[1];

    OK(MPI_Type_create_darray(6, 5, 2, sizes, kinds, arguments, grid, MPI_ORDER_FORTRAN, MPI_INT, &type));
    OK(MPI_Type_get_envelope(type, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_DARRAY);
    CHECK(integers == 12 && addresses == 0 && types == 1);
    OK(MPI_Type_get_contents(type, 12, 0, 1, got, none, old));
    for (i = 0; i < 12; i++)
        EQUAL(got[i], want[i]);
    CHECK(old[0] == MPI_INT);
    OK(MPI_Type_free(&type));
#if AT_LEAST(4, 0)
    {
        MPI_Count wide[2] = {(MPI_Count)3 << 32, 6}, count[5], size, large[2];

        OK(MPI_Type_create_darray_c(6, 5, 2, wide, kinds, (int[]){MPI_DISTRIBUTE_DFLT_DARG, 2}, grid, MPI_ORDER_C, MPI_INT,
                                    &type));
        OK(MPI_Type_size_c(type, &size));
        EQUAL(size, ((MPI_Count)3 << 31) * 2 * 4);
        OK(MPI_Type_get_envelope_c(type, &count[0], &count[1], &count[2], &count[3], &combiner));
        CHECK(count[0] == 10 && count[1] == 0 && count[2] == 2 && count[3] == 1);
        OK(MPI_Type_get_contents_c(type, 10, 0, 2, 1, got, none, large, old));
        EQUAL(large[0], wide[0]);
        CHECK(got[0] == 6 && got[1] == 5 && got[2] == 2 && got[3] == MPI_DISTRIBUTE_BLOCK && got[9] == MPI_ORDER_C);
        FAILS(MPI_Type_get_envelope(type, &integers, &addresses, &types, &combiner), MPI_ERR_TYPE);
        OK(MPI_Type_free(&type));
    }
#endif
}

int main(int argc, char **argv)
{
    static const int kind[] = {MPI_DISTRIBUTE_NONE, MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC};
    unsigned state = 5;
    int round;

    test_begin(&argc, &argv);
    for (round = 0; round < 200; round++) {
        int dims = 1 + (int)(draw(&state) % MOST), left = np, i, sizes[MOST], kinds[MOST], arguments[MOST], grid[MOST];

        for (i = 0; i < dims; i++) {
            sizes[i] = 1 + (int)(draw(&state) % 9);
            grid[i] = i == dims - 1 ? left : left % 2 == 0 && draw(&state) % 2 ? 2 : 1;
            left /= grid[i];
            kinds[i] = kind[grid[i] == 1 ? draw(&state) % 3 : 1 + draw(&state) % 2];
            arguments[i] = draw(&state) % 2 ? MPI_DISTRIBUTE_DFLT_DARG : 1 + (int)(draw(&state) % 4);
            if (kinds[i] == MPI_DISTRIBUTE_BLOCK && arguments[i] * grid[i] < sizes[i])
                arguments[i] = MPI_DISTRIBUTE_DFLT_DARG;
        }
        together(dims, sizes, kinds, arguments, grid, round % 2 ? MPI_ORDER_C : MPI_ORDER_FORTRAN,
                 AT_LEAST(4, 0) && round % 3 == 0);
    }
    mistakes();
    made_of();
    return test_end();
}
