/* A world of one that sends messages of every kind to itself and never receives them. The program is wrong; it ends all
 * the same, and is told. */
#include <mpi.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const int long_one = 1 << 20;
    char *memory = calloc(2, (size_t)long_one);
    MPI_Request request;
    MPI_Datatype every_second;

    MPI_Init(&argc, &argv);
    MPI_Type_vector(long_one, 1, 2, MPI_CHAR, &every_second);
    MPI_Type_commit(&every_second);
    MPI_Send(memory, 1, MPI_CHAR, 0, 0, MPI_COMM_WORLD);
    MPI_Issend(memory, 1, MPI_CHAR, 0, 0, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
    MPI_Isend(memory, long_one, MPI_CHAR, 0, 0, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
    MPI_Isend(memory, 1, every_second, 0, 0, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
    MPI_Type_free(&every_second);
    MPI_Finalize();
    free(memory);
    return 0;
}
