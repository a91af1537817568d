/* ranks: 2 */
/* The send modes: synchronous ones end only when matched, ready ones find their receive. */
#include "check.h"

enum { SMALL = 16, LARGE = 4 << 20 };

static char *buffer;

/* Issend stays incomplete as long as the receive has not been posted. */
static void issend_waits(int bytes)
{
    MPI_Request request;
    int flag = 0, i;

    if (me == 0) {
        fill(buffer, (size_t)bytes, 1);
        OK(MPI_Issend(buffer, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD, &request));
        for (i = 0; i < 1000; i++) {
            OK(MPI_Test(&request, &flag, MPI_STATUS_IGNORE));
            CHECK(!flag);
        }
        nap(20);
        OK(MPI_Test(&request, &flag, MPI_STATUS_IGNORE));
        CHECK(!flag);
        OK(MPI_Send(NULL, 0, MPI_BYTE, 1, 2, MPI_COMM_WORLD));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    } else {
        OK(MPI_Recv(NULL, 0, MPI_BYTE, 0, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        OK(MPI_Recv(buffer, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(buffer, (size_t)bytes, 1);
    }
}

/* What the sender sends after Ssend is not seen before the receive that Ssend waits for. */
static void ssend_waits(int bytes)
{
    MPI_Request after;
    int flag, i;

    if (me == 0) {
        fill(buffer, (size_t)bytes, 2);
        OK(MPI_Ssend(buffer, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
        OK(MPI_Send(NULL, 0, MPI_BYTE, 1, 2, MPI_COMM_WORLD));
    } else {
        OK(MPI_Irecv(NULL, 0, MPI_BYTE, 0, 2, MPI_COMM_WORLD, &after));
        for (i = 0; i < 20; i++) {
            nap(2);
            OK(MPI_Test(&after, &flag, MPI_STATUS_IGNORE));
            CHECK(!flag);
        }
        OK(MPI_Recv(buffer, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(buffer, (size_t)bytes, 2);
        OK(MPI_Wait(&after, MPI_STATUS_IGNORE));
    }
}

/* A synchronous send also ends when its receive was there first, or is a wildcard. */
static void matched_at_once(int bytes)
{
    MPI_Request request;

    if (me == 1) {
        OK(MPI_Irecv(buffer, bytes, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &request));
        OK(MPI_Barrier(MPI_COMM_WORLD));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        FILLED(buffer, (size_t)bytes, 3);
    } else {
        OK(MPI_Barrier(MPI_COMM_WORLD));
        fill(buffer, (size_t)bytes, 3);
        OK(MPI_Ssend(buffer, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
    }
}

/* Ready sends to receives that are known to be posted. */
static void ready(int bytes)
{
    MPI_Request request[2];
    char *second = get((size_t)bytes);

    if (me == 1) {
        OK(MPI_Irecv(buffer, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Irecv(second, bytes, MPI_BYTE, 0, 2, MPI_COMM_WORLD, &request[1]));
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    if (me == 0) {
        fill(buffer, (size_t)bytes, 4);
        fill(second, (size_t)bytes, 5);
        OK(MPI_Irsend(second, bytes, MPI_BYTE, 1, 2, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Rsend(buffer, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
        OK(MPI_Wait(&request[0], MPI_STATUS_IGNORE));
    } else {
        OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
        FILLED(buffer, (size_t)bytes, 4);
        FILLED(second, (size_t)bytes, 5);
    }
    free(second);
}

/* A send in any mode to MPI_PROC_NULL ends at once. */
static void to_nobody(void)
{
    MPI_Request request;
    MPI_Status status;

    OK(MPI_Send(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD));
    OK(MPI_Ssend(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD));
    OK(MPI_Rsend(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD));
    OK(MPI_Bsend(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD));
    OK(MPI_Issend(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD, &request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(request == MPI_REQUEST_NULL);
    OK(MPI_Recv(buffer, LARGE, MPI_BYTE, MPI_PROC_NULL, 3, MPI_COMM_WORLD, &status));
    EQUAL(status.MPI_SOURCE, MPI_PROC_NULL);
    EQUAL(status.MPI_TAG, MPI_ANY_TAG);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {0, 1, SMALL, 4096, 65536, LARGE};
    size_t i;

    test_begin(&argc, &argv);
    buffer = get(LARGE);
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        issend_waits(sizes[i]);
        ssend_waits(sizes[i]);
        matched_at_once(sizes[i]);
        ready(sizes[i]);
    }
    to_nobody();
    free(buffer);
    return test_end();
}
