/* ranks: 1 2 3 */
/* Messages between every two ways in which data can lie, at lengths around every border of the protocols: each byte
 * arrives where it belongs, no other byte is touched, and a message that is too long fills just its buffer. */
#include "check.h"

enum { GUARD = 64 };

/* How bytes lie: `n` blocks; block i is `length(i)` bytes long and begins at `place(i)`. */
struct layout {
    const char *name;
    int block, stride, mixed;
};

static const struct layout layouts[] = {
    {"plain", 0, 0, 0},
    {"short blocks close together", 8, 16, 0},
    {"odd blocks close together", 13, 20, 0},
    {"short blocks far apart", 16, 200, 0},
    {"long blocks close together", 3000, 5000, 0},
    {"long blocks far apart", 4096, 40000, 0},
    {"blocks in no order", 12, 36, 1},
    {"blocks of two lengths", 24, 48, 2},
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts };

struct buffer {
    MPI_Datatype type;
    unsigned char *memory;
    size_t reach, blocks, *place, *length;
};

static size_t shuffled(size_t i, size_t n)
{
    /* Odd numbers times i, modulo a power of two that is at least n, give each number once. */
    size_t power = 1;
    while (power < n)
        power *= 2;
    do
        i = (i * 5 + 3) % power;
    while (i >= n);
    return i;
}

static struct buffer make(const struct layout *layout, size_t bytes)
{
    struct buffer b = {.type = MPI_DATATYPE_NULL};
    size_t block = layout->block ? (size_t)layout->block : bytes, done = 0;

    b.blocks = bytes ? (bytes + block - 1) / block : 0;
    b.place = get(b.blocks * sizeof *b.place);
    b.length = get(b.blocks * sizeof *b.length);
    for (size_t i = 0; i < b.blocks; i++) {
        size_t slot = layout->mixed == 1 ? shuffled(i, b.blocks) : i;
        b.place[i] = slot * (size_t)layout->stride;
        b.length[i] = layout->mixed == 2 && i % 2 ? block / 2 : block;
        if (done + b.length[i] > bytes || i == b.blocks - 1)
            b.length[i] = bytes - done;
        /* With shorter blocks in between, the last one takes what is left. */
        done += b.length[i];
        if (b.place[i] + b.length[i] > b.reach)
            b.reach = b.place[i] + b.length[i];
    }
    EQUAL(done, bytes);
    int regular = layout->block && !layout->mixed && bytes % block == 0;
    if (!layout->block) {
        b.type = MPI_BYTE;
    } else if (regular) {
        OK(MPI_Type_vector((int)b.blocks, (int)block, layout->stride, MPI_BYTE, &b.type));
    } else {
        int *lengths = get(b.blocks * sizeof *lengths);
        MPI_Aint *places = get(b.blocks * sizeof *places);
        for (size_t i = 0; i < b.blocks; i++) {
            lengths[i] = (int)b.length[i];
            places[i] = (MPI_Aint)b.place[i];
        }
        OK(MPI_Type_create_hindexed((int)b.blocks, lengths, places, MPI_BYTE, &b.type));
        free(lengths);
        free(places);
    }
    if (b.type != MPI_BYTE)
        OK(MPI_Type_commit(&b.type));
    b.memory = get(b.reach + 2 * GUARD);
    memset(b.memory, 0xee, b.reach + 2 * GUARD);
    return b;
}

static int count(const struct buffer *b, size_t bytes)
{
    return b->type == MPI_BYTE ? (int)bytes : 1;
}

static void put(struct buffer *b, unsigned seed)
{
    size_t done = 0;
    for (size_t i = 0; i < b->blocks; i++)
        for (size_t j = 0; j < b->length[i]; j++)
            b->memory[GUARD + b->place[i] + j] = pattern(done++, seed);
}

/* The first `bytes` bytes of the message have arrived, and everything else is as it was. */
static void look(struct buffer *b, size_t bytes, unsigned seed, const char *what)
{
    size_t done = 0;
    for (size_t i = 0; i < b->blocks; i++)
        for (size_t j = 0; j < b->length[i] && done < bytes; j++, done++) {
            unsigned char *byte = &b->memory[GUARD + b->place[i] + j];
            if (*byte != pattern(done, seed))
                check_failed(__FILE__, __LINE__, "%s: byte %zu of %zu is wrong", what, done, bytes);
            *byte = 0xee;
        }
    for (size_t i = 0; i < b->reach + 2 * GUARD; i++)
        if (b->memory[i] != 0xee)
            check_failed(__FILE__, __LINE__, "%s, %zu bytes: a byte beside the message was written", what, bytes);
}

static void drop(struct buffer *b)
{
    if (b->type != MPI_BYTE)
        OK(MPI_Type_free(&b->type));
    free(b->memory);
    free(b->place);
    free(b->length);
}

static void exchange(size_t bytes, const struct layout *from, const struct layout *to)
{
    int right = (me + 1) % np, left = (me + np - 1) % np, got;
    struct buffer out = make(from, bytes), in = make(to, bytes);
    char what[200];
    MPI_Status status;
    MPI_Request requests[2];

    snprintf(what, sizeof what, "%s to %s", from->name, to->name);
    put(&out, (unsigned)me);
    OK(MPI_Irecv(in.memory + GUARD, count(&in, bytes), in.type, left, 1, MPI_COMM_WORLD, &requests[0]));
    OK(MPI_Isend(out.memory + GUARD, count(&out, bytes), out.type, right, 1, MPI_COMM_WORLD, &requests[1]));
    MPI_Status both[2];
    OK(MPI_Waitall(2, requests, both));
    OK(MPI_Get_elements(&both[0], in.type, &got));
    EQUAL(got, bytes);
    look(&in, bytes, (unsigned)left, what);

    /* Arrives before its receive is posted, and longer than that. */
    struct buffer less = make(to, bytes / 2);
    OK(MPI_Isend(out.memory + GUARD, count(&out, bytes), out.type, right, 2, MPI_COMM_WORLD, &requests[1]));
    OK(MPI_Probe(left, 2, MPI_COMM_WORLD, &status));
    OK(MPI_Get_elements(&status, MPI_BYTE, &got));
    EQUAL(got, bytes);
    int code =
        MPI_Recv(less.memory + GUARD, count(&less, bytes / 2), less.type, left, 2, MPI_COMM_WORLD, &status);
    EQUAL(class_of(code), bytes ? MPI_ERR_TRUNCATE : MPI_SUCCESS);
    OK(MPI_Wait(&requests[1], MPI_STATUS_IGNORE));
    look(&less, bytes / 2, (unsigned)left, what);
    drop(&less);
    drop(&in);
    drop(&out);
}

int main(int argc, char **argv)
{
    static const size_t lengths[] = {0, 1, 39, 40, 41, 1000, 8192, 8200, 32768, 33000, 70000, 300000, 1200000};

    test_begin(&argc, &argv);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int from = 0; from < LAYOUTS; from++)
            for (int to = 0; to < LAYOUTS; to++)
                exchange(lengths[i], &layouts[from], &layouts[to]);
    return test_end();
}
