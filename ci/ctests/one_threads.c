/* Threads of one rank that send to and receive from each other at the same time. */
#include <mpi.h>
#include <pthread.h>
#include <stdio.h>

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
    MPI_Finalize();
    return failed;
}
