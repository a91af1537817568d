/* ranks: 2 */
/* Probing: what lies there is told without being taken, and a matched message is nobody else's. */
#include "check.h"

static const int SIZES[] = {0, 1, 100, 9000, 70000, 3000000};
enum { KINDS = sizeof SIZES / sizeof *SIZES, LARGEST = 3000000 };

static char *b;

static void send(int bytes, int tag, unsigned seed)
{
    fill(b, (size_t)bytes, seed);
    OK(MPI_Send(b, bytes, MPI_BYTE, 1, tag, MPI_COMM_WORLD));
}

static void check_status(MPI_Status *s, int tag, int bytes)
{
    int count;

    EQUAL(s->MPI_SOURCE, 0);
    EQUAL(s->MPI_TAG, tag);
    OK(MPI_Get_count(s, MPI_BYTE, &count));
    EQUAL(count, bytes);
}

/* Probe, twice the same, then receive with what it told. */
static void probe(void)
{
    MPI_Status status;
    int i, again, flag;

    for (i = 0; i < KINDS; i++) {
        int source = i % 2 ? 0 : MPI_ANY_SOURCE, tag = i % 3 ? 10 + i : MPI_ANY_TAG;

        if (me == 0) {
            send(SIZES[i], 10 + i, (unsigned)i);
            continue;
        }
        for (again = 0; again < 3; again++) {
            OK(MPI_Probe(source, tag, MPI_COMM_WORLD, &status));
            check_status(&status, 10 + i, SIZES[i]);
        }
        OK(MPI_Iprobe(source, tag, MPI_COMM_WORLD, &flag, &status));
        CHECK(flag);
        check_status(&status, 10 + i, SIZES[i]);
        OK(MPI_Recv(b, SIZES[i], MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, &status));
        FILLED(b, (size_t)SIZES[i], (unsigned)i);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

/* Iprobe alone makes progress: it sees the message in the end, and nothing before there is one. */
static void iprobe(void)
{
    MPI_Status status;
    int flag = 1, i;

    OK(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, &status));
    CHECK(!flag);
    OK(MPI_Barrier(MPI_COMM_WORLD));
    for (i = 0; i < KINDS; i++) {
        if (me == 0) {
            send(SIZES[i], 3, (unsigned)i);
        } else {
            for (flag = 0; !flag;)
                OK(MPI_Iprobe(0, 3, MPI_COMM_WORLD, &flag, &status));
            check_status(&status, 3, SIZES[i]);
            OK(MPI_Iprobe(0, 4, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
            CHECK(!flag);
            OK(MPI_Recv(b, LARGEST, MPI_BYTE, 0, 3, MPI_COMM_WORLD, &status));
            check_status(&status, 3, SIZES[i]);
            FILLED(b, (size_t)SIZES[i], (unsigned)i);
        }
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

/* With wildcards the first message in order is told; an exact tag looks past others. */
static void order(void)
{
    MPI_Status status;
    int tag;

    if (me == 0) {
        for (tag = 1; tag <= 3; tag++)
            send(tag, tag, 0);
    } else {
        OK(MPI_Probe(0, 3, MPI_COMM_WORLD, &status));
        check_status(&status, 3, 3);
        for (tag = 1; tag <= 3; tag++) {
            OK(MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status));
            check_status(&status, tag, tag);
            OK(MPI_Recv(b, tag, MPI_BYTE, 0, MPI_ANY_TAG, MPI_COMM_WORLD, &status));
            check_status(&status, tag, tag);
        }
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

/* A matched message is out of the queue: a later receive gets the next one. */
static void matched(void)
{
    MPI_Message message, second;
    MPI_Request request, sent[3];
    MPI_Status status;
    int i, j, flag;

    for (i = 0; i < KINDS; i++) {
        int bytes = SIZES[i];

        if (me == 0) {
            char *out[3];

            for (j = 0; j < 3; j++) {
                out[j] = get((size_t)bytes);
                fill(out[j], (size_t)bytes, (unsigned)j + 1);
                OK(MPI_Isend(out[j], bytes, MPI_BYTE, 1, 5, MPI_COMM_WORLD, &sent[j]));
            }
            OK(MPI_Waitall(3, sent, MPI_STATUSES_IGNORE));
            for (j = 0; j < 3; j++)
                free(out[j]);
        } else {
            OK(MPI_Mprobe(MPI_ANY_SOURCE, 5, MPI_COMM_WORLD, &message, &status));
            CHECK(message != MPI_MESSAGE_NULL);
            check_status(&status, 5, bytes);
            for (flag = 0; !flag;)
                OK(MPI_Improbe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, &second, &status));
            check_status(&status, 5, bytes);
            OK(MPI_Recv(b, bytes, MPI_BYTE, 0, 5, MPI_COMM_WORLD, &status));
            FILLED(b, (size_t)bytes, 3);
            OK(MPI_Imrecv(b, bytes, MPI_BYTE, &second, &request));
            CHECK(second == MPI_MESSAGE_NULL);
            OK(MPI_Wait(&request, &status));
            check_status(&status, 5, bytes);
            FILLED(b, (size_t)bytes, 2);
            OK(MPI_Mrecv(b, bytes, MPI_BYTE, &message, &status));
            CHECK(message == MPI_MESSAGE_NULL);
            check_status(&status, 5, bytes);
            FILLED(b, (size_t)bytes, 1);
        }
        OK(MPI_Barrier(MPI_COMM_WORLD));
    }
    OK(MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, &message, &status));
    CHECK(!flag);
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

static void nobody(void)
{
    MPI_Message message;
    MPI_Request request;
    MPI_Status status;
    int flag = 0, count;

#define FROM_NOBODY(s)                            \
    EQUAL((s).MPI_SOURCE, MPI_PROC_NULL);         \
    EQUAL((s).MPI_TAG, MPI_ANY_TAG);              \
    OK(MPI_Get_count(&(s), MPI_BYTE, &count));    \
    EQUAL(count, 0)

    OK(MPI_Probe(MPI_PROC_NULL, 7, MPI_COMM_WORLD, &status));
    FROM_NOBODY(status);
    OK(MPI_Iprobe(MPI_PROC_NULL, 7, MPI_COMM_WORLD, &flag, &status));
    CHECK(flag);
    FROM_NOBODY(status);
    OK(MPI_Mprobe(MPI_PROC_NULL, 7, MPI_COMM_WORLD, &message, &status));
    CHECK(message == MPI_MESSAGE_NO_PROC);
    FROM_NOBODY(status);
    OK(MPI_Mrecv(b, 5, MPI_BYTE, &message, &status));
    CHECK(message == MPI_MESSAGE_NULL);
    FROM_NOBODY(status);
    OK(MPI_Improbe(MPI_PROC_NULL, 7, MPI_COMM_WORLD, &flag, &message, &status));
    CHECK(flag && message == MPI_MESSAGE_NO_PROC);
    OK(MPI_Imrecv(b, 5, MPI_BYTE, &message, &request));
    CHECK(message == MPI_MESSAGE_NULL);
    OK(MPI_Wait(&request, &status));
    FROM_NOBODY(status);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    b = get(LARGEST);
    probe();
    iprobe();
    order();
    matched();
    nobody();
    free(b);
    return test_end();
}
