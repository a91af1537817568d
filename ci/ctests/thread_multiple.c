/* ranks: 2 3 */
/* MPI_THREAD_MULTIPLE: many threads of a rank talk at the same time. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 4, ROUNDS = 500, LARGE = 200000 };

static MPI_Comm comm[THREADS];

/* Each thread plays ping-pong with its counterpart, by its own tag on one communicator. */
static void *ping_pong(void *argument)
{
    int id = *(int *)argument, value, i;

    for (i = 0; i < ROUNDS && me < 2; i++) {
        value = i * THREADS + id;
        if (me == 0) {
            OK(MPI_Send(&value, 1, MPI_INT, 1, id, MPI_COMM_WORLD));
            OK(MPI_Recv(&value, 1, MPI_INT, 1, id, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
            EQUAL(value, i * THREADS + id + 1);
        } else {
            OK(MPI_Recv(&value, 1, MPI_INT, 0, id, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
            EQUAL(value, i * THREADS + id);
            value++;
            OK(MPI_Send(&value, 1, MPI_INT, 0, id, MPI_COMM_WORLD));
        }
    }
    return NULL;
}

/* Large messages round a ring, nonblocking, each thread on its own communicator; and collectives between. */
static void *rings(void *argument)
{
    int id = *(int *)argument, i, right = (me + 1) % np, left = (me + np - 1) % np, mine, sum;
    char *out = get(LARGE), *in = get(LARGE);
    MPI_Request request[2];

    for (i = 0; i < 20; i++) {
        fill(out, LARGE, (unsigned)(me * 50 + id * 7 + i));
        OK(MPI_Irecv(in, LARGE, MPI_BYTE, left, 5, comm[id], &request[0]));
        OK(MPI_Isend(out, LARGE, MPI_BYTE, right, 5, comm[id], &request[1]));
        OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
        FILLED(in, LARGE, (unsigned)(left * 50 + id * 7 + i));
        mine = me + id;
        OK(MPI_Allreduce(&mine, &sum, 1, MPI_INT, MPI_SUM, comm[id]));
        EQUAL(sum, np * (np - 1) / 2 + np * id);
    }
    free(out);
    free(in);
    return NULL;
}

/* A thread that waits in a receive does not keep the others from sending to it. */
static void *to_itself(void *argument)
{
    int id = *(int *)argument, value = -1;

    if (id == 0) {
        OK(MPI_Recv(&value, 1, MPI_INT, me, 900, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        EQUAL(value, 42);
    } else if (id == 1) {
        nap(20);
        value = 42;
        OK(MPI_Send(&value, 1, MPI_INT, me, 900, MPI_COMM_WORLD));
    }
    return NULL;
}

/* Matched probes: no two threads get one message. */
static int taken[ROUNDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *takers(void *argument)
{
    int i, value;
    MPI_Message message;

    (void)argument;
    for (i = 0; i < ROUNDS / THREADS; i++) {
        if (me == 0) {
            OK(MPI_Mprobe(MPI_ANY_SOURCE, 901, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE));
            OK(MPI_Mrecv(&value, 1, MPI_INT, &message, MPI_STATUS_IGNORE));
            CHECK(value >= 0 && value < ROUNDS);
            pthread_mutex_lock(&lock);
            taken[value]++;
            pthread_mutex_unlock(&lock);
        } else if (me == 1) {
            value = *(int *)argument * (ROUNDS / THREADS) + i;
            OK(MPI_Send(&value, 1, MPI_INT, 0, 901, MPI_COMM_WORLD));
        }
    }
    return NULL;
}

static void together(void *(*body)(void *))
{
    pthread_t thread[THREADS];
    int id[THREADS], i;

    for (i = 0; i < THREADS; i++) {
        id[i] = i;
        CHECK(pthread_create(&thread[i], NULL, body, &id[i]) == 0);
    }
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

int main(int argc, char **argv)
{
    int provided, flag, i;

    OK(MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided));
    test_ready();
    EQUAL(provided, MPI_THREAD_MULTIPLE);
    OK(MPI_Query_thread(&provided));
    EQUAL(provided, MPI_THREAD_MULTIPLE);
    OK(MPI_Is_thread_main(&flag));
    CHECK(flag);
    for (i = 0; i < THREADS; i++)
        OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm[i]));
    together(ping_pong);
    together(rings);
    together(to_itself);
    together(takers);
    for (i = 0; me == 0 && i < ROUNDS; i++)
        EQUAL(taken[i], 1);
    for (i = 0; i < THREADS; i++)
        OK(MPI_Comm_free(&comm[i]));
    return test_end();
}
