/* ranks: 2 */
/* A message longer than its receive: an error, no byte behind the buffer, and the next message is right. */
#include "check.h"

static void cut(int sent, int room, int early)
{
    char *b = get((size_t)(sent > room ? sent : room) + 64);
    MPI_Request request[2];
    MPI_Status status[2];
    int i, code, count;

    if (me == 0) {
        if (early)
            OK(MPI_Barrier(MPI_COMM_WORLD));
        fill(b, (size_t)sent, 1);
        OK(MPI_Send(b, sent, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
        OK(MPI_Send(b, sent, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
        fill(b, (size_t)sent, 2);
        OK(MPI_Send(b, sent, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
    } else {
        memset(b, 0x77, (size_t)sent + 64);
        /* The first by itself, the second among several requests. */
        OK(MPI_Irecv(b, room, MPI_BYTE, 0, 1, MPI_COMM_WORLD, &request[0]));
        if (early)
            OK(MPI_Barrier(MPI_COMM_WORLD));
        FAILS(MPI_Wait(&request[0], &status[0]), MPI_ERR_TRUNCATE);
        CHECK(request[0] == MPI_REQUEST_NULL);
        for (i = room; i < sent + 64; i++)
            EQUAL(b[i], 0x77);
        request[0] = MPI_REQUEST_NULL;
        OK(MPI_Irecv(b, room, MPI_BYTE, 0, 1, MPI_COMM_WORLD, &request[1]));
        code = MPI_Waitall(2, request, status);
        EQUAL(class_of(code), MPI_ERR_IN_STATUS);
        EQUAL(class_of(status[0].MPI_ERROR), MPI_SUCCESS);
        EQUAL(class_of(status[1].MPI_ERROR), MPI_ERR_TRUNCATE);
        for (i = room; i < sent + 64; i++)
            EQUAL(b[i], 0x77);
        OK(MPI_Recv(b, sent, MPI_BYTE, 0, 1, MPI_COMM_WORLD, &status[0]));
        OK(MPI_Get_count(&status[0], MPI_BYTE, &count));
        EQUAL(count, sent);
        FILLED(b, (size_t)sent, 2);
    }
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(b);
}

/* Blocking calls give the error themselves. */
static void blocking(int sent)
{
    char *b = get((size_t)sent), *c = get((size_t)sent);
    MPI_Message message;
    MPI_Status status;

    fill(b, (size_t)sent, 5);
    if (me == 0) {
        OK(MPI_Send(b, sent, MPI_BYTE, 1, 4, MPI_COMM_WORLD));
        OK(MPI_Send(b, sent, MPI_BYTE, 1, 4, MPI_COMM_WORLD));
    } else {
        FAILS(MPI_Recv(c, sent - 1, MPI_BYTE, 0, 4, MPI_COMM_WORLD, &status), MPI_ERR_TRUNCATE);
        OK(MPI_Mprobe(0, 4, MPI_COMM_WORLD, &message, &status));
        FAILS(MPI_Mrecv(c, sent - 1, MPI_BYTE, &message, &status), MPI_ERR_TRUNCATE);
    }
    FAILS(MPI_Sendrecv(b, sent, MPI_BYTE, 1 - me, 5, c, sent / 2, MPI_BYTE, 1 - me, 5, MPI_COMM_WORLD, &status),
          MPI_ERR_TRUNCATE);
    OK(MPI_Sendrecv(b, sent, MPI_BYTE, 1 - me, 5, c, sent, MPI_BYTE, 1 - me, 5, MPI_COMM_WORLD, &status));
    FILLED(c, (size_t)sent, 5);
    OK(MPI_Barrier(MPI_COMM_WORLD));
    free(b);
    free(c);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {1, 2, 40, 41, 1000, 9000, 70000, 1000000, 5000000};
    size_t i;
    int early;

    test_begin(&argc, &argv);
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (early = 0; early < 2; early++) {
            cut(sizes[i], sizes[i] / 2, early);
            cut(sizes[i], sizes[i] - 1, early);
            cut(sizes[i], 0, early);
        }
        blocking(sizes[i]);
    }
    return test_end();
}
