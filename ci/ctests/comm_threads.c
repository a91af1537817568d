/* ranks: 1 2 3 5 */
/* Threads that make communicators at the same time, each over others of the same processes: no two of them, in any
   process, may take each other's messages. */
#include "check.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 60 };

static MPI_Comm base[THREADS], made[THREADS][ROUNDS];

static MPI_Comm make(int thread, int round)
{
    MPI_Comm comm = MPI_COMM_NULL;
    MPI_Comm second;
    MPI_Group group;
    MPI_Request list[2];
    int rank;

    OK(MPI_Comm_rank(base[thread], &rank));
    switch (round % 4) {
        case 0:
            OK(MPI_Comm_dup(base[thread], &comm));
            break;
        case 1:
            OK(MPI_Comm_split(base[thread], 0, -rank, &comm));
            break;
        case 2:
            OK(MPI_Comm_group(base[thread], &group));
            OK(MPI_Comm_create_group(base[thread], group, thread, &comm));
            OK(MPI_Group_free(&group));
            break;
        case 3:
            OK(MPI_Comm_idup(base[thread], &comm, &list[0]));
            OK(MPI_Comm_idup(base[thread], &second, &list[1]));
            OK(MPI_Waitall(2, list, MPI_STATUSES_IGNORE));
            OK(MPI_Comm_free(&second));
            break;
    }
    return comm;
}

static void *makes(void *number)
{
    int thread = *(int *)number, round;

    for (round = 0; round < ROUNDS; round++) {
        MPI_Comm comm = made[thread][round] = make(thread, round);
        int out = thread * 1000 + round, in = -1, rank, size;

        OK(MPI_Comm_rank(comm, &rank));
        OK(MPI_Comm_size(comm, &size));
        OK(MPI_Sendrecv(&out, 1, MPI_INT, (rank + 1) % size, 0, &in, 1, MPI_INT, (rank + size - 1) % size, 0, comm,
                        MPI_STATUS_IGNORE));
        EQUAL(in, out);
        in = 0;
        OK(MPI_Allreduce(&out, &in, 1, MPI_INT, MPI_MAX, comm));
        EQUAL(in, out);
    }
    for (round = 0; round < ROUNDS; round++)
        OK(MPI_Comm_free(&made[thread][round]));
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    int provided = -1, number[THREADS], i;

    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS)
        check_failed(__FILE__, __LINE__, "MPI_Init_thread failed");
    test_ready();
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &base[0]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, me % 2, me, &base[1]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, 0, -me, &base[2]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, me / 2, me, &base[3]));
    for (i = 0; i < THREADS && provided == MPI_THREAD_MULTIPLE; i++) {
        number[i] = i;
        CHECK(pthread_create(&thread[i], NULL, makes, &number[i]) == 0);
    }
    for (i = 0; i < THREADS && provided == MPI_THREAD_MULTIPLE; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    for (i = 0; i < THREADS; i++)
        OK(MPI_Comm_free(&base[i]));
    return test_end();
}
