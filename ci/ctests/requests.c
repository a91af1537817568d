/* ranks: 2 */
/* The Wait and Test families: null and inactive requests, indices, statuses, persistent requests. */
#include "check.h"

enum { N = 8, BYTES = 100 };

static void null_requests(void)
{
    MPI_Request request[3] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    MPI_Status status[3];
    int index[3], i, flag, count;

    memset(status, 0x55, sizeof status);
    OK(MPI_Wait(&request[0], &status[0]));
    EMPTY(status[0]);
    flag = 0;
    memset(status, 0x55, sizeof status);
    OK(MPI_Test(&request[0], &flag, &status[0]));
    CHECK(flag);
    EMPTY(status[0]);
    memset(status, 0x55, sizeof status);
    OK(MPI_Waitall(3, request, status));
    for (i = 0; i < 3; i++)
        EMPTY(status[i]);
    flag = 0;
    memset(status, 0x55, sizeof status);
    OK(MPI_Testall(3, request, &flag, status));
    CHECK(flag);
    for (i = 0; i < 3; i++)
        EMPTY(status[i]);
    memset(status, 0x55, sizeof status);
    OK(MPI_Waitany(3, request, &i, &status[0]));
    EQUAL(i, MPI_UNDEFINED);
    EMPTY(status[0]);
    flag = 0;
    memset(status, 0x55, sizeof status);
    OK(MPI_Testany(3, request, &i, &flag, &status[0]));
    CHECK(flag);
    EQUAL(i, MPI_UNDEFINED);
    EMPTY(status[0]);
    OK(MPI_Waitsome(3, request, &count, index, status));
    EQUAL(count, MPI_UNDEFINED);
    OK(MPI_Testsome(3, request, &count, index, status));
    EQUAL(count, MPI_UNDEFINED);
    OK(MPI_Waitany(0, NULL, &i, MPI_STATUS_IGNORE));
    EQUAL(i, MPI_UNDEFINED);
    OK(MPI_Waitall(0, NULL, MPI_STATUSES_IGNORE));
    OK(MPI_Testall(0, NULL, &flag, MPI_STATUSES_IGNORE));
    CHECK(flag);
    OK(MPI_Request_get_status(MPI_REQUEST_NULL, &flag, &status[0]));
    CHECK(flag);
    EMPTY(status[0]);
}

/* Rank 0 sends message `tag` when rank 1 asks for it; so rank 1 decides what is complete. */
static void serve(int messages)
{
    char b[BYTES];
    int tag;

    while (messages-- > 0) {
        OK(MPI_Recv(&tag, 1, MPI_INT, 1, 100, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        fill(b, BYTES, (unsigned)tag);
        OK(MPI_Send(b, 10 + tag, MPI_BYTE, 1, tag, MPI_COMM_WORLD));
    }
}

static void ask(int tag)
{
    OK(MPI_Send(&tag, 1, MPI_INT, 0, 100, MPI_COMM_WORLD));
}

static void post(MPI_Request request[N], char b[N][BYTES])
{
    int i;

    for (i = 0; i < N; i++)
        OK(MPI_Irecv(b[i], BYTES, MPI_BYTE, 0, i, MPI_COMM_WORLD, &request[i]));
}

static void check_done(MPI_Status *s, int tag, const char *b)
{
    int count;

    EQUAL(s->MPI_SOURCE, 0);
    EQUAL(s->MPI_TAG, tag);
    OK(MPI_Get_count(s, MPI_BYTE, &count));
    EQUAL(count, 10 + tag);
    FILLED(b, (size_t)count, (unsigned)tag);
}

static void families(void)
{
    MPI_Request request[N];
    MPI_Status status[N];
    char b[N][BYTES];
    int i, k, flag, count, index[N], seen = 0;

    if (me == 0) {
        serve(6 * N);
        return;
    }
    /* Wait and Test, in another order than they complete. */
    post(request, b);
    for (i = N; i-- > 0;) {
        OK(MPI_Test(&request[i], &flag, &status[0]));
        CHECK(!flag);
        CHECK(request[i] != MPI_REQUEST_NULL);
        ask(i);
        OK(MPI_Request_get_status(request[i], &flag, &status[0]));
        while (!flag)
            OK(MPI_Request_get_status(request[i], &flag, &status[0]));
        check_done(&status[0], i, b[i]);
        CHECK(request[i] != MPI_REQUEST_NULL);
        OK(MPI_Wait(&request[i], &status[0]));
        CHECK(request[i] == MPI_REQUEST_NULL);
        check_done(&status[0], i, b[i]);
    }
    /* Waitany: only the one that is complete. */
    post(request, b);
    for (i = 0; i < N; i++) {
        int tag = (i * 3) % N;

        OK(MPI_Testany(N, request, &k, &flag, &status[0]));
        CHECK(!flag);
        EQUAL(k, MPI_UNDEFINED);
        ask(tag);
        OK(MPI_Waitany(N, request, &k, &status[0]));
        EQUAL(k, tag);
        CHECK(request[k] == MPI_REQUEST_NULL);
        check_done(&status[0], tag, b[tag]);
    }
    /* Testany */
    post(request, b);
    for (i = 0; i < N; i++) {
        ask(N - 1 - i);
        for (flag = 0; !flag;)
            OK(MPI_Testany(N, request, &k, &flag, &status[0]));
        EQUAL(k, N - 1 - i);
        check_done(&status[0], k, b[k]);
    }
    /* Waitsome, with some requests null from the start. */
    post(request, b);
    for (i = 0; i < N; i += 2)
        ask(i);
    while (seen != 0x55) {
        OK(MPI_Waitsome(N, request, &count, index, status));
        CHECK(count >= 1 && count <= N / 2);
        for (i = 0; i < count; i++) {
            CHECK(index[i] % 2 == 0 && !(seen >> index[i] & 1));
            seen |= 1 << index[i];
            CHECK(request[index[i]] == MPI_REQUEST_NULL);
            check_done(&status[i], index[i], b[index[i]]);
        }
    }
    OK(MPI_Testsome(N, request, &count, index, status));
    EQUAL(count, 0);
    for (i = 1; i < N; i += 2)
        ask(i);
    while (seen != 0xff) {
        OK(MPI_Testsome(N, request, &count, index, status));
        CHECK(count >= 0);
        for (i = 0; i < count; i++) {
            seen |= 1 << index[i];
            check_done(&status[i], index[i], b[index[i]]);
        }
    }
    /* Testall: all or nothing; Waitall with nulls between. */
    post(request, b);
    for (i = 0; i < N; i++) {
        OK(MPI_Testall(N, request, &flag, status));
        CHECK(!flag);
        CHECK(request[0] != MPI_REQUEST_NULL);
        ask(i);
    }
    for (flag = 0; !flag;)
        OK(MPI_Testall(N, request, &flag, status));
    for (i = 0; i < N; i++) {
        CHECK(request[i] == MPI_REQUEST_NULL);
        check_done(&status[i], i, b[i]);
    }
    post(request, b);
    for (i = 0; i < N; i++)
        ask(i);
    OK(MPI_Wait(&request[2], MPI_STATUS_IGNORE));
    OK(MPI_Waitall(N, request, status));
    EMPTY(status[2]);
    for (i = 0; i < N; i++)
        if (i != 2)
            check_done(&status[i], i, b[i]);
}

#if AT_LEAST(4, 1)
/* Looking at many without ending any. */
static void looking(void)
{
    MPI_Request request[N];
    MPI_Status status[N];
    char b[N][BYTES];
    int i, k, flag, count, index[N];

    if (me == 0) {
        serve(N);
        return;
    }
    post(request, b);
    OK(MPI_Request_get_status_any(N, request, &k, &flag, &status[0]));
    CHECK(!flag);
    ask(3);
    for (flag = 0; !flag;)
        OK(MPI_Request_get_status_any(N, request, &k, &flag, &status[0]));
    EQUAL(k, 3);
    check_done(&status[0], 3, b[3]);
    OK(MPI_Request_get_status_some(N, request, &count, index, status));
    EQUAL(count, 1);
    EQUAL(index[0], 3);
    OK(MPI_Request_get_status_all(N, request, &flag, status));
    CHECK(!flag);
    for (i = 0; i < N; i++)
        if (i != 3)
            ask(i);
    while (!flag)
        OK(MPI_Request_get_status_all(N, request, &flag, status));
    for (i = 0; i < N; i++) {
        check_done(&status[i], i, b[i]);
        CHECK(request[i] != MPI_REQUEST_NULL);
    }
    OK(MPI_Waitall(N, request, MPI_STATUSES_IGNORE));
}
#endif

/* A persistent request is inactive at first and after each end, and counts as complete and empty then. */
static void persistent(void)
{
    MPI_Request request[4];
    MPI_Status status[4];
    char out[2][BYTES] = {{0}}, in[2][BYTES];
    int round, flag, i, count, index[4];

    OK(MPI_Send_init(out[0], BYTES, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Ssend_init(out[1], BYTES, MPI_BYTE, 1 - me, 2, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Recv_init(in[0], BYTES, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD, &request[2]));
    OK(MPI_Recv_init(in[1], BYTES, MPI_BYTE, MPI_ANY_SOURCE, 2, MPI_COMM_WORLD, &request[3]));
    OK(MPI_Wait(&request[2], &status[0]));
    EMPTY(status[0]);
    OK(MPI_Test(&request[0], &flag, &status[0]));
    CHECK(flag);
    OK(MPI_Waitany(4, request, &i, &status[0]));
    EQUAL(i, MPI_UNDEFINED);
    OK(MPI_Waitsome(4, request, &count, index, status));
    EQUAL(count, MPI_UNDEFINED);
    for (round = 0; round < 20; round++) {
        fill(out[0], BYTES, (unsigned)(round + me));
        fill(out[1], BYTES, (unsigned)(round + me + 100));
        OK(MPI_Startall(2, request + 2));
        OK(MPI_Start(&request[0]));
        OK(MPI_Start(&request[1]));
        OK(MPI_Waitall(4, request, status));
        for (i = 0; i < 4; i++)
            CHECK(request[i] != MPI_REQUEST_NULL);
        EQUAL(status[3].MPI_SOURCE, 1 - me);
        FILLED(in[0], BYTES, (unsigned)(round + 1 - me));
        FILLED(in[1], BYTES, (unsigned)(round + 1 - me + 100));
    }
    for (i = 0; i < 4; i++) {
        OK(MPI_Request_free(&request[i]));
        CHECK(request[i] == MPI_REQUEST_NULL);
    }
}

/* To MPI_PROC_NULL everything is complete at once. */
static void nobody(void)
{
    MPI_Request request[2];
    MPI_Status status[2];
    int count;

    OK(MPI_Isend(NULL, 0, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Irecv(NULL, 0, MPI_BYTE, MPI_PROC_NULL, 0, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Waitall(2, request, status));
    EQUAL(status[1].MPI_SOURCE, MPI_PROC_NULL);
    EQUAL(status[1].MPI_TAG, MPI_ANY_TAG);
    OK(MPI_Get_count(&status[1], MPI_INT, &count));
    EQUAL(count, 0);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    null_requests();
    families();
#if AT_LEAST(4, 1)
    looking();
#endif
    persistent();
    nobody();
    return test_end();
}
