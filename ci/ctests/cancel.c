/* ranks: 2 */
/* Taking a receive back, and letting go of a request before it ends. */
#include "check.h"

/* A receive that nothing matches can be cancelled; the message goes to the next receive. */
static void cancelled(void)
{
    MPI_Request request[2];
    MPI_Status status;
    int first = -1, second = -1, flag;

    if (me == 1) {
        OK(MPI_Irecv(&first, 1, MPI_INT, 0, 1, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Irecv(&second, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &request[1]));
        OK(MPI_Cancel(&request[0]));
        CHECK(request[0] != MPI_REQUEST_NULL);
        OK(MPI_Wait(&request[0], &status));
        CHECK(request[0] == MPI_REQUEST_NULL);
        OK(MPI_Test_cancelled(&status, &flag));
        CHECK(flag);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    if (me == 0) {
        first = 17;
        OK(MPI_Send(&first, 1, MPI_INT, 1, 1, MPI_COMM_WORLD));
    } else {
        OK(MPI_Wait(&request[1], &status));
        OK(MPI_Test_cancelled(&status, &flag));
        CHECK(!flag);
        EQUAL(second, 17);
        EQUAL(first, -1);
        OK(MPI_Irecv(&first, 1, MPI_INT, MPI_ANY_SOURCE, 1, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Cancel(&request[0]));
        for (flag = 0; !flag;)
            OK(MPI_Test(&request[0], &flag, &status));
        OK(MPI_Test_cancelled(&status, &flag));
        CHECK(flag);
    }
}

/* A receive that already has its message completes as if nobody had tried. */
static void too_late(void)
{
    MPI_Request request;
    MPI_Status status;
    int value = -1, flag, count;

    if (me == 0) {
        value = 5;
        OK(MPI_Send(&value, 1, MPI_INT, 1, 2, MPI_COMM_WORLD));
    } else {
        OK(MPI_Probe(0, 2, MPI_COMM_WORLD, &status));
        OK(MPI_Irecv(&value, 1, MPI_INT, 0, 2, MPI_COMM_WORLD, &request));
        OK(MPI_Cancel(&request));
        OK(MPI_Wait(&request, &status));
        OK(MPI_Test_cancelled(&status, &flag));
        CHECK(!flag);
        OK(MPI_Get_count(&status, MPI_INT, &count));
        EQUAL(count, 1);
        EQUAL(value, 5);
    }
}

/* Cancelling twice is once; the other receives keep their places. */
static void twice(void)
{
    MPI_Request request[4];
    MPI_Status status;
    int value[4] = {-1, -1, -1, -1}, i, flag;

    if (me == 1) {
        for (i = 0; i < 4; i++)
            OK(MPI_Irecv(&value[i], 1, MPI_INT, 0, 10 + i, MPI_COMM_WORLD, &request[i]));
        OK(MPI_Cancel(&request[1]));
        OK(MPI_Cancel(&request[1]));
        OK(MPI_Wait(&request[1], &status));
        OK(MPI_Test_cancelled(&status, &flag));
        CHECK(flag);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    for (i = 0; me == 0 && i < 4; i++)
        if (i != 1)
            OK(MPI_Send(&i, 1, MPI_INT, 1, 10 + i, MPI_COMM_WORLD));
    if (me == 1) {
        OK(MPI_Waitall(4, request, MPI_STATUSES_IGNORE));
        for (i = 0; i < 4; i++)
            EQUAL(value[i], i == 1 ? -1 : i);
    }
}

/* Many of many: each either cancelled or complete, and no message lost. */
static void mixed(void)
{
    enum { N = 200 };
    MPI_Request request[N];
    MPI_Status status;
    int value[N], i, flag, expected = 0;

    if (me == 1) {
        for (i = 0; i < N; i++)
            OK(MPI_Irecv(&value[i], 1, MPI_INT, 0, 3, MPI_COMM_WORLD, &request[i]));
        for (i = 0; i < N; i += 2)
            OK(MPI_Cancel(&request[i]));
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    if (me == 0) {
        for (i = 0; i < N / 2; i++)
            OK(MPI_Send(&i, 1, MPI_INT, 1, 3, MPI_COMM_WORLD));
    } else {
        for (i = 0; i < N; i++) {
            OK(MPI_Wait(&request[i], &status));
            OK(MPI_Test_cancelled(&status, &flag));
            EQUAL(flag, i % 2 == 0);
            if (!flag)
                EQUAL(value[i], expected++);
        }
    }
}

/* A send that somebody tries to take back either is taken back, and then nothing of it arrives, or arrives as ever. */
static void sends(int bytes)
{
    char *b = get((size_t)bytes);
    MPI_Request request;
    MPI_Status status;
    int flag, mode;

    for (mode = 0; mode < 2; mode++) {
        if (me == 0) {
            fill(b, (size_t)bytes, 30);
            OK((mode ? MPI_Issend : MPI_Isend)(b, bytes, MPI_BYTE, 1, 6, MPI_COMM_WORLD, &request));
            OK(MPI_Cancel(&request));
            OK(MPI_Wait(&request, &status));
            OK(MPI_Test_cancelled(&status, &flag));
            if (flag)
                OK(MPI_Send(b, bytes, MPI_BYTE, 1, 6, MPI_COMM_WORLD));
        } else {
            nap(2);
            OK(MPI_Recv(b, bytes, MPI_BYTE, 0, 6, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
            FILLED(b, (size_t)bytes, 30);
        }
        OK(MPI_Barrier(MPI_COMM_WORLD));
        if (me == 1) {
            OK(MPI_Iprobe(0, 6, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
            CHECK(!flag);
        }
        OK(MPI_Barrier(MPI_COMM_WORLD));
    }
    free(b);
}

/* A send whose message waits for a receive that never comes is taken back: waiting for it ends. */
static void taken_back(int bytes)
{
    char *b = get((size_t)bytes);
    MPI_Request request[3];
    MPI_Status status[3];
    int flag, i;

    if (me == 0) {
        for (i = 0; i < 3; i++)
            OK(MPI_Issend(b, bytes, MPI_BYTE, 1, 7, MPI_COMM_WORLD, &request[i]));
        OK(MPI_Cancel(&request[0]));
        OK(MPI_Cancel(&request[2]));
        OK(MPI_Wait(&request[0], &status[0]));
        OK(MPI_Wait(&request[2], &status[2]));
        for (i = 0; i < 3; i += 2) {
            OK(MPI_Test_cancelled(&status[i], &flag));
            CHECK(flag);
        }
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    if (me == 0) {
        OK(MPI_Wait(&request[1], &status[1]));
        OK(MPI_Test_cancelled(&status[1], &flag));
        CHECK(!flag);
    } else {
        OK(MPI_Recv(b, bytes, MPI_BYTE, 0, 7, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        OK(MPI_Iprobe(0, 7, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
        CHECK(!flag);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(b);
}

/* A freed send still delivers. */
static void freed(int bytes)
{
    char *b = get((size_t)bytes);
    MPI_Request request;

    if (me == 0) {
        fill(b, (size_t)bytes, 9);
        OK(MPI_Isend(b, bytes, MPI_BYTE, 1, 4, MPI_COMM_WORLD, &request));
        OK(MPI_Request_free(&request));
        CHECK(request == MPI_REQUEST_NULL);
        OK(MPI_Recv(NULL, 0, MPI_BYTE, 1, 5, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    } else {
        nap(5);
        OK(MPI_Recv(b, bytes, MPI_BYTE, 0, 4, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(b, (size_t)bytes, 9);
        OK(MPI_Send(NULL, 0, MPI_BYTE, 0, 5, MPI_COMM_WORLD));
    }
    free(b);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    cancelled();
    too_late();
    twice();
    mixed();
    taken_back(0);
    taken_back(1000);
    taken_back(20000);
    taken_back(1 << 20);
    sends(0);
    sends(100);
    sends(20000);
    sends(5000000);
    freed(0);
    freed(100);
    freed(50000);
    freed(5000000);
    return test_end();
}
