/* ranks: 1 2 3 4 */
/* Send and receive in one call: rings, exchanges in place, both types different, ends of a line. */
#include "check.h"

static const int SIZES[] = {0, 1, 40, 1000, 65536, 1000001};
enum { KINDS = sizeof SIZES / sizeof *SIZES, LARGEST = 1000001 };

static char *out, *in;

static void check_from(MPI_Status *s, int source, int tag, int bytes)
{
    int count;

    EQUAL(s->MPI_SOURCE, source);
    EQUAL(s->MPI_TAG, tag);
    OK(MPI_Get_count(s, MPI_BYTE, &count));
    EQUAL(count, bytes);
}

static void ring(int bytes)
{
    int right = (me + 1) % np, left = (me + np - 1) % np;
    MPI_Status status;

    fill(out, (size_t)bytes, (unsigned)me);
    OK(MPI_Sendrecv(out, bytes, MPI_BYTE, right, me, in, LARGEST, MPI_BYTE, left, left, MPI_COMM_WORLD, &status));
    check_from(&status, left, left, bytes);
    FILLED(in, (size_t)bytes, (unsigned)left);
    FILLED(out, (size_t)bytes, (unsigned)me);

    OK(MPI_Sendrecv_replace(out, bytes, MPI_BYTE, left, 7, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status));
    check_from(&status, right, 7, bytes);
    FILLED(out, (size_t)bytes, (unsigned)right);
    OK(MPI_Barrier(MPI_COMM_WORLD));
}

/* Ranks on a line: the ends have only one neighbour. */
static void line(int bytes)
{
    int right = me + 1 < np ? me + 1 : MPI_PROC_NULL, left = me > 0 ? me - 1 : MPI_PROC_NULL;
    MPI_Status status;

    fill(out, (size_t)bytes, (unsigned)me);
    memset(in, 0x11, (size_t)bytes);
    OK(MPI_Sendrecv(out, bytes, MPI_BYTE, right, 1, in, bytes, MPI_BYTE, left, 1, MPI_COMM_WORLD, &status));
    if (left == MPI_PROC_NULL) {
        check_from(&status, MPI_PROC_NULL, MPI_ANY_TAG, 0);
        CHECK(bytes == 0 || in[bytes - 1] == 0x11);
    } else {
        check_from(&status, left, 1, bytes);
        FILLED(in, (size_t)bytes, (unsigned)left);
    }
    OK(MPI_Sendrecv_replace(out, bytes, MPI_BYTE, right, 2, left, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    FILLED(out, (size_t)bytes, (unsigned)(left == MPI_PROC_NULL ? me : left));
}

/* What goes out as a column comes in as a row. */
static void two_types(void)
{
    enum { N = 300 };
    int *matrix = get(N * N * sizeof *matrix), *row = get(N * sizeof *row), i;
    int right = (me + 1) % np, left = (me + np - 1) % np;
    MPI_Datatype column;

    for (i = 0; i < N * N; i++)
        matrix[i] = me * N * N + i;
    OK(MPI_Type_vector(N, 1, N, MPI_INT, &column));
    OK(MPI_Type_commit(&column));
    OK(MPI_Sendrecv(matrix + 3, 1, column, right, 0, row, N, MPI_INT, left, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    for (i = 0; i < N; i++)
        EQUAL(row[i], left * N * N + i * N + 3);
    OK(MPI_Sendrecv_replace(matrix + 5, 1, column, right, 0, left, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    for (i = 0; i < N * N; i++)
        EQUAL(matrix[i], (i % N == 5 ? left : me) * N * N + i);
    OK(MPI_Type_free(&column));
    free(matrix);
    free(row);
}

int main(int argc, char **argv)
{
    int i;

    test_begin(&argc, &argv);
    out = get(LARGEST);
    in = get(LARGEST);
    for (i = 0; i < KINDS; i++) {
        ring(SIZES[i]);
        line(SIZES[i]);
    }
    two_types();
    free(out);
    free(in);
    return test_end();
}
