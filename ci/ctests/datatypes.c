/* ranks: 1 2 */
/* Derived datatypes: which bytes travel, in which order, and what count, elements, size and extents say. */
#include "check.h"

enum { MAX = 64, GUARD = -7 };

/* A type made of ints, and where they lie (in ints from the buffer's start). */
struct made {
    const char *name;
    MPI_Datatype type;
    int n, at[MAX];
    int lb, extent; /* in ints */
};

static struct made made[32];
static int kinds;
static int partner;

static struct made *add(const char *name, int lb, int extent, int n, const int *at)
{
    struct made *m = &made[kinds++];

    m->name = name;
    m->n = n;
    m->lb = lb;
    m->extent = extent;
    memcpy(m->at, at, (size_t)n * sizeof *at);
    return m;
}

#define AT(...) (int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int)), (int[]){__VA_ARGS__}
#define INTS *(MPI_Aint)sizeof(int)

static void make_all(void)
{
    MPI_Datatype inner, again;
    MPI_Aint where[3] = {0, 5 INTS, 2 INTS};
    MPI_Datatype types[3];

    OK(MPI_Type_contiguous(3, MPI_INT, &add("contiguous", 0, 3, AT(0, 1, 2))->type));
    OK(MPI_Type_vector(3, 2, 4, MPI_INT, &add("vector", 0, 10, AT(0, 1, 4, 5, 8, 9))->type));
    OK(MPI_Type_vector(2, 1, -3, MPI_INT, &add("vector backwards", -3, 4, AT(0, -3))->type));
    OK(MPI_Type_create_hvector(2, 2, 5 INTS, MPI_INT, &add("hvector", 0, 7, AT(0, 1, 5, 6))->type));
    OK(MPI_Type_indexed(3, (int[]){2, 0, 1}, (int[]){4, 9, 0}, MPI_INT, &add("indexed", 0, 6, AT(4, 5, 0))->type));
    OK(MPI_Type_create_hindexed(3, (int[]){1, 2, 1}, where, MPI_INT, &add("hindexed", 0, 7, AT(0, 5, 6, 2))->type));
    OK(MPI_Type_create_indexed_block(2, 2, (int[]){6, 1}, MPI_INT, &add("indexed_block", 1, 7, AT(6, 7, 1, 2))->type));
    OK(MPI_Type_create_hindexed_block(3, 1, where, MPI_INT, &add("hindexed_block", 0, 6, AT(0, 5, 2))->type));
    types[0] = types[1] = types[2] = MPI_INT;
    OK(MPI_Type_create_struct(3, (int[]){2, 1, 3}, where, types, &add("struct", 0, 6, AT(0, 1, 5, 2, 3, 4))->type));
    OK(MPI_Type_create_resized(MPI_INT, 0, 3 INTS, &add("resized", 0, 3, AT(0))->type));
    OK(MPI_Type_create_resized(MPI_INT, -2 INTS, 5 INTS, &add("resized, lower bound", -2, 5, AT(0))->type));
    OK(MPI_Type_create_subarray(2, (int[]){4, 5}, (int[]){2, 3}, (int[]){1, 1}, MPI_ORDER_C, MPI_INT,
                                &add("subarray", 0, 20, AT(6, 7, 8, 11, 12, 13))->type));
    OK(MPI_Type_create_subarray(2, (int[]){4, 5}, (int[]){2, 3}, (int[]){1, 1}, MPI_ORDER_FORTRAN, MPI_INT,
                                &add("subarray, Fortran", 0, 20, AT(5, 6, 9, 10, 13, 14))->type));

    /* Types of types: the inner one may be freed as soon as the outer one exists. */
    OK(MPI_Type_vector(2, 1, 2, MPI_INT, &inner)); /* 0, 2; extent 3 */
    OK(MPI_Type_contiguous(2, inner, &add("contiguous of vector", 0, 6, AT(0, 2, 3, 5))->type));
    OK(MPI_Type_vector(2, 2, 3, inner, &add("vector of vector", 0, 15, AT(0, 2, 3, 5, 9, 11, 12, 14))->type));
    OK(MPI_Type_indexed(2, (int[]){1, 2}, (int[]){3, 0}, inner, &add("indexed of vector", 0, 12, AT(9, 11, 0, 2, 3, 5))->type));
    OK(MPI_Type_create_resized(inner, 0, 1 INTS, &again)); /* interleaved */
    OK(MPI_Type_free(&inner));
    OK(MPI_Type_contiguous(2, again, &inner));
    OK(MPI_Type_free(&again));
    OK(MPI_Type_create_resized(inner, 0, 4 INTS, &add("overlapping extents", 0, 4, AT(0, 2, 1, 3))->type));
    OK(MPI_Type_free(&inner));
    OK(MPI_Type_vector(2, 1, 2, MPI_INT, &again));
    types[0] = again;
    types[1] = MPI_INT;
    types[2] = made[1].type;
    where[0] = 12 INTS;
    where[1] = 25 INTS;
    where[2] = 0;
    OK(MPI_Type_create_struct(3, (int[]){1, 1, 1}, where, types,
                              &add("struct of types", 0, 26, AT(12, 14, 25, 0, 1, 4, 5, 8, 9))->type));
    OK(MPI_Type_free(&again));
    OK(MPI_Type_dup(made[8].type, &add("dup of struct", 0, 6, AT(0, 1, 5, 2, 3, 4))->type));
}

static void measures(const struct made *m)
{
    MPI_Aint lb, extent, true_lb, true_extent;
    int size, i, low = m->at[0], high = m->at[0];

    OK(MPI_Type_size(m->type, &size));
    EQUAL(size, m->n * (int)sizeof(int));
    OK(MPI_Type_get_extent(m->type, &lb, &extent));
    EQUAL(lb, m->lb INTS);
    EQUAL(extent, m->extent INTS);
    for (i = 0; i < m->n; i++) {
        low = m->at[i] < low ? m->at[i] : low;
        high = m->at[i] > high ? m->at[i] : high;
    }
    OK(MPI_Type_get_true_extent(m->type, &true_lb, &true_extent));
    EQUAL(true_lb, low INTS);
    EQUAL(true_extent, (high + 1 - low) INTS);
}

/* Sends `count` of one type and receives the same ints as another, both ways of being strange. */
static void travel(const struct made *s, const struct made *r, int count)
{
    int span = 64 + 32 * (count + 1), ints = count * s->n, room = ints / r->n, i, k, elements, whole;
    int *from = get((size_t)(span + 64) * sizeof *from), *to, *seen;
    MPI_Request request;
    MPI_Status status;
    int to_span = 64 + 32 * (room + 1);

    if (ints % r->n) {
        free(from);
        return;
    }
    to = get((size_t)(to_span + 64) * sizeof *to);
    seen = calloc((size_t)(to_span + 64), sizeof *seen);
    for (i = 0; i < span + 64; i++)
        from[i] = 1000 + i;
    for (i = 0; i < to_span + 64; i++)
        to[i] = GUARD;
    OK(MPI_Irecv(to + 32, room, r->type, partner, 1, MPI_COMM_WORLD, &request));
    OK(MPI_Send(from + 32, count, s->type, partner, 1, MPI_COMM_WORLD));
    OK(MPI_Wait(&request, &status));
    OK(MPI_Get_count(&status, r->type, &whole));
    EQUAL(whole, room);
    OK(MPI_Get_elements(&status, r->type, &elements));
    EQUAL(elements, ints);
    for (k = 0; k < ints; k++) {
        int source = 32 + k / s->n * s->extent + s->at[k % s->n];
        int target = 32 + k / r->n * r->extent + r->at[k % r->n];

        if (!seen[target] && to[target] != 1000 + source)
            check_failed(__FILE__, __LINE__, "%d x %s to %s: int %d is %d, should be %d", count, s->name, r->name, k,
                         to[target], 1000 + source);
        seen[target] = 1;
    }
    for (i = 0; i < to_span + 64; i++)
        if (!seen[i] && to[i] != GUARD)
            check_failed(__FILE__, __LINE__, "%d x %s to %s: int %d was written", count, s->name, r->name, i - 32);
    free(from);
    free(to);
    free(seen);
}

/* The same through MPI_Pack and MPI_Unpack. */
static void packed(const struct made *m, int count)
{
    int span = 64 + 32 * (count + 1), bytes, position = 0, i, k;
    int *from = get((size_t)(span + 64) * sizeof *from), *to = get((size_t)(span + 64) * sizeof *to);
    char *box;

    for (i = 0; i < span + 64; i++) {
        from[i] = 5000 + i;
        to[i] = GUARD;
    }
    OK(MPI_Pack_size(count, m->type, MPI_COMM_WORLD, &bytes));
    CHECK(bytes >= count * m->n * (int)sizeof(int));
    box = get((size_t)bytes);
    OK(MPI_Pack(from + 32, count, m->type, box, bytes, &position, MPI_COMM_WORLD));
    CHECK(position <= bytes);
    bytes = position;
    position = 0;
    OK(MPI_Unpack(box, bytes, &position, to + 32, count, m->type, MPI_COMM_WORLD));
    EQUAL(position, bytes);
    for (k = 0; k < count * m->n; k++) {
        int at = 32 + k / m->n * m->extent + m->at[k % m->n];

        EQUAL(to[at], from[at]);
    }
    free(box);
    free(from);
    free(to);
}

/* Kinds of memory side by side, as a C struct lays them out. */
static void real_struct(void)
{
    struct thing {
        char letter;
        double number;
        short small[3];
        int last;
    } out[50], in[50];
    MPI_Aint where[4] = {offsetof(struct thing, letter), offsetof(struct thing, number), offsetof(struct thing, small),
                         offsetof(struct thing, last)};
    MPI_Datatype parts[4] = {MPI_CHAR, MPI_DOUBLE, MPI_SHORT, MPI_INT}, bare, type;
    MPI_Status status;
    int i, size, n;

    OK(MPI_Type_create_struct(4, (int[]){1, 1, 3, 1}, where, parts, &bare));
    OK(MPI_Type_create_resized(bare, 0, sizeof(struct thing), &type));
    OK(MPI_Type_free(&bare));
    OK(MPI_Type_commit(&type));
    OK(MPI_Type_size(type, &size));
    EQUAL(size, 1 + sizeof(double) + 3 * sizeof(short) + sizeof(int));
    for (i = 0; i < 50; i++) {
        out[i].letter = (char)('a' + i % 26);
        out[i].number = i * 1.5;
        out[i].small[0] = (short)i, out[i].small[1] = (short)-i, out[i].small[2] = 7;
        out[i].last = i * i;
    }
    OK(MPI_Sendrecv(out, 50, type, partner, 2, in, 50, type, partner, 2, MPI_COMM_WORLD, &status));
    OK(MPI_Get_elements(&status, type, &n));
    EQUAL(n, 300);
    for (i = 0; i < 50; i++)
        CHECK(in[i].letter == out[i].letter && in[i].number == out[i].number && in[i].small[1] == -i &&
              in[i].small[2] == 7 && in[i].last == i * i);
    OK(MPI_Type_free(&type));
    CHECK(type == MPI_DATATYPE_NULL);
}

/* Less arrives than there is room for: whole items, or MPI_UNDEFINED, and the elements. */
static void partial(void)
{
    static const int elements[] = {0, 1, 5, 6, 7, 12};
    int out[16] = {0}, in[64], i, n;
    MPI_Status status;
    MPI_Datatype bytes;

    for (i = 0; i < 6; i++) {
        OK(MPI_Sendrecv(out, elements[i], MPI_INT, partner, 3, in, 2, made[1].type, partner, 3, MPI_COMM_WORLD, &status));
        OK(MPI_Get_count(&status, made[1].type, &n));
        EQUAL(n, elements[i] % 6 ? MPI_UNDEFINED : elements[i] / 6);
        OK(MPI_Get_elements(&status, made[1].type, &n));
        EQUAL(n, elements[i]);
    }
    OK(MPI_Type_contiguous(0, MPI_INT, &bytes));
    OK(MPI_Type_commit(&bytes));
    OK(MPI_Sendrecv(out, 5, bytes, partner, 3, in, 5, bytes, partner, 3, MPI_COMM_WORLD, &status));
    OK(MPI_Get_elements(&status, bytes, &n));
    EQUAL(n, 0);
    OK(MPI_Type_free(&bytes));
}

/* Absolute addresses, from MPI_BOTTOM. */
static void bottom(void)
{
    int a[4] = {1, 2, 3, 4}, b = 5, in[5];
    MPI_Aint where[2];
    MPI_Datatype type;

    OK(MPI_Get_address(a, &where[0]));
    OK(MPI_Get_address(&b, &where[1]));
    EQUAL(MPI_Aint_diff(where[0], where[1]), (char *)a - (char *)&b);
    OK(MPI_Type_create_hindexed(2, (int[]){4, 1}, where, MPI_INT, &type));
    OK(MPI_Type_commit(&type));
    OK(MPI_Sendrecv(MPI_BOTTOM, 1, type, partner, 4, in, 5, MPI_INT, partner, 4, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    CHECK(in[0] == 1 && in[3] == 4 && in[4] == 5);
    OK(MPI_Type_free(&type));
}

/* A large strided message; the type is freed while it is on its way. */
static void large(void)
{
    enum { N = 300000 };
    int *out = get(3 * N * sizeof *out), *in = get(2 * N * sizeof *in), i;
    MPI_Datatype every_third, every_second;
    MPI_Request request[2];

    for (i = 0; i < 3 * N; i++)
        out[i] = i;
    memset(in, 0, 2 * N * sizeof *in);
    OK(MPI_Type_vector(N, 1, 3, MPI_INT, &every_third));
    OK(MPI_Type_vector(N, 1, 2, MPI_INT, &every_second));
    OK(MPI_Type_commit(&every_third));
    OK(MPI_Type_commit(&every_second));
    OK(MPI_Irecv(in, 1, every_second, partner, 5, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Isend(out, 1, every_third, partner, 5, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Type_free(&every_third));
    OK(MPI_Type_free(&every_second));
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    for (i = 0; i < N; i++) {
        EQUAL(in[2 * i], 3 * i);
        EQUAL(in[2 * i + 1], 0);
    }
    free(out);
    free(in);
}

/* A type tells how it was made. */
static void contents(void)
{
    int integers, addresses, types, combiner, values[3];
    MPI_Aint none[1];
    MPI_Datatype parts[1];
    char name[MPI_MAX_OBJECT_NAME];
    int length;

    OK(MPI_Type_get_envelope(MPI_INT, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_NAMED);
    OK(MPI_Type_get_envelope(made[1].type, &integers, &addresses, &types, &combiner));
    EQUAL(combiner, MPI_COMBINER_VECTOR);
    CHECK(integers == 3 && addresses == 0 && types == 1);
    OK(MPI_Type_get_contents(made[1].type, 3, 0, 1, values, none, parts));
    CHECK(values[0] == 3 && values[1] == 2 && values[2] == 4 && parts[0] == MPI_INT);
    OK(MPI_Type_set_name(made[1].type, "pairs"));
    OK(MPI_Type_get_name(made[1].type, name, &length));
    CHECK(length == 5 && !strcmp(name, "pairs"));
    OK(MPI_Type_get_name(MPI_INT, name, &length));
    CHECK(!strcmp(name, "MPI_INT"));
    OK(MPI_Type_get_name(MPI_DATATYPE_NULL, name, &length));
    CHECK(length == 17 && !strcmp(name, "MPI_DATATYPE_NULL"));
}

int main(int argc, char **argv)
{
    static const int counts[] = {0, 1, 2, 7, 100, 3000};
    int i, k, c;

    test_begin(&argc, &argv);
    partner = np - 1 - me;
    make_all();
    for (i = 0; i < kinds; i++) {
        OK(MPI_Type_commit(&made[i].type));
        measures(&made[i]);
    }
    for (c = 0; c < 6; c++)
        for (i = 0; i < kinds; i++) {
            travel(&made[i], &made[0], counts[c]); /* to a contiguous one */
            travel(&made[0], &made[i], counts[c]); /* and from one */
            packed(&made[i], counts[c]);
            for (k = 0; k < kinds; k++)
                if (counts[c] <= 7)
                    travel(&made[i], &made[k], counts[c]);
        }
    real_struct();
    partial();
    bottom();
    large();
    contents();
    for (i = 0; i < kinds; i++)
        OK(MPI_Type_free(&made[i].type));
    return test_end();
}
