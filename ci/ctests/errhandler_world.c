/* ranks: 1 */
/* A program that has set the handler of MPI_COMM_WORLD alone, as programs before MPI 4.0 did, gets the errors that
   concern no communicator too. MPI 4.0 and later would leave them to MPI_COMM_SELF: this one is for Rankwise. */
#include "check.h"

int main(int argc, char **argv)
{
    MPI_Info info = MPI_INFO_NULL;
    MPI_Comm comm, copy;

    OK(MPI_Init(&argc, &argv));
    OK(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
    MPI_Comm_rank(MPI_COMM_WORLD, &me);
    FAILS(MPI_Info_free(&info), MPI_ERR_INFO);
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    copy = comm;
    OK(MPI_Comm_free(&comm));
    FAILS(MPI_Barrier(copy), MPI_ERR_COMM);
    return test_end();
}
