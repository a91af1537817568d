/* ranks: 2 4 */
/* Hundreds of thousands of messages, requests, communicators and datatypes: what is given back does not stay. */
#include "check.h"
#include <stdint.h>
#include <unistd.h>

enum { LARGEST = 100000, WINDOW = 64 };

static char *out, *in;
static MPI_Request requests[2 * WINDOW];

/* The memory that this process occupies, in bytes. */
static int64_t resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* A window of messages to the next rank, of lengths that all ways of sending occur in, by requests of every kind. */
static void messages(int round)
{
    static const int lengths[] = {0, 8, 40, 41, 600, 9000, 20000, LARGEST};
    int to = (me + 1) % np, from = (me + np - 1) % np, flag;
    MPI_Message message;
    MPI_Status status;

    for (int i = 0; i < WINDOW; i++) {
        int length = lengths[(i * 5 + round) % (i < 56 ? 5 : 8)];

        OK(MPI_Irecv(in, LARGEST, MPI_CHAR, i % 3 ? from : MPI_ANY_SOURCE, i, MPI_COMM_WORLD, &requests[i]));
        if (i % 7 == 0)
            OK(MPI_Issend(out, length, MPI_CHAR, to, i, MPI_COMM_WORLD, &requests[WINDOW + i]));
        else
            OK(MPI_Isend(out, length, MPI_CHAR, to, i, MPI_COMM_WORLD, &requests[WINDOW + i]));
    }
    OK(MPI_Waitall(2 * WINDOW, requests, MPI_STATUSES_IGNORE));

    OK(MPI_Isend(out, 100, MPI_CHAR, to, 100, MPI_COMM_WORLD, &requests[0]));
    OK(MPI_Request_free(&requests[0]));
    OK(MPI_Mprobe(from, 100, MPI_COMM_WORLD, &message, &status));
    OK(MPI_Mrecv(in, LARGEST, MPI_CHAR, &message, &status));
    OK(MPI_Irecv(in, LARGEST, MPI_CHAR, from, 101, MPI_COMM_WORLD, &requests[0]));
    OK(MPI_Cancel(&requests[0]));
    OK(MPI_Wait(&requests[0], &status));
    OK(MPI_Test_cancelled(&status, &flag));
    CHECK(flag);
    OK(MPI_Sendrecv(out, 5000, MPI_CHAR, to, 102, in, 5000, MPI_CHAR, from, 102, MPI_COMM_WORLD, &status));
    OK(MPI_Sendrecv_replace(in, 5000, MPI_CHAR, to, 103, from, 103, MPI_COMM_WORLD, &status));
}

static void persistent(void)
{
    int to = (me + 1) % np, from = (me + np - 1) % np;

    OK(MPI_Send_init(out, 3000, MPI_CHAR, to, 200, MPI_COMM_WORLD, &requests[0]));
    OK(MPI_Recv_init(in, 3000, MPI_CHAR, from, 200, MPI_COMM_WORLD, &requests[1]));
    for (int i = 0; i < 3; i++) {
        OK(MPI_Startall(2, requests));
        OK(MPI_Waitall(2, requests, MPI_STATUSES_IGNORE));
    }
    OK(MPI_Request_free(&requests[0]));
    OK(MPI_Request_free(&requests[1]));
}

static void objects(void)
{
    int ones[2] = {1, 2}, places[2] = {0, 3}, value = me, sum;
    MPI_Datatype vector, indexed;
    MPI_Comm copy, half;
    MPI_Group group;
    MPI_Info info;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &copy));
    OK(MPI_Comm_split(copy, me % 2, me, &half));
    OK(MPI_Comm_group(half, &group));
    OK(MPI_Group_free(&group));
    OK(MPI_Allreduce(&value, &sum, 1, MPI_INT, MPI_SUM, half));
    OK(MPI_Ibarrier(copy, &requests[0]));
    OK(MPI_Wait(&requests[0], MPI_STATUS_IGNORE));
    OK(MPI_Comm_free(&half));
    OK(MPI_Comm_free(&copy));
    OK(MPI_Type_vector(4, 2, 5, MPI_INT, &vector));
    OK(MPI_Type_indexed(2, ones, places, vector, &indexed));
    OK(MPI_Type_commit(&indexed));
    OK(MPI_Bcast(in, 3, indexed, 0, MPI_COMM_WORLD));
    OK(MPI_Type_free(&vector));
    OK(MPI_Type_free(&indexed));
    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, "key", "value"));
    OK(MPI_Info_free(&info));
}

/* More messages than anybody waits for: what keeps them is not kept when they were received. */
static void flood(void)
{
    enum { MANY = 8000, LENGTH = 8000 };
    int to = (me + 1) % np, from = (me + np - 1) % np;
    MPI_Request *sends = malloc(MANY * sizeof *sends);

    for (int i = 0; i < MANY; i++)
        OK(MPI_Isend(out, LENGTH, MPI_CHAR, to, 1, MPI_COMM_WORLD, &sends[i]));
    OK(MPI_Sendrecv(NULL, 0, MPI_CHAR, to, 2, NULL, 0, MPI_CHAR, from, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    for (int i = 0; i < MANY; i++)
        OK(MPI_Recv(in, LENGTH, MPI_CHAR, from, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    OK(MPI_Waitall(MANY, sends, MPI_STATUSES_IGNORE));
    free(sends);
}

static void grown(int64_t before, int64_t allowed, const char *by)
{
    int64_t now = resident();

    if (now - before > allowed)
        check_failed(__FILE__, __LINE__, "%s: %lld KB of memory became %lld KB", by, (long long)before >> 10,
                     (long long)now >> 10);
}

int main(int argc, char **argv)
{
    const double seconds = 4;
    int64_t before = 0;
    double end;
    int rounds = 0, last = 0;

    test_begin(&argc, &argv);
    out = calloc(1, LARGEST);
    in = calloc(1, LARGEST);
    end = MPI_Wtime() + seconds;
    for (; !last; rounds++) {
        messages(rounds);
        persistent();
        objects();
        if (rounds % 50 == 0) {
            last = MPI_Wtime() > end && rounds >= 200;
            OK(MPI_Bcast(&last, 1, MPI_INT, 0, MPI_COMM_WORLD));
        }
        if (rounds == 100)
            before = resident();
    }
    grown(before, 1 << 20, "messages and objects");
    before = resident();
    flood();
    grown(before, 16 << 20, "a flood");
    free(out);
    free(in);
    return test_end();
}
