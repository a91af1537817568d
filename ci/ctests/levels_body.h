/* What the programs `level_*` share: LEVEL is the level of thread support that one asks for, and gets at least. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 6, ROUNDS = 200 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* A send and a receive in this rank, of a size that depends on the round. */
static void talk(int id, int round)
{
    int right = (me + 1) % np, left = (me + np - 1) % np, out[300], in[300], n = 1 + round % 300, i;
    MPI_Request request;

    for (i = 0; i < n; i++)
        out[i] = me * 1000 + round + i;
    OK(MPI_Irecv(in, n, MPI_INT, left, id, MPI_COMM_WORLD, &request));
    OK(MPI_Send(out, n, MPI_INT, right, id, MPI_COMM_WORLD));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    for (i = 0; i < n; i++)
        EQUAL(in[i], left * 1000 + round + i);
}

static void *thread(void *argument)
{
    int id = *(int *)argument, round, flag, provided;

    /* These may be called by any thread at any level. */
    OK(MPI_Is_thread_main(&flag));
    CHECK(!flag);
    OK(MPI_Query_thread(&provided));
    CHECK(provided >= LEVEL);
    OK(MPI_Initialized(&flag));
    CHECK(flag);
    if (LEVEL < MPI_THREAD_SERIALIZED)
        return NULL;
    for (round = 0; round < ROUNDS; round++) {
        if (LEVEL == MPI_THREAD_MULTIPLE) {
            talk(id, round);
            continue;
        }
        /* One at a time, each call by itself. */
        {
            int out = round, in = -1, done = 0;
            MPI_Request request;

            pthread_mutex_lock(&turn);
            OK(MPI_Irecv(&in, 1, MPI_INT, me, id, MPI_COMM_WORLD, &request));
            pthread_mutex_unlock(&turn);
            pthread_mutex_lock(&turn);
            OK(MPI_Send(&out, 1, MPI_INT, me, id, MPI_COMM_WORLD));
            pthread_mutex_unlock(&turn);
            while (!done) {
                pthread_mutex_lock(&turn);
                OK(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
                pthread_mutex_unlock(&turn);
            }
            EQUAL(in, round);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int provided = -1, again = -1, flag = 0, id[THREADS], i;
    pthread_t threads[THREADS];

    OK(MPI_Init_thread(&argc, &argv, LEVEL, &provided));
    test_ready();
    CHECK(provided >= LEVEL && provided <= MPI_THREAD_MULTIPLE);
    OK(MPI_Query_thread(&again));
    EQUAL(again, provided);
    OK(MPI_Is_thread_main(&flag));
    CHECK(flag);
    CHECK(MPI_THREAD_SINGLE < MPI_THREAD_FUNNELED && MPI_THREAD_FUNNELED < MPI_THREAD_SERIALIZED &&
          MPI_THREAD_SERIALIZED < MPI_THREAD_MULTIPLE);
    for (i = 0; i < ROUNDS; i++)
        talk(99, i);
    if (LEVEL > MPI_THREAD_SINGLE) {
        for (i = 0; i < THREADS; i++) {
            id[i] = i;
            CHECK(pthread_create(&threads[i], NULL, thread, &id[i]) == 0);
        }
        /* Meanwhile this thread talks too, if that is allowed. */
        for (i = 0; i < ROUNDS && LEVEL != MPI_THREAD_SERIALIZED; i++)
            talk(100, i);
        for (i = 0; i < THREADS; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
    }
    return test_end();
}
