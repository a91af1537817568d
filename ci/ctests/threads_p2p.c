/* ranks: 2 4 */
/* MPI_THREAD_MULTIPLE with more threads than processors: every way to wait and to probe, at the same time, on the same
 * communicators and on others, while some threads compute, some sleep, and some wait for what comes last. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 12, ROUNDS = 40, LONGEST = 200000 };

static MPI_Comm comm[THREADS];
static int peer; /* ranks talk in pairs */
static const int size_of[8] = {0, 1, 40, 41, 5000, 9000, 40000, LONGEST};

/* Waits in each way that there is. */
static void complete(int how, int n, MPI_Request *request)
{
    MPI_Status status[4];
    int left = n, index[4], flag, some, i;

    switch (how % 7) {
    case 0:
        OK(MPI_Waitall(n, request, MPI_STATUSES_IGNORE));
        return;
    case 1:
        for (i = 0; i < n; i++)
            OK(MPI_Wait(&request[i], &status[0]));
        return;
    case 2:
        for (; left > 0; left--) {
            OK(MPI_Waitany(n, request, &i, &status[0]));
            CHECK(i != MPI_UNDEFINED);
        }
        return;
    case 3:
        while (left > 0) {
            OK(MPI_Waitsome(n, request, &some, index, status));
            CHECK(some > 0);
            left -= some;
        }
        return;
    case 4:
        for (i = 0; i < n; i++)
            do
                OK(MPI_Test(&request[i], &flag, &status[0]));
            while (!flag);
        return;
    case 5:
        do {
            OK(MPI_Testall(n, request, &flag, status));
            if (!flag)
                nap(1);
        } while (!flag);
        return;
    default:
        while (left > 0) {
            OK(MPI_Testany(n, request, &i, &flag, &status[0]));
            left -= flag && i != MPI_UNDEFINED;
        }
    }
}

/* All threads of two ranks exchange messages of all sizes, some on one communicator by tags, some on their own. */
static void *exchange(void *argument)
{
    int id = *(int *)argument, round, i;
    MPI_Comm on = id % 2 ? comm[id] : MPI_COMM_WORLD;
    char *out[2], *in[2];
    MPI_Request request[4];

    for (i = 0; i < 2; i++) {
        out[i] = get(LONGEST);
        in[i] = get(LONGEST);
    }
    for (round = 0; round < ROUNDS; round++) {
        int bytes[2] = {size_of[(round + id) % 8], size_of[(round * 3 + id) % 8]};

        for (i = 0; i < 2; i++) {
            fill(out[i], (size_t)bytes[i], (unsigned)(me * 31 + id * 7 + round + i));
            OK(MPI_Irecv(in[i], LONGEST, MPI_BYTE, peer, 2 * id + i, on, &request[i]));
        }
        for (i = 0; i < 2; i++)
            OK(((round + id) % 3 ? MPI_Isend : MPI_Issend)(out[i], bytes[i], MPI_BYTE, peer, 2 * id + i, on,
                                                           &request[2 + i]));
        complete(round + id, 4, request);
        for (i = 0; i < 2; i++)
            FILLED(in[i], (size_t)bytes[i], (unsigned)(peer * 31 + id * 7 + round + i));
    }
    for (i = 0; i < 2; i++) {
        free(out[i]);
        free(in[i]);
    }
    return NULL;
}

/* Half of the threads send, half look first: each by its own tag with Probe or Iprobe, then all by one with Mprobe. */
enum { MESSAGES = 60 };

static int taken[THREADS / 2 * MESSAGES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *probing(void *argument)
{
    int id = *(int *)argument, half = THREADS / 2, i, k, flag, count;
    int *b = get(LONGEST + sizeof *b);
    MPI_Request request;
    MPI_Message message;
    MPI_Status status;

    for (i = 0; i < MESSAGES; i++) {
        int tag = 1000 + id % half, ints = size_of[(i + id) % 8] / 4 + 1;

        if (id < half) {
            for (k = 0; k < ints; k++)
                b[k] = i + k;
            OK(MPI_Send(b, ints, MPI_INT, peer, tag, MPI_COMM_WORLD));
            continue;
        }
        if (id % 2) {
            OK(MPI_Probe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &status));
        } else {
            do
                OK(MPI_Iprobe(peer, tag, MPI_COMM_WORLD, &flag, &status));
            while (!flag);
        }
        OK(MPI_Get_count(&status, MPI_INT, &count));
        EQUAL(count, size_of[(i + id - half) % 8] / 4 + 1);
        OK(MPI_Recv(b, count, MPI_INT, status.MPI_SOURCE, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        for (k = 0; k < count; k++)
            EQUAL(b[k], i + k);
    }
    for (i = 0; i < MESSAGES; i++) {
        int number = id * MESSAGES + i, ints = size_of[number % 8] / 4 + 1;

        if (id < half) {
            for (k = 0; k < ints; k++)
                b[k] = number + k;
            OK(MPI_Isend(b, ints, MPI_INT, peer, 2000, MPI_COMM_WORLD, &request));
            complete(i, 1, &request);
            continue;
        }
        if (id % 2) {
            OK(MPI_Mprobe(peer, 2000, MPI_COMM_WORLD, &message, &status));
        } else {
            do
                OK(MPI_Improbe(MPI_ANY_SOURCE, 2000, MPI_COMM_WORLD, &flag, &message, &status));
            while (!flag);
        }
        OK(MPI_Get_count(&status, MPI_INT, &count));
        if (i % 2) {
            OK(MPI_Mrecv(b, count, MPI_INT, &message, MPI_STATUS_IGNORE));
        } else {
            OK(MPI_Imrecv(b, count, MPI_INT, &message, &request));
            complete(i, 1, &request);
        }
        CHECK(b[0] >= 0 && b[0] < half * MESSAGES);
        EQUAL(count, size_of[b[0] % 8] / 4 + 1);
        for (k = 0; k < count; k++)
            EQUAL(b[k], b[0] + k);
        pthread_mutex_lock(&lock);
        taken[b[0]]++;
        pthread_mutex_unlock(&lock);
    }
    free(b);
    return NULL;
}

/* One thread waits, another one ends its waiting: by a cancel, by a message to this rank itself, by handing a request on. */
static MPI_Request handed[THREADS / 2];
static int handed_in[THREADS / 2];
static pthread_barrier_t both[THREADS / 2];

static void *helping(void *argument)
{
    int id = *(int *)argument, half = THREADS / 2, pair = id % half, round, flag, value;
    MPI_Request request;
    MPI_Status status;

    for (round = 0; round < ROUNDS; round++) {
        int tag = 3000 + pair;

        if (id < half) {
            OK(MPI_Irecv(&handed_in[pair], 1, MPI_INT, me, tag, comm[pair], &handed[pair]));
            pthread_barrier_wait(&both[pair]);
            OK(MPI_Wait(&handed[pair], &status));
            OK(MPI_Test_cancelled(&status, &flag));
            EQUAL(flag, round % 3 == 0);
            if (!flag)
                EQUAL(handed_in[pair], round);
            pthread_barrier_wait(&both[pair]);
            /* Now the other one waits for what was started here. */
            handed_in[pair] = -1;
            OK(MPI_Irecv(&handed_in[pair], 1, MPI_INT, me, tag, comm[pair], &handed[pair]));
            pthread_barrier_wait(&both[pair]);
            OK(MPI_Ssend(&round, 1, MPI_INT, me, tag, comm[pair]));
            pthread_barrier_wait(&both[pair]);
        } else {
            pthread_barrier_wait(&both[pair]);
            request = handed[pair];
            if ((round + pair) % 2)
                nap(1);
            value = round;
            if (round % 3 == 0)
                OK(MPI_Cancel(&request));
            else if (round % 3 == 1)
                OK(MPI_Send(&value, 1, MPI_INT, me, tag, comm[pair]));
            else
                OK(MPI_Ssend(&value, 1, MPI_INT, me, tag, comm[pair]));
            pthread_barrier_wait(&both[pair]);
            pthread_barrier_wait(&both[pair]);
            OK(MPI_Wait(&handed[pair], MPI_STATUS_IGNORE));
            EQUAL(handed_in[pair], round);
            pthread_barrier_wait(&both[pair]);
        }
    }
    return NULL;
}

/* Communicators are made and freed by all threads at a time, each from its own. */
static void *making(void *argument)
{
    int id = *(int *)argument, round, sum, rank, size;
    MPI_Comm copy, part;

    for (round = 0; round < 8; round++) {
        OK(MPI_Comm_dup(comm[id], &copy));
        OK(MPI_Comm_split(copy, me % 2, me, &part));
        OK(MPI_Comm_rank(part, &rank));
        OK(MPI_Comm_size(part, &size));
        EQUAL(rank, me / 2);
        OK(MPI_Allreduce(&id, &sum, 1, MPI_INT, MPI_SUM, copy));
        EQUAL(sum, id * np);
        OK(MPI_Sendrecv(&id, 1, MPI_INT, (rank + 1) % size, round, &sum, 1, MPI_INT, (rank + size - 1) % size, round,
                        part, MPI_STATUS_IGNORE));
        EQUAL(sum, id);
        OK(MPI_Comm_free(&copy));
        OK(MPI_Comm_free(&part));
    }
    return NULL;
}

/* Waits from the beginning to the end. */
static void *patient(void *argument)
{
    int value = -1;

    (void)argument;
    OK(MPI_Recv(&value, 1, MPI_INT, MPI_ANY_SOURCE, 4000, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    EQUAL(value, 77);
    return NULL;
}

/* Asks again and again for what comes last. */
static void *restless(void *argument)
{
    int flag = 0;

    (void)argument;
    while (!flag)
        OK(MPI_Iprobe(MPI_ANY_SOURCE, 4001, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
    OK(MPI_Recv(NULL, 0, MPI_INT, MPI_ANY_SOURCE, 4001, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    return NULL;
}

/* Buffered sends of many threads; the detaching one waits for all of them. */
static void *buffered(void *argument)
{
    int id = *(int *)argument, i;
    char *b = get(LONGEST);

    for (i = 0; i < 10; i++) {
        int bytes = size_of[(i + id) % 8];

        fill(b, (size_t)bytes, (unsigned)(id + i));
        OK(MPI_Bsend(b, bytes, MPI_BYTE, peer, 5000 + id, MPI_COMM_WORLD));
    }
    for (i = 0; i < 10; i++) {
        int bytes = size_of[(i + id) % 8];

        OK(MPI_Recv(b, LONGEST, MPI_BYTE, peer, 5000 + id, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(b, (size_t)bytes, (unsigned)(id + i));
    }
    free(b);
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
    int provided, i, value = 77, bytes = THREADS * 10 * (LONGEST + MPI_BSEND_OVERHEAD);
    pthread_t waiting, asking;
    void *buffer = get((size_t)bytes), *detached;

    OK(MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided));
    test_ready();
    EQUAL(provided, MPI_THREAD_MULTIPLE);
    peer = me ^ 1;
    for (i = 0; i < THREADS; i++)
        OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm[i]));
    for (i = 0; i < THREADS / 2; i++)
        pthread_barrier_init(&both[i], NULL, 2);
    CHECK(pthread_create(&waiting, NULL, patient, NULL) == 0);
    together(exchange);
    CHECK(pthread_create(&asking, NULL, restless, NULL) == 0);
    together(probing);
    for (i = 0; i < THREADS / 2 * MESSAGES; i++)
        EQUAL(taken[i], 1);
    together(helping);
    together(making);
    OK(MPI_Buffer_attach(buffer, bytes));
    together(buffered);
    OK(MPI_Buffer_detach(&detached, &bytes));
    OK(MPI_Send(NULL, 0, MPI_INT, peer, 4001, MPI_COMM_WORLD));
    OK(MPI_Send(&value, 1, MPI_INT, peer, 4000, MPI_COMM_WORLD));
    CHECK(pthread_join(waiting, NULL) == 0);
    CHECK(pthread_join(asking, NULL) == 0);
    for (i = 0; i < THREADS; i++)
        OK(MPI_Comm_free(&comm[i]));
    free(buffer);
    return test_end();
}
