/* Says which rank of how many it is; with an argument, also how many there is room for. */
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
    int rank, size, *universe, flag;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    printf("rank %d of %d\n", rank, size);
    MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_UNIVERSE_SIZE, &universe, &flag);
    if (argc > 1) printf("universe %d\n", flag ? *universe : -1);
    MPI_Finalize();
    return 0;
}
