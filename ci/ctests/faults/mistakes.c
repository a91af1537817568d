/* `mistakes WHAT`: what rank 0 of two does wrong under MPI_ERRORS_ARE_FATAL. */
#include <mpi.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    const char *what = argv[1];
    int rank, x[4] = {0};
    MPI_Comm copy;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_set_name(copy, "the copy");
    if (rank == 1 && !strcmp(what, "truncate")) MPI_Send(x, 4, MPI_INT, 0, 5, copy);
    if (rank == 0) {
        MPI_Comm freed = copy;
        if (!strcmp(what, "rank")) MPI_Send(x, 1, MPI_INT, 7, 3, MPI_COMM_WORLD);
        if (!strcmp(what, "tag")) MPI_Send(x, 1, MPI_INT, 1, -5, copy);
        if (!strcmp(what, "truncate")) MPI_Recv(x, 2, MPI_INT, 1, 5, copy, MPI_STATUS_IGNORE);
        if (!strcmp(what, "null")) MPI_Send(NULL, 4, MPI_INT, 1, 3, MPI_COMM_WORLD);
        if (!strcmp(what, "count")) MPI_Send(x, -4, MPI_INT, 1, 3, MPI_COMM_WORLD);
        if (!strcmp(what, "type")) MPI_Send(x, 1, (MPI_Datatype)(size_t)0x7654321, 1, 3, MPI_COMM_WORLD);
        if (!strcmp(what, "uncommitted")) {
            MPI_Datatype two;
            MPI_Type_contiguous(2, MPI_INT, &two);
            MPI_Send(x, 1, two, 1, 3, MPI_COMM_WORLD);
        }
        if (!strncmp(what, "freed", 5)) {
            MPI_Request request;
            int flag;
            MPI_Comm_free(&copy);
            if (!strcmp(what, "freed")) MPI_Send(x, 1, MPI_INT, 1, 3, freed);
            if (!strcmp(what, "freed-receive")) MPI_Irecv(x, 1, MPI_INT, MPI_ANY_SOURCE, 4, freed, &request);
            if (!strcmp(what, "freed-probe")) MPI_Iprobe(1, MPI_ANY_TAG, freed, &flag, MPI_STATUS_IGNORE);
            if (!strcmp(what, "freed-both"))
                MPI_Sendrecv(x, 1, MPI_INT, 1, 3, x + 1, 1, MPI_INT, 1, 4, freed, MPI_STATUS_IGNORE);
        }
        if (!strcmp(what, "null-comm")) {
            MPI_Request request;
            MPI_Send_init(x, 1, MPI_INT, 1, 3, MPI_COMM_NULL, &request);
        }
        if (!strcmp(what, "root")) MPI_Bcast(x, 1, MPI_INT, 9, copy);
    }
    MPI_Recv(x, 1, MPI_INT, 1 - rank, 99, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Finalize();
    return 0;
}
