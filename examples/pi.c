/* pi: the area under 4 / (1 + x^2) between 0 and 1, its strips shared out among the ranks.
 *
 *     mpirun -n 4 pi [strips]
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const double pi = 3.14159265358979323846;
    long strips = 0, i;
    double part = 0.0, area = 0.0, start;
    int rank, size;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);

    /* Only rank 0 looks at the command line; the others are told. */
    if (rank == 0)
        strips = argc > 1 ? atol(argv[1]) : 100000000;
    start = MPI_Wtime();
    MPI_Bcast(&strips, 1, MPI_LONG, 0, MPI_COMM_WORLD);

    for (i = rank; i < strips; i += size) {
        double x = (i + 0.5) / strips;

        part += 4.0 / (1.0 + x * x) / strips;
    }
    MPI_Reduce(&part, &area, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);

    if (rank == 0) {
        printf("pi is about %.15f, off by %.1e\n", area, area > pi ? area - pi : pi - area);
        printf("%ld strips, %d ranks, %.3f s\n", strips, size, MPI_Wtime() - start);
    }
    MPI_Finalize();
    return 0;
}
