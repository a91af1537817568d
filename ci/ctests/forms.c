/* ranks: 1 2 3 */
/* Every point-to-point call in its form with large counts; persistent requests in all modes; buffers that are replaced. */
#include "check.h"

#if AT_LEAST(4, 0)
enum { N = 5000 };

static int right, left;
static int out[N], in[N];

static void prepare(int seed)
{
    int i;

    for (i = 0; i < N; i++) {
        out[i] = me * 100000 + seed * 7 + i;
        in[i] = -1;
    }
}

static void arrived(const MPI_Status *status, int seed, int tag)
{
    MPI_Count count;
    int i;

    if (status) {
        EQUAL(status->MPI_SOURCE, left);
        EQUAL(status->MPI_TAG, tag);
        OK(MPI_Get_count_c(status, MPI_INT, &count));
        EQUAL(count, N);
        OK(MPI_Get_elements_c(status, MPI_INT, &count));
        EQUAL(count, N);
    }
    for (i = 0; i < N; i++)
        EQUAL(in[i], left * 100000 + seed * 7 + i);
}

typedef int blocking(const void *, MPI_Count, MPI_Datatype, int, int, MPI_Comm);
typedef int starting(const void *, MPI_Count, MPI_Datatype, int, int, MPI_Comm, MPI_Request *);

static void modes(void)
{
    blocking *sends[] = {MPI_Send_c, MPI_Bsend_c, MPI_Ssend_c, MPI_Rsend_c};
    starting *isends[] = {MPI_Isend_c, MPI_Ibsend_c, MPI_Issend_c, MPI_Irsend_c};
    starting *inits[] = {MPI_Send_init_c, MPI_Bsend_init_c, MPI_Ssend_init_c, MPI_Rsend_init_c};
    MPI_Request request[8];
    MPI_Status status[2];
    int m, round, i;

    for (m = 0; m < 4; m++) {
        prepare(m);
        OK(MPI_Irecv_c(in, N, MPI_INT, left, m, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Barrier(MPI_COMM_WORLD)); /* ready mode needs the receive */
        OK(sends[m](out, N, MPI_INT, right, m, MPI_COMM_WORLD));
        OK(MPI_Wait(&request[0], &status[0]));
        arrived(&status[0], m, m);

        prepare(10 + m);
        OK(MPI_Irecv_c(in, N, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &request[0]));
        OK(MPI_Barrier(MPI_COMM_WORLD));
        OK(isends[m](out, N, MPI_INT, right, m, MPI_COMM_WORLD, &request[1]));
        OK(MPI_Waitall(2, request, status));
        arrived(&status[0], 10 + m, m);
        OK(MPI_Barrier(MPI_COMM_WORLD));

        OK(MPI_Recv_init_c(in, N, MPI_INT, left, m, MPI_COMM_WORLD, &request[0]));
        OK(inits[m](out, N, MPI_INT, right, m, MPI_COMM_WORLD, &request[1]));
        for (round = 0; round < 3; round++) {
            prepare(20 + m + round);
            OK(MPI_Start(&request[0]));
            OK(MPI_Barrier(MPI_COMM_WORLD));
            OK(MPI_Start(&request[1]));
            OK(MPI_Waitall(2, request, status));
            arrived(&status[0], 20 + m + round, m);
            CHECK(request[0] != MPI_REQUEST_NULL && request[1] != MPI_REQUEST_NULL);
        }
        OK(MPI_Request_free(&request[0]));
        OK(MPI_Request_free(&request[1]));
        FAILS(sends[m](out, -1, MPI_INT, right, m, MPI_COMM_WORLD), MPI_ERR_COUNT);
        FAILS(isends[m](out, -1, MPI_INT, right, m, MPI_COMM_WORLD, &request[0]), MPI_ERR_COUNT);
        FAILS(inits[m](out, -1, MPI_INT, right, m, MPI_COMM_WORLD, &request[0]), MPI_ERR_COUNT);
        FAILS(sends[m](out, N, MPI_INT, np, m, MPI_COMM_WORLD), MPI_ERR_RANK);
        OK(sends[m](out, N, MPI_INT, MPI_PROC_NULL, m, MPI_COMM_WORLD));
    }
    /* All modes at once, started together; those that are active cannot be started. */
    {
        static int many[4][N], got[4][N];

        for (m = 0; m < 4; m++) {
            OK(MPI_Recv_init_c(got[m], N, MPI_INT, left, m, MPI_COMM_WORLD, &request[m]));
            OK(inits[m == 3 ? 0 : m](many[m], N, MPI_INT, right, m, MPI_COMM_WORLD, &request[4 + m]));
        }
        for (round = 0; round < 5; round++) {
            for (m = 0; m < 4; m++)
                for (i = 0; i < N; i++)
                    many[m][i] = me * 1000 + m * 100 + round + i;
            OK(MPI_Startall(8, request));
            FAILS(MPI_Startall(1, &request[0]), MPI_ERR_REQUEST);
            FAILS(MPI_Start(&request[0]), MPI_ERR_REQUEST);
            OK(MPI_Waitall(8, request, MPI_STATUSES_IGNORE));
            for (m = 0; m < 4; m++)
                for (i = 0; i < N; i++)
                    EQUAL(got[m][i], left * 1000 + m * 100 + round + i);
        }
        OK(MPI_Startall(0, NULL));
        FAILS(MPI_Startall(-1, request), MPI_ERR_COUNT);
        for (m = 0; m < 8; m++)
            OK(MPI_Request_free(&request[m]));
    }
}

static void probed(void)
{
    MPI_Request request[2];
    MPI_Message message;
    MPI_Status status;
    int flag;

    prepare(40);
    OK(MPI_Isend_c(out, N, MPI_INT, right, 40, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Mprobe(left, 40, MPI_COMM_WORLD, &message, &status));
    OK(MPI_Mrecv_c(in, N, MPI_INT, &message, &status));
    CHECK(message == MPI_MESSAGE_NULL);
    arrived(&status, 40, 40);
    OK(MPI_Wait(&request[0], MPI_STATUS_IGNORE));

    prepare(41);
    OK(MPI_Isend_c(out, N, MPI_INT, right, 41, MPI_COMM_WORLD, &request[0]));
    for (flag = 0; !flag;)
        OK(MPI_Improbe(MPI_ANY_SOURCE, 41, MPI_COMM_WORLD, &flag, &message, &status));
    OK(MPI_Imrecv_c(in, N, MPI_INT, &message, &request[1]));
    CHECK(message == MPI_MESSAGE_NULL);
    OK(MPI_Wait(&request[1], &status));
    arrived(&status, 41, 41);
    OK(MPI_Wait(&request[0], MPI_STATUS_IGNORE));

    message = MPI_MESSAGE_NO_PROC;
    OK(MPI_Mrecv_c(in, N, MPI_INT, &message, &status));
    EQUAL(status.MPI_SOURCE, MPI_PROC_NULL);
    FAILS(MPI_Mrecv_c(in, N, MPI_INT, &message, &status), MPI_ERR_REQUEST);

    prepare(42);
    OK(MPI_Isend_c(out, N, MPI_INT, right, 42, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Recv_c(in, N, MPI_INT, left, 42, MPI_COMM_WORLD, &status));
    arrived(&status, 42, 42);
    OK(MPI_Wait(&request[0], MPI_STATUS_IGNORE));
}

/* Sends and receives in one call, in both widths; what replaces, with a type that has gaps too. */
static void pairs(void)
{
    MPI_Datatype gaps;
    MPI_Request request;
    MPI_Status status;
    int form, i;

    prepare(50);
    OK(MPI_Sendrecv_c(out, N, MPI_INT, right, 50, in, N, MPI_INT, left, 50, MPI_COMM_WORLD, &status));
    arrived(&status, 50, 50);
    prepare(51);
    OK(MPI_Isendrecv_c(out, N, MPI_INT, right, 51, in, N, MPI_INT, left, 51, MPI_COMM_WORLD, &request));
    OK(MPI_Wait(&request, &status));
    arrived(&status, 51, 51);
    OK(MPI_Type_vector(N / 2, 1, 2, MPI_INT, &gaps));
    OK(MPI_Type_commit(&gaps));
    for (form = 0; form < 8; form++) {
        int whole = form % 2, tag = 60 + form;
        MPI_Datatype type = whole ? MPI_INT : gaps;
        int count = whole ? N : 1;

        prepare(tag);
        memcpy(in, out, sizeof in);
        switch (form / 2) {
        case 0:
            OK(MPI_Sendrecv_replace(in, count, type, right, tag, left, tag, MPI_COMM_WORLD, &status));
            break;
        case 1:
            OK(MPI_Sendrecv_replace_c(in, count, type, right, tag, left, tag, MPI_COMM_WORLD, &status));
            break;
        case 2:
            OK(MPI_Isendrecv_replace(in, count, type, right, tag, left, tag, MPI_COMM_WORLD, &request));
            OK(MPI_Wait(&request, &status));
            break;
        default:
            OK(MPI_Isendrecv_replace_c(in, count, type, right, tag, left, tag, MPI_COMM_WORLD, &request));
            OK(MPI_Wait(&request, &status));
        }
        EQUAL(status.MPI_SOURCE, left);
        EQUAL(status.MPI_TAG, tag);
        for (i = 0; i < N; i++)
            EQUAL(in[i], (whole || i % 2 == 0 ? left : me) * 100000 + tag * 7 + i);
    }
    /* To and from nobody: nothing changes. */
    prepare(70);
    memcpy(in, out, sizeof in);
    OK(MPI_Sendrecv_replace_c(in, N, MPI_INT, MPI_PROC_NULL, 1, MPI_PROC_NULL, 1, MPI_COMM_WORLD, &status));
    EQUAL(status.MPI_SOURCE, MPI_PROC_NULL);
    EQUAL(memcmp(in, out, sizeof in), 0);
    FAILS(MPI_Sendrecv_replace_c(in, -1, MPI_INT, right, 1, left, 1, MPI_COMM_WORLD, &status), MPI_ERR_COUNT);
    FAILS(MPI_Isendrecv_replace_c(in, N, MPI_INT, np, 1, left, 1, MPI_COMM_WORLD, &request), MPI_ERR_RANK);
    OK(MPI_Type_free(&gaps));
}

int main(int argc, char **argv)
{
    MPI_Count size = 0;
    void *buffer, *detached = NULL;

    test_begin(&argc, &argv);
    right = (me + 1) % np;
    left = (me + np - 1) % np;
    buffer = get(8 * (sizeof out + MPI_BSEND_OVERHEAD));
    OK(MPI_Buffer_attach_c(buffer, 8 * (sizeof out + MPI_BSEND_OVERHEAD)));
    modes();
    probed();
    pairs();
    OK(MPI_Buffer_detach_c(&detached, &size));
    CHECK(detached == buffer);
    EQUAL(size, 8 * (sizeof out + MPI_BSEND_OVERHEAD));
    free(buffer);
    return test_end();
}
#else
int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    return test_end();
}
#endif
