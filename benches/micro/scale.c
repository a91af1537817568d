/* What a job of many ranks costs: run it with more and more of them.
 *
 * Every rank talks to every other one, 8 bytes each. `memory` is what a rank then takes for itself, in the mean of all: its
 * private pages, and of those that it shares its part. */
#include "micro.h"

static double kilobytes(void)
{
    char line[256];
    long value = 0;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Pss: %ld", &value) == 1)
            break;
    if (file)
        fclose(file);
    return value;
}

int main(int argc, char **argv)
{
    int rank, size;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Barrier(MPI_COMM_WORLD);
    long *out = memory(size * sizeof *out), *in = memory(size * sizeof *in);
    for (int i = 0; i < size; i++)
        out[i] = (long)rank * size + i;
    MPI_Alltoall(out, 1, MPI_LONG, in, 1, MPI_LONG, MPI_COMM_WORLD);
    for (int i = 0; i < size; i++)
        if (in[i] != (long)i * size + rank)
            MPI_Abort(MPI_COMM_WORLD, 1);
    double own = kilobytes(), sum = 0;
    MPI_Reduce(&own, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    if (rank == 0)
        report("memory", size, sum / size, "KB");
    MPI_Finalize();
    return 0;
}
