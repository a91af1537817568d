/* Mistakes that end a program; which one, the first argument says. */
#include <mpi.h>
#include <string.h>

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    int x = 0;
    if (!strcmp(what, "early")) MPI_Barrier(MPI_COMM_WORLD);
    if (!strcmp(what, "session")) {
        MPI_Session session;
        MPI_Session_init((MPI_Info)(size_t)0x7654321, MPI_ERRORS_ARE_FATAL, &session);
    }
    MPI_Init(&argc, &argv);
    if (!strcmp(what, "rank")) MPI_Send(&x, 1, MPI_INT, 7, 3, MPI_COMM_WORLD);
    if (!strcmp(what, "absent")) MPI_Open_port(MPI_INFO_NULL, (char *)&x);
    if (!strcmp(what, "abort")) MPI_Abort(MPI_COMM_WORLD, 42);
    if (!strcmp(what, "handler")) MPI_Comm_call_errhandler(MPI_COMM_WORLD, MPI_ERR_IO);
    MPI_Finalize();
    if (!strcmp(what, "late")) MPI_Barrier(MPI_COMM_WORLD);
    return 0;
}
