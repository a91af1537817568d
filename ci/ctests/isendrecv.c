/* ranks: 1 2 3 4 */
/* Send and receive in one call that does not wait; its status is the receive's. */
#include "check.h"

#if AT_LEAST(4, 0)
static void check_from(MPI_Status *s, int source, int tag, int bytes)
{
    int count;

    EQUAL(s->MPI_SOURCE, source);
    EQUAL(s->MPI_TAG, tag);
    OK(MPI_Get_count(s, MPI_BYTE, &count));
    EQUAL(count, bytes);
}

static void shift(int bytes)
{
    int right = (me + 1) % np, left = (me + np - 1) % np;
    MPI_Request request[2];
    MPI_Status status[2];
    char *out = get((size_t)bytes), *in = get((size_t)bytes), *both = get((size_t)bytes);

    memset(status, 0x55, sizeof status);
    fill(out, (size_t)bytes, (unsigned)me);
    fill(both, (size_t)bytes, (unsigned)me + 50);
    OK(MPI_Isendrecv(out, bytes, MPI_BYTE, right, 1, in, bytes, MPI_BYTE, left, 1, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Isendrecv_replace(both, bytes, MPI_BYTE, right, 2, left, 2, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Waitall(2, request, status));
    FILLED(in, (size_t)bytes, (unsigned)left);
    FILLED(both, (size_t)bytes, (unsigned)left + 50);
    check_from(&status[0], left, 1, bytes);
    check_from(&status[1], left, 2, bytes);
    free(out);
    free(in);
    free(both);
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if AT_LEAST(4, 0)
    shift(0);
    shift(1);
    shift(1000);
    shift(65536);
    shift(1000001);
#endif
    return test_end();
}
