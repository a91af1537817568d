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
    /* So many bytes that the overhead does not fit beside them into a word. */
    FAILS(MPI_Bsend_c(data, INT64_MAX, MPI_SHORT, 1 - me, 1, MPI_COMM_WORLD), MPI_ERR_COUNT);
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

/* What a program computes is right to the byte: a buffer for exactly these messages takes all of them, and one more when
 * one has left, in whatever order they do. With derived types, whose packed size is less than what they span. */
enum { KINDS = 6, LEAST = 60000 };

static MPI_Datatype kind_type[KINDS];
static int kind_count[KINDS], kind_room[KINDS];

static int kind_space(int k)
{
    int packed;

    OK(MPI_Pack_size(kind_count[k], kind_type[k], MPI_COMM_WORLD, &packed));
    return packed + MPI_BSEND_OVERHEAD;
}

static void make_kinds(void)
{
    int lengths[3] = {5, 1, 9}, displacements[3] = {30, 0, 10};

    OK(MPI_Type_contiguous(1, MPI_BYTE, &kind_type[0]));
    OK(MPI_Type_vector(LEAST / 16, 16, 48, MPI_BYTE, &kind_type[1]));
    OK(MPI_Type_indexed(3, lengths, displacements, MPI_BYTE, &kind_type[2]));
    OK(MPI_Type_create_resized(MPI_INT, 0, 64, &kind_type[3]));
    OK(MPI_Type_vector(LEAST / 8, 1, 3, MPI_DOUBLE, &kind_type[4]));
    OK(MPI_Type_contiguous(7, MPI_BYTE, &kind_type[5]));
    kind_count[0] = LEAST + 1;
    kind_count[1] = 2;
    kind_count[2] = LEAST / 15 + 3;
    kind_count[3] = LEAST / 4;
    kind_count[4] = 1;
    kind_count[5] = LEAST / 7 + 1;
    for (int k = 0; k < KINDS; k++) {
        MPI_Aint lb, extent;

        OK(MPI_Type_commit(&kind_type[k]));
        OK(MPI_Type_get_extent(kind_type[k], &lb, &extent));
        kind_room[k] = kind_count[k] * (int)extent + 64;
    }
}

/* Sends kind `k` as it is in memory that is all of pattern `seed`. */
static int send_kind(int k, unsigned seed, int tag)
{
    char *data = get((size_t)kind_room[k]);
    int code;

    fill(data, (size_t)kind_room[k], seed);
    code = MPI_Bsend(data, kind_count[k], kind_type[k], 1, tag, MPI_COMM_WORLD);
    free(data);
    return code;
}

static void receive_kind(int k, unsigned seed, int tag)
{
    char *data = get((size_t)kind_room[k]), *expected = get((size_t)kind_room[k]), *whole = get((size_t)kind_room[k]);
    int size, position = 0;

    memset(data, 0, (size_t)kind_room[k]);
    memset(expected, 0, (size_t)kind_room[k]);
    fill(whole, (size_t)kind_room[k], seed);
    OK(MPI_Recv(data, kind_count[k], kind_type[k], 0, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    /* The same bytes of the pattern, by way of the packed form. */
    OK(MPI_Pack_size(kind_count[k], kind_type[k], MPI_COMM_WORLD, &size));
    {
        char *packed = get((size_t)size);
        int end;

        OK(MPI_Pack(whole, kind_count[k], kind_type[k], packed, size, &position, MPI_COMM_WORLD));
        end = position;
        position = 0;
        OK(MPI_Unpack(packed, end, &position, expected, kind_count[k], kind_type[k], MPI_COMM_WORLD));
        free(packed);
    }
    EQUAL(memcmp(data, expected, (size_t)kind_room[k]), 0);
    free(data);
    free(expected);
    free(whole);
}

/* Tells the receiver which message to take, and waits until it has. */
static void have_taken(int tag)
{
    OK(MPI_Send(&tag, 1, MPI_INT, 1, 999, MPI_COMM_WORLD));
    OK(MPI_Recv(&tag, 1, MPI_INT, 1, 998, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
}

/* Rank 1 takes the messages that it is told to, until that is -1. */
static void take(void)
{
    int tag;

    for (;;) {
        OK(MPI_Recv(&tag, 1, MPI_INT, 0, 999, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        if (tag < 0)
            return;
        receive_kind(tag % KINDS, (unsigned)tag, tag);
        OK(MPI_Send(&tag, 1, MPI_INT, 0, 998, MPI_COMM_WORLD));
    }
}

static void exact(void)
{
    int sum = 0, least = 0, k, i, size, code, flag, end = -1, live[KINDS];
    unsigned state = 11;
    char *attached;
    void *detached;

    make_kinds();
    if (me == 1) {
        take();
    } else {
        for (k = 0; k < KINDS; k++) {
            sum += kind_space(k);
            least = !k || kind_space(k) < least ? kind_space(k) : least;
        }
        attached = get((size_t)sum + 1);
        /* One byte is missing. */
        OK(MPI_Buffer_attach(attached, sum - 1));
        for (k = 0; k + 1 < KINDS; k++)
            OK(send_kind(k, (unsigned)k, k));
        FAILS(send_kind(KINDS - 1, 0, KINDS - 1), MPI_ERR_BUFFER);
        for (k = 0; k + 1 < KINDS; k++)
            have_taken(k);
        OK(MPI_Buffer_detach(&detached, &size));
        EQUAL(size, sum - 1);

        /* All fit, beginning anywhere, and nothing else. */
        OK(MPI_Buffer_attach(attached + 1, sum));
        for (k = 0; k < KINDS; k++) {
            live[k] = k;
            OK(send_kind(k, (unsigned)k, k));
        }
        FAILS(send_kind(0, 0, 0), MPI_ERR_BUFFER);
        /* Kinds leave and come again, in an order that leaves the free bytes in pieces. */
        for (i = 0; i < 40; i++) {
            int first = (int)(draw(&state) % KINDS), second = (int)(draw(&state) % KINDS);

            have_taken(live[first]);
            if (second != first)
                have_taken(live[second]);
            live[first] += KINDS;
            while ((code = send_kind(first, (unsigned)live[first], live[first])) != MPI_SUCCESS) {
                /* That it was taken may be known here a little later. */
                EQUAL(class_of(code), MPI_ERR_BUFFER);
                OK(MPI_Iprobe(1, 997, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
            }
            if (second != first) {
                live[second] += KINDS;
                while ((code = send_kind(second, (unsigned)live[second], live[second])) != MPI_SUCCESS) {
                    EQUAL(class_of(code), MPI_ERR_BUFFER);
                    OK(MPI_Iprobe(1, 997, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
                }
            }
            FAILS(send_kind(0, 0, 0), MPI_ERR_BUFFER);
        }
        for (k = 0; k < KINDS; k++)
            have_taken(live[k]);
        OK(MPI_Buffer_detach(&detached, &size));
        CHECK(detached == attached + 1);
        EQUAL(size, sum);

        /* Sizes that hold nothing are no mistake; what is sent is. */
        for (i = 0; i < 4; i++) {
            int sizes[4] = {0, 1, MPI_BSEND_OVERHEAD, least - 1};

            OK(MPI_Buffer_attach(attached, sizes[i]));
            FAILS(send_kind(0, 0, 0), MPI_ERR_BUFFER);
            OK(MPI_Buffer_detach(&detached, &size));
            EQUAL(size, sizes[i]);
        }
        CHECK(MPI_Buffer_attach(attached, -1) != MPI_SUCCESS);
        CHECK(MPI_Buffer_detach(&detached, &size) != MPI_SUCCESS);
        free(attached);
        OK(MPI_Send(&end, 1, MPI_INT, 1, 999, MPI_COMM_WORLD));
    }
    for (k = 0; k < KINDS; k++)
        OK(MPI_Type_free(&kind_type[k]));
}

#if AT_LEAST(4, 1)
/* A session's buffer serves the communicators made of it that have none of their own. */
static void of_session(void)
{
    int bytes = 2 * space(BYTES), form;
    char *attached = get((size_t)bytes), *data = get(BYTES);
    MPI_Session session;
    MPI_Request request;
    MPI_Group group;
    MPI_Comm comm;
    void *detached;

    OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session));
    OK(MPI_Group_from_session_pset(session, "mpi://WORLD", &group));
    OK(MPI_Comm_create_from_group(group, "bsend", MPI_INFO_NULL, MPI_ERRORS_RETURN, &comm));
    OK(MPI_Group_free(&group));
    FAILS(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 6, comm), MPI_ERR_BUFFER);
    for (form = 0; form < 3; form++) {
        int size = -1;
        MPI_Count large = -1;

        if (form == 0)
            OK(MPI_Session_attach_buffer(session, attached, bytes));
        else if (form == 1)
            OK(MPI_Session_attach_buffer_c(session, attached, bytes));
        else
            OK(MPI_Session_attach_buffer(session, MPI_BUFFER_AUTOMATIC, 0));
        CHECK(MPI_Session_attach_buffer(session, attached, bytes) != MPI_SUCCESS);
        fill(data, BYTES, 60 + (unsigned)form);
        OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 6, comm));
        OK(MPI_Ibsend(data, BYTES, MPI_BYTE, 1 - me, 7, comm, &request));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        FAILS(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 6, MPI_COMM_WORLD), MPI_ERR_BUFFER);
        /* The communicator's own comes first. */
        OK(MPI_Comm_attach_buffer_c(comm, attached, 0));
        if (form < 2)
            FAILS(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 8, comm), MPI_ERR_BUFFER);
        OK(MPI_Comm_detach_buffer_c(comm, &detached, &large));
        EQUAL(large, 0);
        OK(MPI_Comm_attach_buffer(comm, MPI_BUFFER_AUTOMATIC, 0));
        OK(MPI_Bsend(data, BYTES, MPI_BYTE, 1 - me, 8, comm));
        receive(comm, BYTES, 8, 60 + (unsigned)form);
        receive(comm, BYTES, 6, 60 + (unsigned)form);
        receive(comm, BYTES, 7, 60 + (unsigned)form);
        OK(MPI_Comm_flush_buffer(comm));
        OK(MPI_Comm_detach_buffer(comm, &detached, &size));
        CHECK(detached == MPI_BUFFER_AUTOMATIC);
        OK(MPI_Session_iflush_buffer(session, &request));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        OK(MPI_Session_flush_buffer(session));
        if (form == 1) {
            OK(MPI_Session_detach_buffer_c(session, &detached, &large));
            EQUAL(large, bytes);
        } else {
            OK(MPI_Session_detach_buffer(session, &detached, &size));
            EQUAL(size, form == 0 ? bytes : 0);
        }
        CHECK(detached == (form == 2 ? MPI_BUFFER_AUTOMATIC : attached));
    }
    OK(MPI_Comm_free(&comm));
    OK(MPI_Session_finalize(&session));
    free(attached);
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
    exact();
#if AT_LEAST(4, 1)
    flush();
    of_communicator();
    automatic();
    of_session();
#endif
    return test_end();
}
