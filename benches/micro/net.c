/* Two ranks on two hosts: what `sockets` measures without any MPI.
 *
 * `latency`: half of a ping-pong. `bandwidth`: messages of 1 MB, 16 at a time. `rate`: messages of 8 bytes, 64 at a time. */
#include "micro.h"

enum { ROUNDS = 15, SMALL = 8, WINDOW = 64, LARGE = 1 << 20, DEPTH = 16 };

static int rank, peer;

static void ping_pong(long size, int times)
{
    double rounds[ROUNDS];
    char *data = memory(size);
    for (int round = -1; round < ROUNDS; round++) {
        double start = MPI_Wtime();
        for (int i = 0; i < times; i++) {
            if (rank == 0)
                MPI_Send(data, size, MPI_BYTE, peer, 1, MPI_COMM_WORLD);
            MPI_Recv(data, size, MPI_BYTE, peer, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            if (rank == 1)
                MPI_Send(data, size, MPI_BYTE, peer, 1, MPI_COMM_WORLD);
        }
        if (round >= 0)
            rounds[round] = (MPI_Wtime() - start) / times / 2;
    }
    if (rank == 0)
        report("latency", size, median(rounds, ROUNDS) * 1e6, "us");
    free(data);
}

/* So many messages at a time, and then a word back. Returns the median time of such a burst. */
static double bursts(long size, int window, int times)
{
    double rounds[ROUNDS];
    char *data = memory(size * window);
    MPI_Request *requests = memory(window * sizeof *requests);
    for (int round = -1; round < ROUNDS; round++) {
        double start = MPI_Wtime();
        for (int i = 0; i < times; i++) {
            for (int j = 0; j < window; j++) {
                if (rank == 0)
                    MPI_Isend(data + j * size, size, MPI_BYTE, peer, 2, MPI_COMM_WORLD, &requests[j]);
                else
                    MPI_Irecv(data + j * size, size, MPI_BYTE, peer, 2, MPI_COMM_WORLD, &requests[j]);
            }
            MPI_Waitall(window, requests, MPI_STATUSES_IGNORE);
            if (rank == 0)
                MPI_Recv(NULL, 0, MPI_BYTE, peer, 3, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            else
                MPI_Send(NULL, 0, MPI_BYTE, peer, 3, MPI_COMM_WORLD);
        }
        if (round >= 0)
            rounds[round] = (MPI_Wtime() - start) / times;
    }
    free(data);
    free(requests);
    return median(rounds, ROUNDS);
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    peer = 1 - rank;
    ping_pong(SMALL, 400);
    ping_pong(1 << 10, 400);
    ping_pong(64 << 10, 50);
    ping_pong(LARGE, 5);
    double large = bursts(LARGE, DEPTH, 3), small = bursts(SMALL, WINDOW, 50);
    if (rank == 0) {
        report("bandwidth", LARGE, DEPTH * (double)LARGE / large / 1e6, "MB/s");
        report("rate", SMALL, WINDOW / small / 1e6, "M/s");
    }
    MPI_Finalize();
    return 0;
}
