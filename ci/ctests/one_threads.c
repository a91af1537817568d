/* Threads of one rank that send to and receive from each other at the same time. */
#include <mpi.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { THREADS = 4, MESSAGES = 2000 };

static void *work(void *argument) {
    int me = (int)(MPI_Aint)argument, partner = me ^ 1, i, in;
    for (i = 0; i < MESSAGES; i++) {
        if (me & 1) {
            MPI_Send(&i, 1, MPI_INT, 0, me, MPI_COMM_WORLD);
            MPI_Recv(&in, 1, MPI_INT, 0, partner, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(&in, 1, MPI_INT, 0, partner, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Send(&i, 1, MPI_INT, 0, me, MPI_COMM_WORLD);
        }
        if (in != i) {
            fprintf(stderr, "thread %d: %d instead of %d\n", me, in, i);
            return argument ? argument : (void *)1;
        }
    }
    return NULL;
}

static MPI_Request waited_for;

static void *wait_for_it(void *unused) {
    (void)unused;
    MPI_Wait(&waited_for, MPI_STATUS_IGNORE);
    return NULL;
}

/* What one thread cancels, another one that waits for it notices at once. Returns 1 if it does not. */
static int cancelled_while_waiting(void) {
    const struct timespec moment = {0, 50000000};
    pthread_t thread;
    MPI_Request same;
    double begun;
    MPI_Irecv(NULL, 0, MPI_INT, 0, 1000, MPI_COMM_WORLD, &waited_for);
    same = waited_for;
    pthread_create(&thread, NULL, wait_for_it, NULL);
    nanosleep(&moment, NULL);
    begun = MPI_Wtime();
    MPI_Cancel(&same);
    pthread_join(thread, NULL);
    if (MPI_Wtime() - begun < 0.2) return 0;
    fprintf(stderr, "the waiting thread slept on for %f s\n", MPI_Wtime() - begun);
    return 1;
}

int main(void) {
    pthread_t threads[THREADS];
    MPI_Aint i;
    int provided, failed = 0;
    void *outcome;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
    for (i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, (void *)i);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &outcome);
        failed |= outcome != NULL;
    }
    failed |= cancelled_while_waiting();
    MPI_Finalize();
    return failed;
}
