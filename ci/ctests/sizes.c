/* ranks: 2 */
/* Messages of every size around every border a protocol may have, both ways, content checked. */
#include "check.h"

static char *out, *in;
static const int LARGEST = 64 << 20;

/* `early`: the receive is there before the message. */
static void one_way(int from, int bytes, int early)
{
    MPI_Request request;
    MPI_Status status;
    int count;
    unsigned seed = (unsigned)bytes + (unsigned)from;

    if (me == from) {
        fill(out, (size_t)bytes, seed);
        if (early)
            OK(MPI_Recv(NULL, 0, MPI_BYTE, 1 - me, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        OK(MPI_Send(out, bytes, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD));
        return;
    }
    in[bytes] = 0x5a;
    if (early) {
        OK(MPI_Irecv(in, bytes, MPI_BYTE, from, 1, MPI_COMM_WORLD, &request));
        OK(MPI_Send(NULL, 0, MPI_BYTE, from, 2, MPI_COMM_WORLD));
        OK(MPI_Wait(&request, &status));
    } else {
        OK(MPI_Probe(from, 1, MPI_COMM_WORLD, &status));
        OK(MPI_Recv(in, LARGEST, MPI_BYTE, from, 1, MPI_COMM_WORLD, &status));
    }
    OK(MPI_Get_count(&status, MPI_BYTE, &count));
    EQUAL(count, bytes);
    FILLED(in, (size_t)bytes, seed);
    EQUAL(in[bytes], 0x5a);
}

/* Both ranks send at once; and to themselves. */
static void both_ways(int bytes, int partner)
{
    MPI_Request request[2];

    fill(out, (size_t)bytes, (unsigned)me);
    OK(MPI_Isend(out, bytes, MPI_BYTE, partner, 3, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Irecv(in, bytes, MPI_BYTE, partner, 3, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    FILLED(in, (size_t)bytes, (unsigned)partner);
}

static void size(int bytes)
{
    int early;

    for (early = 0; early < 2; early++) {
        one_way(0, bytes, early);
        one_way(1, bytes, early);
    }
    both_ways(bytes, 1 - me);
    both_ways(bytes, me);
}

int main(int argc, char **argv)
{
    int power;

    test_begin(&argc, &argv);
    out = get((size_t)LARGEST + 1);
    in = get((size_t)LARGEST + 1);
    size(0);
    for (power = 1; power <= LARGEST && power > 0; power *= 2) {
        size(power - 1);
        size(power);
        if (power < LARGEST)
            size(power + 1);
    }
    free(out);
    free(in);
    return test_end();
}
