/* `parent COMMAND ARGUMENT...`: a rank that starts a program, and waits for it, between MPI_Init and MPI_Finalize. */
#include <mpi.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int status = 1;
    MPI_Init(&argc, &argv);
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    waitpid(child, &status, 0);
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    return status != 0;
}
