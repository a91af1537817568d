/* ring: a token visits every rank in turn; each rank adds its number to it.
 *
 *     mpirun -n 4 ring [laps]
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int rank, size, laps, lap, wrong = 0;
    long token = 0;
    double start;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    laps = argc > 1 ? atoi(argv[1]) : 1000;

    int next = (rank + 1) % size;
    int previous = (rank + size - 1) % size;

    MPI_Barrier(MPI_COMM_WORLD);
    start = MPI_Wtime();
    for (lap = 0; lap < laps && size > 1; lap++) {
        /* Rank 0 starts each lap and ends it: all others wait for the token first. */
        if (rank == 0) {
            MPI_Send(&token, 1, MPI_LONG, next, 0, MPI_COMM_WORLD);
            MPI_Recv(&token, 1, MPI_LONG, previous, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(&token, 1, MPI_LONG, previous, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            token += rank;
            MPI_Send(&token, 1, MPI_LONG, next, 0, MPI_COMM_WORLD);
        }
    }

    if (rank == 0) {
        double seconds = MPI_Wtime() - start;
        long expected = size > 1 ? (long)laps * size * (size - 1) / 2 : 0;

        printf("%d laps around %d ranks: token = %ld (expected %ld)\n", laps, size, token, expected);
        if (size > 1 && laps > 0)
            printf("%.3f us from one rank to the next\n", seconds / laps / size * 1e6);
        wrong = token != expected;
    }
    MPI_Finalize();
    return wrong;
}
