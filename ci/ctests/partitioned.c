/* ranks: 1 2 3 */
/* Partitioned communication: partitions of any number on both sides, marked in any order and by several threads. */
#include "check.h"

#if AT_LEAST(4, 0)
#include <pthread.h>

enum { TOTAL = 5040, ROUNDS = 3 };

static int out[2 * TOTAL], in[2 * TOTAL];
static int left, right, one_rank; /* each rank sends to `right` and receives from `left` */

static void fill_ints(int *data, int n, int seed)
{
    int i;

    for (i = 0; i < n; i++)
        data[i] = seed * 100000 + i;
}

static void exchange(int sparts, int rparts, int how)
{
    MPI_Request request[2];
    MPI_Status status[2];
    int round, i, flag, count, list[TOTAL];

    OK(MPI_Psend_init(out, sparts, TOTAL / sparts, MPI_INT, right, 3, MPI_COMM_WORLD, MPI_INFO_NULL, &request[0]));
    OK(MPI_Precv_init(in, rparts, TOTAL / rparts, MPI_INT, left, 3, MPI_COMM_WORLD, MPI_INFO_NULL, &request[1]));
    OK(MPI_Parrived(request[1], rparts - 1, &flag)); /* not active */
    CHECK(flag);
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    for (round = 0; round < ROUNDS; round++) {
        fill_ints(out, TOTAL, me + 10 * round);
        memset(in, 0, sizeof in);
        OK(MPI_Startall(2, request));
        if (one_rank) { /* nothing is ready, so nothing has arrived */
            OK(MPI_Parrived(request[1], 0, &flag));
            CHECK(!flag);
        }
        OK(MPI_Test(&request[0], &flag, MPI_STATUS_IGNORE));
        CHECK(!flag);
        for (i = 0; i < sparts; i++)
            list[i] = how == 2 ? (i * 11 + 5) % sparts : sparts - 1 - i;
        switch (how) {
            case 0:
                for (i = 0; i < sparts; i++)
                    OK(MPI_Pready(list[i], request[0]));
                break;
            case 1:
                OK(MPI_Pready_range(sparts / 2, sparts - 1, request[0]));
                if (sparts > 1)
                    OK(MPI_Pready_range(0, sparts / 2 - 1, request[0]));
                break;
            case 2:
                OK(MPI_Pready_list(sparts, list, request[0]));
                break;
        }
        for (i = 0; i < rparts; i++) {
            int j;

            do
                OK(MPI_Parrived(request[1], i, &flag));
            while (!flag);
            for (j = i * (TOTAL / rparts); j < (i + 1) * (TOTAL / rparts); j++)
                EQUAL(in[j], (left + 10 * round) * 100000 + j);
        }
        OK(MPI_Waitall(2, request, status));
        EQUAL(status[1].MPI_SOURCE, left);
        EQUAL(status[1].MPI_TAG, 3);
        OK(MPI_Get_count(&status[1], MPI_INT, &count));
        EQUAL(count, TOTAL);
        CHECK(request[0] != MPI_REQUEST_NULL && request[1] != MPI_REQUEST_NULL);
    }
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
    CHECK(request[0] == MPI_REQUEST_NULL);
}

/* Every second int, out of the end of each partition into the start, partitions of different number. */
static void derived(void)
{
    MPI_Datatype every_second;
    MPI_Request request[2];
    int i;

    OK(MPI_Type_create_resized(MPI_INT, 0, 2 * sizeof(int), &every_second));
    OK(MPI_Type_commit(&every_second));
    fill_ints(out, 2 * TOTAL, me);
    memset(in, 0, sizeof in);
    OK(MPI_Psend_init_c(out, 7, TOTAL / 7, every_second, right, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[0]));
    OK(MPI_Precv_init_c(in, 15, TOTAL / 15, every_second, left, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[1]));
    OK(MPI_Type_free(&every_second)); /* the requests keep it */
    OK(MPI_Startall(2, request));
    OK(MPI_Pready_range(0, 6, request[0]));
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    for (i = 0; i < 2 * TOTAL; i++)
        EQUAL(in[i], i % 2 ? 0 : left * 100000 + i);
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
}

/* Messages with the same envelope, wildcards among the receives, pass by. Requests are matched in the order in which
   they were made, whatever the order of starting them. */
static void matching(void)
{
    MPI_Request part[4], plain[2];
    int a[2] = {0, 0}, b[2] = {10 + me, 20 + me}, letter = 30 + me, got = 0, i;
    MPI_Status status;

    OK(MPI_Irecv(&got, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &plain[0]));
    for (i = 0; i < 2; i++) {
        OK(MPI_Precv_init(&a[i], 1, 1, MPI_INT, left, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &part[2 + i]));
        OK(MPI_Psend_init(&b[i], 1, 1, MPI_INT, right, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &part[i]));
    }
    OK(MPI_Start(&part[1]));
    OK(MPI_Pready(0, part[1]));
    OK(MPI_Start(&part[0]));
    OK(MPI_Pready(0, part[0]));
    OK(MPI_Startall(2, &part[2]));
    OK(MPI_Waitall(4, part, MPI_STATUSES_IGNORE));
    EQUAL(a[0], 10 + left);
    EQUAL(a[1], 20 + left);
    OK(MPI_Test(&plain[0], &i, &status));
    EQUAL(i, 0);
    OK(MPI_Barrier(MPI_COMM_WORLD));
    OK(MPI_Send(&letter, 1, MPI_INT, right, 0, MPI_COMM_WORLD));
    OK(MPI_Wait(&plain[0], &status));
    EQUAL(got, 30 + left);
    for (i = 0; i < 4; i++)
        OK(MPI_Request_free(&part[i]));
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

static void nobody(void)
{
    MPI_Request request[2];
    MPI_Status status;
    int i, flag;

    OK(MPI_Psend_init(out, 3, 1, MPI_INT, MPI_PROC_NULL, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[0]));
    OK(MPI_Precv_init(in, 4, 1, MPI_INT, MPI_PROC_NULL, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[1]));
    for (i = 0; i < 2; i++) {
        OK(MPI_Startall(2, request));
        OK(MPI_Pready_range(0, 1, request[0]));
        OK(MPI_Test(&request[0], &flag, MPI_STATUS_IGNORE));
        CHECK(!flag);
        OK(MPI_Pready(2, request[0]));
        OK(MPI_Wait(&request[0], MPI_STATUS_IGNORE));
        OK(MPI_Parrived(request[1], 3, &flag));
        CHECK(flag);
        OK(MPI_Wait(&request[1], &status));
        EQUAL(status.MPI_SOURCE, MPI_PROC_NULL);
        EQUAL(status.MPI_TAG, MPI_ANY_TAG);
    }
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
}

static void errors(void)
{
    MPI_Comm world = MPI_COMM_WORLD;
    MPI_Info none = MPI_INFO_NULL;
    MPI_Request send, receive, plain;
    MPI_Datatype overlapping;
    int flag, list[2] = {1, 4}, sink;

    FAILS(MPI_Psend_init(out, -1, 1, MPI_INT, 0, 0, world, none, &send), MPI_ERR_ARG);
    FAILS(MPI_Psend_init(out, 1, -1, MPI_INT, 0, 0, world, none, &send), MPI_ERR_COUNT);
    FAILS(MPI_Psend_init(out, 1, 1, MPI_DATATYPE_NULL, 0, 0, world, none, &send), MPI_ERR_TYPE);
    FAILS(MPI_Psend_init(out, 1, 1, MPI_INT, np, 0, world, none, &send), MPI_ERR_RANK);
    FAILS(MPI_Psend_init(out, 1, 1, MPI_INT, 0, -9, world, none, &send), MPI_ERR_TAG);
    FAILS(MPI_Psend_init(out, 1, 1, MPI_INT, 0, 0, MPI_COMM_NULL, none, &send), MPI_ERR_COMM);
    FAILS(MPI_Psend_init(NULL, 1, 1, MPI_INT, 0, 0, world, none, &send), MPI_ERR_BUFFER);
    FAILS(MPI_Precv_init(in, 1, 1, MPI_INT, MPI_ANY_SOURCE, 0, world, none, &receive), MPI_ERR_RANK);
    FAILS(MPI_Precv_init(in, 1, 1, MPI_INT, 0, MPI_ANY_TAG, world, none, &receive), MPI_ERR_TAG);
    OK(MPI_Type_create_resized(MPI_INT, 0, 2, &overlapping));
    OK(MPI_Type_commit(&overlapping));
    FAILS(MPI_Precv_init(in, 2, 1, overlapping, 0, 0, world, none, &receive), MPI_ERR_TYPE);
    OK(MPI_Type_free(&overlapping));
    FAILS(MPI_Psend_init_c(out, 2147483647, (MPI_Count)1 << 60, MPI_INT, 0, 0, world, none, &send), MPI_ERR_COUNT);

    OK(MPI_Psend_init(out, 4, 1, MPI_INT, me, 7, world, none, &send));
    OK(MPI_Precv_init(in, 2, 2, MPI_INT, me, 7, world, none, &receive));
    FAILS(MPI_Pready(0, send), MPI_ERR_REQUEST); /* not started */
    OK(MPI_Start(&send));
    FAILS(MPI_Start(&send), MPI_ERR_REQUEST);
    OK(MPI_Start(&receive));
    FAILS(MPI_Pready(-1, send), MPI_ERR_ARG);
    FAILS(MPI_Pready(4, send), MPI_ERR_ARG);
    FAILS(MPI_Pready_range(2, 1, send), MPI_ERR_ARG);
    FAILS(MPI_Pready_range(2, 4, send), MPI_ERR_ARG);
    FAILS(MPI_Pready_list(2, list, send), MPI_ERR_ARG);
    FAILS(MPI_Pready(0, receive), MPI_ERR_REQUEST);
    FAILS(MPI_Parrived(send, 0, &flag), MPI_ERR_REQUEST);
    FAILS(MPI_Parrived(receive, 2, &flag), MPI_ERR_ARG);
    FAILS(MPI_Parrived(receive, -1, &flag), MPI_ERR_ARG);
    FAILS(MPI_Pready(0, MPI_REQUEST_NULL), MPI_ERR_REQUEST);
    FAILS(MPI_Cancel(&send), MPI_ERR_REQUEST);
    OK(MPI_Pready(1, send));
    FAILS(MPI_Pready(1, send), MPI_ERR_ARG);
    OK(MPI_Pready(0, send));
    OK(MPI_Pready_range(2, 3, send));
    OK(MPI_Wait(&receive, MPI_STATUS_IGNORE));
    OK(MPI_Wait(&send, MPI_STATUS_IGNORE));
    FAILS(MPI_Pready(0, send), MPI_ERR_REQUEST); /* over */
    OK(MPI_Request_free(&receive));
    OK(MPI_Request_free(&send));
    OK(MPI_Irecv(&sink, 1, MPI_INT, me, 8, world, &plain));
    FAILS(MPI_Parrived(plain, 0, &flag), MPI_ERR_REQUEST);
    FAILS(MPI_Pready(0, plain), MPI_ERR_REQUEST);
    OK(MPI_Cancel(&plain));
    OK(MPI_Wait(&plain, MPI_STATUS_IGNORE));
}

enum { THREADS = 4, PARTS = 64 };

static MPI_Request shared[2];

static void *marks(void *first)
{
    int i;

    for (i = *(int *)first; i < PARTS; i += THREADS)
        OK(MPI_Pready(i, shared[0]));
    return NULL;
}

static void *waits(void *unused)
{
    (void)unused;
    OK(MPI_Wait(&shared[0], MPI_STATUS_IGNORE));
    return NULL;
}

/* One thread waits for the send whose partitions others mark. */
static void threads(void)
{
    pthread_t thread[THREADS], waiter;
    int first[THREADS], round, i;

    OK(MPI_Psend_init(out, PARTS, 4, MPI_INT, right, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &shared[0]));
    OK(MPI_Precv_init(in, PARTS / 4, 16, MPI_INT, left, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &shared[1]));
    for (round = 0; round < 20; round++) {
        fill_ints(out, PARTS * 4, me + 10 * round);
        OK(MPI_Startall(2, shared));
        CHECK(pthread_create(&waiter, NULL, waits, NULL) == 0);
        for (i = 0; i < THREADS; i++) {
            first[i] = i;
            CHECK(pthread_create(&thread[i], NULL, marks, &first[i]) == 0);
        }
        OK(MPI_Wait(&shared[1], MPI_STATUS_IGNORE));
        for (i = 0; i < PARTS * 4; i++)
            EQUAL(in[i], (left + 10 * round) * 100000 + i);
        for (i = 0; i < THREADS; i++)
            CHECK(pthread_join(thread[i], NULL) == 0);
        CHECK(pthread_join(waiter, NULL) == 0);
    }
    OK(MPI_Request_free(&shared[0]));
    OK(MPI_Request_free(&shared[1]));
}

/* Partitions that are long enough to be copied by both ranks. */
static void large(void)
{
    enum { PARTITION = 3 << 20 };
    char *from = get(4 * PARTITION), *to = get(4 * PARTITION);
    MPI_Request request[2];

    fill(from, 4 * PARTITION, me);
    OK(MPI_Psend_init(from, 4, PARTITION, MPI_BYTE, right, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[0]));
    OK(MPI_Precv_init(to, 3, 4 * PARTITION / 3, MPI_BYTE, left, 0, MPI_COMM_WORLD, MPI_INFO_NULL, &request[1]));
    OK(MPI_Startall(2, request));
    OK(MPI_Pready_range(0, 3, request[0]));
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    FILLED(to, 4 * PARTITION, left);
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
    free(from);
    free(to);
}

int main(int argc, char **argv)
{
    static const int parts[] = {1, 2, 7, 16, 45, 5040};
    int provided = -1, i, j;

    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS)
        check_failed(__FILE__, __LINE__, "MPI_Init_thread failed");
    test_ready();
    left = (me + np - 1) % np;
    right = (me + 1) % np;
    one_rank = np == 1;
    for (i = 0; i < 6; i++)
        for (j = 0; j < 6; j++)
            exchange(parts[i], parts[j], (i + j) % 3);
    derived();
    matching();
    nobody();
    errors();
    large();
    if (provided == MPI_THREAD_MULTIPLE)
        threads();
    return test_end();
}

#else
int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    return test_end();
}
#endif
