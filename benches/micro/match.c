/* Whether long queues cost anything (two ranks).
 *
 * `posted`: the time of a ping-pong of 8 bytes beside so many receives that wait for other messages. `unexpected`: the
 * time to receive one of so many messages that have all arrived, in the reverse of the order in which they were sent. */
#include "micro.h"

enum { ROUNDS = 15, TIMES = 400, OTHER = 1 << 20 };

static int rank;

static double ping_pong(void)
{
    double times[ROUNDS];
    long word = 0;
    int peer = 1 - rank;
    for (int round = -1; round < ROUNDS; round++) {
        double start = MPI_Wtime();
        for (int i = 0; i < TIMES; i++) {
            if (rank == 0)
                MPI_Send(&word, 1, MPI_LONG, peer, 1, MPI_COMM_WORLD);
            MPI_Recv(&word, 1, MPI_LONG, peer, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            if (rank == 1)
                MPI_Send(&word, 1, MPI_LONG, peer, 1, MPI_COMM_WORLD);
        }
        if (round >= 0)
            times[round] = (MPI_Wtime() - start) / TIMES / 2;
    }
    return median(times, ROUNDS);
}

static void posted(int depth)
{
    MPI_Request *requests = memory((depth + 1) * sizeof *requests);
    int *words = memory((depth + 1) * sizeof *words), peer = 1 - rank;
    for (int i = 0; i < depth; i++)
        MPI_Irecv(&words[i], 1, MPI_INT, peer, OTHER + i, MPI_COMM_WORLD, &requests[i]);
    MPI_Barrier(MPI_COMM_WORLD);
    double time = ping_pong();
    if (rank == 0)
        report("posted", depth, time * 1e6, "us");
    MPI_Barrier(MPI_COMM_WORLD);
    for (int i = 0; i < depth; i++)
        MPI_Send(&i, 1, MPI_INT, peer, OTHER + i, MPI_COMM_WORLD);
    MPI_Waitall(depth, requests, MPI_STATUSES_IGNORE);
    free(requests);
    free(words);
}

static void unexpected(int depth)
{
    double times[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        int word;
        MPI_Barrier(MPI_COMM_WORLD);
        if (rank == 0) {
            for (int i = 0; i < depth; i++)
                MPI_Send(&i, 1, MPI_INT, 1, i, MPI_COMM_WORLD);
            MPI_Ssend(NULL, 0, MPI_INT, 1, OTHER, MPI_COMM_WORLD);
        } else {
            /* This one was sent last: when it is here, all are. */
            MPI_Recv(NULL, 0, MPI_INT, 0, OTHER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            double start = MPI_Wtime();
            for (int i = depth - 1; i >= 0; i--) {
                MPI_Recv(&word, 1, MPI_INT, 0, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
                if (word != i)
                    MPI_Abort(MPI_COMM_WORLD, 1);
            }
            if (round >= 0)
                times[round] = (MPI_Wtime() - start) / depth;
        }
    }
    double time = rank == 1 ? median(times, ROUNDS) : 0;
    if (rank == 1)
        MPI_Send(&time, 1, MPI_DOUBLE, 0, 0, MPI_COMM_WORLD);
    else
        MPI_Recv(&time, 1, MPI_DOUBLE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (rank == 0)
        report("unexpected", depth, time * 1e6, "us");
}

int main(int argc, char **argv)
{
    int depths[] = {0, 256, 4096, 16384};
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    for (int i = 0; i < 4; i++)
        posted(depths[i]);
    for (int i = 1; i < 4; i++)
        unexpected(depths[i]);
    MPI_Finalize();
    return 0;
}
