/* ranks: 2 */
/* Buffered sends: they never wait for a receive, and say so when their space runs out. */
#include "check.h"

enum { BYTES = 100000, MESSAGES = 10 };

static int space(int bytes)
{
    int packed;

    OK(MPI_Pack_size(bytes, MPI_BYTE, MPI_COMM_WORLD, &packed));
    return packed + MPI_BSEND_OVERHEAD;
}

static void receive(MPI_Comm comm, int bytes, int tag, unsigned seed)
{
    char *b = get((size_t)bytes);

    OK(MPI_Recv(b, bytes, MPI_BYTE, 1 - me, tag, comm, MPI_STATUS_IGNORE));
    FILLED(b, (size_t)bytes, seed);
    free(b);
}

/* Both ranks send first and receive later: with sends that wait this would never end. The space that the standard
 * promises to be enough is enough, and the user's memory is free at once. */
static void never_waits(void)
{
    int bytes = MESSAGES * space(BYTES), size = 0, i;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    void *detached = NULL;

    OK(MPI_Buffer_attach(attached, bytes));
    for (i = 0; i < MESSAGES; i++) {
        fill(data, BYTES, (unsigned)i);
        OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, i, MPI_COMM_WORLD));
        memset(data, 0xff, BYTES);
    }
    for (i = MESSAGES; i-- > 0;)
        receive(MPI_COMM_WORLD, BYTES, i, (unsigned)i);
    OK(MPI_Buffer_detach(&detached, &size));
    CHECK(detached == attached);
    EQUAL(size, bytes);
    free(attached);
    free(data);
}

static void runs_out(void)
{
    int bytes = space(1000), size, flag;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    MPI_Request request;
    MPI_Status status;
    void *detached;

    /* Without any buffer nothing fits. */
    FAILS(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    OK(MPI_Buffer_attach(attached, bytes));
    FAILS(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    FAILS(MPI_Ibsend(data, BYTES, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD, &request), MPI_ERR_BUFFER);
    /* What fits is still sent, and nothing of what failed arrives. */
    fill(data, 1000, 7);
    OK(MPI_Bsend(data, 1000, MPI_BYTE, 1 - me, 1, MPI_COMM_WORLD));
    receive(MPI_COMM_WORLD, 1000, 1, 7);
    OK(MPI_Barrier(MPI_COMM_WORLD));
    OK(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, &status));
    CHECK(!flag);
    OK(MPI_Barrier(MPI_COMM_WORLD)); /* or the next test's messages would be seen above */
    CHECK(MPI_Buffer_attach(data, BYTES) != MPI_SUCCESS); /* one buffer at a time */
    OK(MPI_Buffer_detach(&detached, &size));
    CHECK(detached == attached);
    free(attached);
    free(data);
}

/* Space is used again once its message has left: far more goes through than fits at a time. */
static void used_again(void)
{
    int bytes = 2 * space(BYTES), size, i;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    MPI_Request request;
    void *detached;

    OK(MPI_Buffer_attach(attached, bytes));
    for (i = 0; i < 50; i++) {
        int length = 1 + i * 1999;

        fill(data, (size_t)length, (unsigned)i);
        if (i % 2) {
            OK(MPI_Ibsend(data, length, MPI_BYTE, 1 - me, 3, MPI_COMM_WORLD, &request));
            OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        } else {
            OK(MPI_Bsend(data, length, MPI_BYTE, 1 - me, 3, MPI_COMM_WORLD));
        }
        receive(MPI_COMM_WORLD, length, 3, (unsigned)i);
        OK(MPI_Barrier(MPI_COMM_WORLD));
    }
    OK(MPI_Buffer_detach(&detached, &size));
    free(attached);
    free(data);
}

/* Detaching waits until the messages have left: afterwards the memory may be written. */
static void detach_delivers(void)
{
    int bytes = 3 * space(BYTES), size, i;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    void *detached;

    if (me == 0) {
        OK(MPI_Buffer_attach(attached, bytes));
        for (i = 0; i < 3; i++) {
            fill(data, BYTES, (unsigned)i + 20);
            OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1, 4, MPI_COMM_WORLD));
        }
        OK(MPI_Buffer_detach(&detached, &size));
        memset(attached, 0, (size_t)bytes);
    } else {
        nap(30);
        for (i = 0; i < 3; i++)
            receive(MPI_COMM_WORLD, BYTES, 4, (unsigned)i + 20);
    }
    free(attached);
    free(data);
}

#if AT_LEAST(4, 1)
/* Flushing makes the space free while it stays attached. */
static void flush(void)
{
    int bytes = space(BYTES), size, i;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    MPI_Request request;
    void *detached;

    OK(MPI_Buffer_attach(attached, bytes));
    for (i = 0; i < 6; i++) {
        if (me == i % 2) {
            fill(data, BYTES, (unsigned)i);
            OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 5, MPI_COMM_WORLD));
            if (i < 3) {
                OK(MPI_Buffer_flush());
            } else {
                OK(MPI_Buffer_iflush(&request));
                OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
            }
        } else {
            receive(MPI_COMM_WORLD, BYTES, 5, (unsigned)i);
        }
    }
    OK(MPI_Buffer_detach(&detached, &size));
    CHECK(detached == attached);
    free(attached);
    free(data);
}

/* A communicator's own buffer serves that communicator, and only that one. */
static void of_communicator(void)
{
    int bytes = space(BYTES), size;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    MPI_Request request;
    MPI_Comm comm;
    void *detached;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    OK(MPI_Comm_attach_buffer(comm, attached, bytes));
    FAILS(MPI_Bsend(data, 1, MPI_BYTE, 1 - me, 6, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    fill(data, BYTES, 60);
    OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 6, comm));
    receive(comm, BYTES, 6, 60);
    OK(MPI_Comm_flush_buffer(comm));
    fill(data, BYTES, 61);
    OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 6, comm));
    receive(comm, BYTES, 6, 61);
    OK(MPI_Comm_iflush_buffer(comm, &request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    OK(MPI_Comm_detach_buffer(comm, &detached, &size));
    CHECK(detached == attached);
    EQUAL(size, bytes);
    OK(MPI_Comm_free(&comm));
    free(attached);
    free(data);
}

/* The library's own memory, as much as it takes. */
static void automatic(void)
{
    char *data = get(BYTES);
    void *detached = NULL;
    int size, i;

    OK(MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0));
    for (i = 0; i < 100; i++) {
        fill(data, BYTES, (unsigned)i);
        OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, i, MPI_COMM_WORLD));
    }
    for (i = 100; i-- > 0;)
        receive(MPI_COMM_WORLD, BYTES, i, (unsigned)i);
    OK(MPI_Buffer_detach(&detached, &size));
    CHECK(detached == MPI_BUFFER_AUTOMATIC);
    EQUAL(size, 0);
    free(data);
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    never_waits();
    runs_out();
    used_again();
    detach_delivers();
#if AT_LEAST(4, 1)
    flush();
    of_communicator();
    automatic();
#endif
    return test_end();
}
