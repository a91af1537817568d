/* The time of messages whose data does not lie in one piece (two ranks; every message is answered by an empty one).
 *
 * `vector8`: 1 MB of 8-byte blocks at a stride of 16 bytes; `vector64`: of 64-byte blocks at 128; `face`: a face of
 * a 3-D array of doubles with rows of 512 of them in one piece; `edge`: the face across it, in runs of 4 doubles that
 * lie a row apart; `random`: 16-byte blocks, in random order
 * without overlap. Of each, `-send` goes from the type to contiguous bytes, `-receive` the other way round, and `-both`
 * from the type to the same type; the data is checked once. `plain` is 1 MB in one piece, to compare with.
 * An argument chooses the figures whose names begin with it. */
#include "micro.h"

enum { BYTES = 1 << 20, ROUNDS = 15, TIMES = 40 };

static int rank;
static const char *chosen = "";
static char *space, *plain;
static size_t reach; /* of the largest type, in bytes */

static MPI_Datatype vector(int block, int stride)
{
    MPI_Datatype type;
    MPI_Type_vector(BYTES / block, block, stride, MPI_BYTE, &type);
    return type;
}

static MPI_Datatype part(const int *sizes, const int *part, const int *start)
{
    MPI_Datatype type;
    MPI_Type_create_subarray(3, sizes, part, start, MPI_ORDER_C, MPI_DOUBLE, &type);
    return type;
}

static MPI_Datatype scattered(void)
{
    int n = BYTES / 16, *at = memory(n * sizeof *at);
    unsigned long x = 12345;
    for (int i = 0; i < n; i++)
        at[i] = 3 * i;
    for (int i = n - 1; i > 0; i--) {
        x = x * 6364136223846793005ul + 1442695040888963407ul;
        int j = (int)((x >> 33) % (i + 1)), t = at[i];
        at[i] = at[j];
        at[j] = t;
    }
    MPI_Datatype type;
    MPI_Type_create_indexed_block(n, 2, at, MPI_DOUBLE, &type);
    free(at);
    return type;
}

static void transfer(MPI_Datatype from, int from_count, MPI_Datatype to, int to_count, int tag)
{
    char *sbuf = from == MPI_BYTE ? plain : space, *rbuf = to == MPI_BYTE ? plain : space;
    if (rank == 0) {
        MPI_Send(sbuf, from_count, from, 1, tag, MPI_COMM_WORLD);
        MPI_Recv(NULL, 0, MPI_BYTE, 1, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
        MPI_Recv(rbuf, to_count, to, 0, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Send(NULL, 0, MPI_BYTE, 0, tag, MPI_COMM_WORLD);
    }
}

static void measure(const char *name, MPI_Datatype from, int from_count, MPI_Datatype to, int to_count)
{
    double times[ROUNDS];
    if (strncmp(name, chosen, strlen(chosen)))
        return;
    for (int round = -1; round < ROUNDS; round++) {
        MPI_Barrier(MPI_COMM_WORLD);
        double start = MPI_Wtime();
        for (int i = 0; i < TIMES; i++)
            transfer(from, from_count, to, to_count, i);
        if (round >= 0)
            times[round] = (MPI_Wtime() - start) / TIMES;
    }
    if (rank == 0)
        report(name, BYTES, median(times, ROUNDS) * 1e6, "us");
}

/* What was packed by hand at one end must be what is unpacked at the other. */
static void check(const char *name, MPI_Datatype type)
{
    int position = 0;
    for (size_t i = 0; i < reach; i++)
        space[i] = (char)(rank == 0 ? i * 7 + i / 251 : 0);
    if (rank == 0) {
        MPI_Pack(space, 1, type, plain, BYTES, &position, MPI_COMM_SELF);
        MPI_Send(plain, BYTES, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
        MPI_Send(space, 1, type, 1, 0, MPI_COMM_WORLD);
        return;
    }
    char *packed = memory(BYTES);
    MPI_Recv(plain, BYTES, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Recv(space, 1, type, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Pack(space, 1, type, packed, BYTES, &position, MPI_COMM_SELF);
    if (position != BYTES || memcmp(packed, plain, BYTES)) {
        fprintf(stderr, "%s: what arrived is not what was sent\n", name);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    free(packed);
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (argc > 1)
        chosen = argv[1];
    const int wide[3] = {256, 16, 512}, row[3] = {256, 1, 512}, at_row[3] = {0, 7, 0};
    const int deep[3] = {256, 128, 64}, run[3] = {256, 128, 4}, at_run[3] = {0, 0, 60};
    struct {
        const char *name;
        MPI_Datatype type;
    } types[] = {
        {"vector8", vector(8, 16)},
        {"vector64", vector(64, 128)},
        {"face", part(wide, row, at_row)},
        {"edge", part(deep, run, at_run)},
        {"random", scattered()},
    };
    int n = sizeof types / sizeof *types;
    for (int i = 0; i < n; i++) {
        MPI_Aint low, extent;
        MPI_Type_commit(&types[i].type);
        MPI_Type_get_true_extent(types[i].type, &low, &extent);
        if ((size_t)(low + extent) > reach)
            reach = low + extent;
    }
    space = memory(reach);
    plain = memory(BYTES);
    measure("plain", MPI_BYTE, BYTES, MPI_BYTE, BYTES);
    for (int i = 0; i < n; i++) {
        char name[64];
        check(types[i].name, types[i].type);
        snprintf(name, sizeof name, "%s-send", types[i].name);
        measure(name, types[i].type, 1, MPI_BYTE, BYTES);
        snprintf(name, sizeof name, "%s-receive", types[i].name);
        measure(name, MPI_BYTE, BYTES, types[i].type, 1);
        snprintf(name, sizeof name, "%s-both", types[i].name);
        measure(name, types[i].type, 1, types[i].type, 1);
    }
    for (int i = 0; i < n; i++)
        MPI_Type_free(&types[i].type);
    free(space);
    free(plain);
    MPI_Finalize();
    return 0;
}
