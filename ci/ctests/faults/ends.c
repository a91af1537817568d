/* Ways in which a rank leaves its job. `ends HOW [CODE] WAIT`: HOW is what rank 1 does, WAIT what the others are in. */
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGE = 32 << 20 };

static int rank, size;

/* Each rank has a large message under way at all times, to the right and from the left. */
static void transfer(void) {
    char *out = malloc(LARGE), *in = malloc(LARGE);
    memset(out, rank, LARGE);
    for (int round = 0;; round++) {
        MPI_Sendrecv(out, LARGE, MPI_BYTE, (rank + 1) % size, 0, in, LARGE, MPI_BYTE, (rank + size - 1) % size, 0,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (round == 0) {
            printf("rank %d is process %d\n", rank, (int)getpid());
            fflush(stdout);
        }
    }
}

static volatile sig_atomic_t signalled;

static void note(int number) { signalled = number; }

static void leave(const char *how, int code) {
    MPI_Comm part;
    if (!strcmp(how, "exit")) exit(code);
    if (!strcmp(how, "abort")) {
        /* Not flushed: a pipe keeps it back until somebody does. */
        printf("the last words\n");
        MPI_Abort(MPI_COMM_WORLD, code);
    }
    if (!strcmp(how, "abort-self")) MPI_Abort(MPI_COMM_SELF, code);
    if (!strcmp(how, "abort-part")) {
        MPI_Comm_split(MPI_COMM_SELF, 0, 0, &part);
        MPI_Comm_set_name(part, "my part");
        MPI_Abort(part, code);
    }
    if (!strcmp(how, "segfault")) {
        volatile int *nowhere = NULL;
        *nowhere = 1;
    }
    for (;;) pause();
}

int main(int argc, char **argv) {
    const char *how = argv[1], *wait = argv[argc - 1];
    int x = 0;
    signal(SIGUSR1, note);
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Barrier(MPI_COMM_WORLD);
    if (!strcmp(wait, "transfer")) transfer();
    printf("rank %d is process %d\n", rank, (int)getpid());
    fflush(stdout);
    if (rank == 1 && !strcmp(how, "quiet")) {
        fclose(stdout);
        close(STDOUT_FILENO);
    } else if (rank == 1 && !strcmp(how, "pause")) {
        while (!signalled) usleep(1000);
        MPI_Send(&x, 1, MPI_INT, 0, 0, MPI_COMM_WORLD);
        MPI_Send(&x, 1, MPI_INT, 2, 0, MPI_COMM_WORLD);
    } else if (rank == 1) {
        leave(how, atoi(argv[2]));
    }
    if (rank != 1 && !strcmp(wait, "recv")) MPI_Recv(&x, 1, MPI_INT, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    for (int i = 0; i < 1000; i++) MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0) printf("rank 0 has met all others\n");
    MPI_Finalize();
    return 0;
}
