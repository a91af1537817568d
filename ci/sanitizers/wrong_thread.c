/* A program that ThreadSanitizer must report: two threads receive into one buffer. */
#include <mpi.h>
#include <pthread.h>

static int value;

static void *receive(void *tag)
{
    MPI_Recv(&value, 1, MPI_INT, 1, (int)(long)tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    value++;
    return NULL;
}

int main(int argc, char **argv)
{
    int rank, provided;
    pthread_t thread;

    MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0) {
        pthread_create(&thread, NULL, receive, (void *)1);
        receive((void *)2);
        pthread_join(thread, NULL);
    } else {
        for (int tag = 1; tag <= 2; tag++)
            MPI_Send(&rank, 1, MPI_INT, 0, tag, MPI_COMM_WORLD);
    }
    MPI_Finalize();
    return 0;
}
