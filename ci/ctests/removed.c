/* ranks: 1 2 */
/* Names that MPI-3.0 removed, where mpi.h still has them. */
#include "check.h"

#if defined(MPI_LB) && defined(MPI_UB)
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static int heard;

static void hear(MPI_Comm *comm, int *code, ...)
{
    (void)comm, (void)code;
    heard++;
}

static void types(void)
{
    struct thing {
        int number;
        double part;
    } things[2];
    MPI_Aint first, places[4], extent, lb, ub;
    MPI_Datatype olds[4] = {MPI_LB, MPI_INT, MPI_DOUBLE, MPI_UB}, type, rows;
    int lengths[4] = {1, 1, 1, 1}, size, n, addresses, kinds, combiner;

    OK(MPI_Address(&things[0], &first));
    OK(MPI_Address(&things[0].part, &places[2]));
    places[0] = -4;
    places[1] = 0;
    places[2] -= first;
    EQUAL(places[2], offsetof(struct thing, part));
    places[3] = 40;
    OK(MPI_Type_struct(4, lengths, places, olds, &type));
    OK(MPI_Type_extent(type, &extent));
    OK(MPI_Type_lb(type, &lb));
    OK(MPI_Type_ub(type, &ub));
    CHECK(extent == 44 && lb == -4 && ub == 40);
    OK(MPI_Type_size(type, &size));
    EQUAL(size, 12);
    OK(MPI_Type_get_envelope(type, &n, &addresses, &kinds, &combiner));
    CHECK(combiner == MPI_COMBINER_STRUCT && n == 5 && addresses == 4 && kinds == 4);
    CHECK(combiner != MPI_COMBINER_STRUCT_INTEGER);
    CHECK(MPI_COMBINER_HVECTOR_INTEGER != MPI_COMBINER_HVECTOR);
    CHECK(MPI_COMBINER_HINDEXED_INTEGER != MPI_COMBINER_HINDEXED);
    /* The markers go on outweighing the data. */
    OK(MPI_Type_hvector(2, 1, 100, type, &rows));
    OK(MPI_Type_extent(rows, &extent));
    EQUAL(extent, 144);
    OK(MPI_Type_free(&rows));
    places[0] = 8;
    places[1] = 0;
    OK(MPI_Type_hindexed(2, lengths, places, MPI_INT, &rows));
    OK(MPI_Type_ub(rows, &ub));
    EQUAL(ub, 12);
    OK(MPI_Type_free(&rows));
    OK(MPI_Type_free(&type));
}

static void handlers(void)
{
    MPI_Handler_function *function = hear;
    MPI_Errhandler mine, now;

    OK(MPI_Errhandler_create(function, &mine));
    OK(MPI_Errhandler_set(MPI_COMM_WORLD, mine));
    CHECK(MPI_Send(&heard, 1, MPI_INT, np, 0, MPI_COMM_WORLD) != MPI_SUCCESS);
    EQUAL(heard, 1);
    OK(MPI_Errhandler_get(MPI_COMM_WORLD, &now));
    CHECK(now == mine);
    OK(MPI_Errhandler_set(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
    OK(MPI_Errhandler_free(&now));
    OK(MPI_Errhandler_free(&mine));
    CHECK(MPI_Send(&heard, 1, MPI_INT, np, 0, MPI_COMM_WORLD) != MPI_SUCCESS);
    EQUAL(heard, 1);
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if defined(MPI_LB) && defined(MPI_UB)
    types();
    handlers();
#endif
    return test_end();
}
