/* A program that AddressSanitizer must report: the library is asked to write beyond the end of a buffer. */
#include <mpi.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int rank;
    char *buffer = calloc(1, 100), message[200] = {0};

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0)
        MPI_Recv(buffer, 200, MPI_CHAR, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    else
        MPI_Send(message, 200, MPI_CHAR, 0, 0, MPI_COMM_WORLD);
    MPI_Finalize();
    free(buffer);
    return 0;
}
