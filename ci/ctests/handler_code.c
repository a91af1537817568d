/* ranks: 1 */
/* After a user's error handler has returned, the call returns the error code that the handler was given. */
#include "check.h"

static int given;

static void handler(MPI_Comm *comm, int *code, ...)
{
    (void)comm;
    given = *code;
}

int main(int argc, char **argv)
{
    MPI_Errhandler mine;
    MPI_Comm comm;
    int value = 0, code;

    test_begin(&argc, &argv);
    OK(MPI_Comm_create_errhandler(handler, &mine));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    OK(MPI_Comm_set_errhandler(comm, mine));
    code = MPI_Send(&value, 1, MPI_INT, 0, -5, comm);
    EQUAL(class_of(given), MPI_ERR_TAG);
    EQUAL(code, given);
    OK(MPI_Errhandler_free(&mine));
    OK(MPI_Comm_free(&comm));
    return test_end();
}
