/* ranks: 2 3 4 */
/* Which message goes to which receive: order, wildcards, long queues, separate communicators. */
#include "check.h"

enum { MANY = 10000 };

/* ---- one sender, one receiver, against a model -------------------------------------------------
 * Sends and receives of one pair are both ordered, and each receive takes the first message that
 * fits, each message the first receive: there is only one right outcome, however they race. */

enum { PLAN = 400, TAGS = 4, OPEN = -1 };

struct plan {
    int sends, receives;
    int tag[2 * PLAN];               /* of each message */
    int wanted[2 * PLAN];            /* of each receive; MPI_ANY_TAG */
    int any_source[2 * PLAN];
    int match[2 * PLAN];             /* receive -> message */
};

static int fits(const struct plan *p, int receive, int message)
{
    return p->wanted[receive] == MPI_ANY_TAG || p->wanted[receive] == p->tag[message];
}

/* Makes a plan in which in the end nothing is left over. */
static void make(struct plan *p, unsigned seed)
{
    int taken[2 * PLAN] = {0}, r, m;

    memset(p, 0, sizeof *p);
    for (r = 0; r < PLAN; r++) {
        p->wanted[r] = draw(&seed) % 3 == 0 ? MPI_ANY_TAG : (int)(draw(&seed) % TAGS);
        p->any_source[r] = draw(&seed) % 3 == 0;
        p->tag[r] = (int)(draw(&seed) % TAGS);
    }
    p->sends = p->receives = PLAN;
    for (r = 0; r < p->receives; r++) {
        p->match[r] = OPEN;
        for (m = 0; m < p->sends && p->match[r] == OPEN; m++)
            if (!taken[m] && fits(p, r, m)) {
                p->match[r] = m;
                taken[m] = 1;
            }
        /* A receive without a message gets one more, sent last; earlier receives are all served. */
        if (p->match[r] == OPEN) {
            m = p->sends++;
            p->tag[m] = p->wanted[r] == MPI_ANY_TAG ? 0 : p->wanted[r];
            p->match[r] = m;
            taken[m] = 1;
        }
    }
    for (m = 0; m < p->sends; m++)
        if (!taken[m]) {
            p->wanted[p->receives] = p->tag[m];
            p->match[p->receives++] = m;
        }
}

/* When the receives are posted: before the messages, after them, or in the middle of them. */
static void model(unsigned seed)
{
    struct plan *p = get(sizeof *p);
    MPI_Request *request = get(2 * PLAN * sizeof *request);
    MPI_Status status;
    int *got = get(2 * PLAN * sizeof *got), i, timing = (int)(seed % 3);

    make(p, seed);
    if (me == 0) {
        if (timing == 0)
            OK(MPI_Barrier(MPI_COMM_WORLD));
        for (i = 0; i < p->sends; i++)
            OK(MPI_Send(&i, 1, MPI_INT, 1, p->tag[i], MPI_COMM_WORLD));
        if (timing == 1)
            OK(MPI_Barrier(MPI_COMM_WORLD));
    } else {
        if (timing == 1)
            OK(MPI_Barrier(MPI_COMM_WORLD));
        if (me == 1)
            for (i = 0; i < p->receives; i++)
                OK(MPI_Irecv(&got[i], 1, MPI_INT, p->any_source[i] ? MPI_ANY_SOURCE : 0, p->wanted[i], MPI_COMM_WORLD,
                             &request[i]));
        if (timing == 0)
            OK(MPI_Barrier(MPI_COMM_WORLD));
        for (i = 0; me == 1 && i < p->receives; i++) {
            OK(MPI_Wait(&request[i], &status));
            EQUAL(got[i], p->match[i]);
            EQUAL(status.MPI_TAG, p->tag[p->match[i]]);
            EQUAL(status.MPI_SOURCE, 0);
        }
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(p);
    free(request);
    free(got);
}

/* Messages of one tag do not overtake each other, whatever their sizes and protocols. */
static void order_of_sizes(void)
{
    static const int sizes[] = {8, 300000, 0, 70000, 64, 5000, 2000000, 1};
    char *b = get(2000000);
    MPI_Request request[64];
    char *out[64];
    MPI_Status status;
    int i, count, n = (int)(sizeof sizes / sizeof *sizes);

    if (me == 0) {
        for (i = 0; i < 64; i++) {
            int bytes = sizes[i % n];

            out[i] = get((size_t)bytes);
            fill(out[i], (size_t)bytes, (unsigned)i);
            OK(MPI_Isend(out[i], bytes, MPI_BYTE, 1, 9, MPI_COMM_WORLD, &request[i]));
        }
        OK(MPI_Waitall(64, request, MPI_STATUSES_IGNORE));
        for (i = 0; i < 64; i++)
            free(out[i]);
    } else if (me == 1) {
        for (i = 0; i < 64; i++) {
            OK(MPI_Recv(b, 2000000, MPI_BYTE, i % 3 ? 0 : MPI_ANY_SOURCE, i % 5 ? 9 : MPI_ANY_TAG, MPI_COMM_WORLD, &status));
            OK(MPI_Get_count(&status, MPI_BYTE, &count));
            EQUAL(count, sizes[i % n]);
            FILLED(b, (size_t)count, (unsigned)i);
        }
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(b);
}

/* From many senders to a wildcard: each sender's own order holds. */
static void many_sources(void)
{
    int *next = calloc((size_t)np, sizeof *next), i, value;
    MPI_Status status;

    if (me == 0) {
        for (i = 0; i < 200 * (np - 1); i++) {
            OK(MPI_Recv(&value, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status));
            CHECK(status.MPI_SOURCE >= 1 && status.MPI_SOURCE < np);
            EQUAL(value, next[status.MPI_SOURCE]);
            EQUAL(status.MPI_TAG, value % 7);
            next[status.MPI_SOURCE]++;
        }
    } else {
        for (i = 0; i < 200; i++)
            OK(MPI_Send(&i, 1, MPI_INT, 0, i % 7, MPI_COMM_WORLD));
    }
    free(next);
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

/* Long queues, served from the wrong end. */
static void ten_thousand_posted(void)
{
    MPI_Request *request = get(MANY * sizeof *request);
    int *got = get(MANY * sizeof *got), i;

    if (me == 1)
        for (i = 0; i < MANY; i++)
            OK(MPI_Irecv(&got[i], 1, MPI_INT, 0, i, MPI_COMM_WORLD, &request[i]));
    OK(MPI_Barrier(MPI_COMM_WORLD));
    if (me == 0)
        for (i = MANY; i-- > 0;)
            OK(MPI_Send(&i, 1, MPI_INT, 1, i, MPI_COMM_WORLD));
    if (me == 1) {
        OK(MPI_Waitall(MANY, request, MPI_STATUSES_IGNORE));
        for (i = 0; i < MANY; i++)
            EQUAL(got[i], i);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(request);
    free(got);
}

static void ten_thousand_unexpected(void)
{
    MPI_Request *request = get(MANY * sizeof *request);
    int *data = get(MANY * sizeof *data), i, value;

    if (me == 0)
        for (i = 0; i < MANY; i++) {
            data[i] = 3 * i;
            OK(MPI_Isend(&data[i], 1, MPI_INT, 1, i, MPI_COMM_WORLD, &request[i]));
        }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    for (i = MANY; me == 1 && i-- > 0;) {
        OK(MPI_Recv(&value, 1, MPI_INT, 0, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        EQUAL(value, 3 * i);
    }
    if (me == 0)
        OK(MPI_Waitall(MANY, request, MPI_STATUSES_IGNORE));
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(request);
    free(data);
}

/* A wildcard of one communicator never takes another one's message. */
static void communicators_apart(void)
{
    MPI_Comm comm;
    MPI_Request request;
    int value = -1, flag;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    if (me == 0) {
        value = 1;
        OK(MPI_Send(&value, 1, MPI_INT, 1, 0, comm));
        value = 2;
        OK(MPI_Send(&value, 1, MPI_INT, 1, 0, MPI_COMM_WORLD));
    } else if (me == 1) {
        OK(MPI_Irecv(&value, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &request));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        EQUAL(value, 2);
        OK(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
        CHECK(!flag);
        OK(MPI_Recv(&value, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, comm, MPI_STATUS_IGNORE));
        EQUAL(value, 1);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD)); /* or the next test's messages would be seen above */
    OK(MPI_Comm_free(&comm));
}

/* The largest tag, and tag 0, are tags like others. */
static void border_tags(void)
{
    int *bound, flag, value;

    OK(MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &bound, &flag));
    CHECK(flag);
    CHECK(*bound >= 32767);
    if (me == 0) {
        value = 5;
        OK(MPI_Send(&value, 1, MPI_INT, 1, *bound, MPI_COMM_WORLD));
        value = 6;
        OK(MPI_Send(&value, 1, MPI_INT, 1, 0, MPI_COMM_WORLD));
    } else if (me == 1) {
        OK(MPI_Recv(&value, 1, MPI_INT, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        EQUAL(value, 6);
        OK(MPI_Recv(&value, 1, MPI_INT, 0, *bound, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        EQUAL(value, 5);
    }
}

int main(int argc, char **argv)
{
    unsigned seed;

    test_begin(&argc, &argv);
    for (seed = 0; seed < 30; seed++)
        model(seed);
    order_of_sizes();
    many_sources();
    ten_thousand_posted();
    ten_thousand_unexpected();
    communicators_apart();
    border_tags();
    return test_end();
}
