/* ranks: 1 */
/* A request that is complete is returned within a bounded number of calls, whatever else is complete all the time. */
#include "check.h"

enum { N = 8, CALLS = 2000 };

static char in[2][N], out;

/* Requests for messages to oneself that have arrived. */
static void complete(MPI_Request *request, int list, int tag)
{
    int flag = 0;

    OK(MPI_Send(&out, 1, MPI_CHAR, 0, 100 * list + tag, MPI_COMM_WORLD));
    OK(MPI_Irecv(&in[list][tag], 1, MPI_CHAR, 0, 100 * list + tag, MPI_COMM_WORLD, request));
    while (!flag)
        OK(MPI_Request_get_status(*request, &flag, MPI_STATUS_IGNORE));
}

static int one_of(int n, MPI_Request *request, int test)
{
    int index, flag = 1;

    if (test)
        OK(MPI_Testany(n, request, &index, &flag, MPI_STATUS_IGNORE));
    else
        OK(MPI_Waitany(n, request, &index, MPI_STATUS_IGNORE));
    CHECK(flag && index >= 0 && index < n);
    return index;
}

/* `others`: how many calls for a second list, of which each has another length, stand between two for the first. */
static void nobody_starves(int others, int test)
{
    MPI_Request request[N], second[N];
    int waited[N] = {0}, i, call, index;

    for (i = 0; i < N; i++)
        complete(&request[i], 0, i);
    for (i = 0; i < others; i++)
        complete(&second[i], 1, i);
    for (call = 0; call < CALLS; call++) {
        index = one_of(N, request, test);
        for (i = 0; i < N; i++) {
            waited[i] = i == index ? 0 : waited[i] + 1;
            /* With one list alone this is N; a draw by chance exceeds it once in 10^20 calls. */
            CHECK(waited[i] < 50 * N);
        }
        complete(&request[index], 0, index);
        for (i = 0; i < others; i++) {
            index = one_of(i + 1, second, test);
            complete(&second[index], 1, index);
        }
    }
    OK(MPI_Waitall(N, request, MPI_STATUSES_IGNORE));
    OK(MPI_Waitall(others, second, MPI_STATUSES_IGNORE));
}

/* These return all that is complete. */
static void some(void)
{
    MPI_Request request[N];
    int index[N], count, i;

    for (i = 0; i < N; i++)
        complete(&request[i], 0, i);
    OK(MPI_Waitsome(N, request, &count, index, MPI_STATUSES_IGNORE));
    EQUAL(count, N);
    for (i = 0; i < N; i++)
        complete(&request[i], 0, i);
    OK(MPI_Testsome(N, request, &count, index, MPI_STATUSES_IGNORE));
    EQUAL(count, N);
}

int main(int argc, char **argv)
{
    int others;

    test_begin(&argc, &argv);
    for (others = 0; others <= 4; others++) {
        nobody_starves(others, 0);
        nobody_starves(others, 1);
    }
    some();
    return test_end();
}
