/* ranks: 1 2 3 4 8 */
/* Making and freeing communicators: who is in, in which order, and that their messages keep apart. */
#include "check.h"

/* The communicator works, and holds these ranks of MPI_COMM_WORLD in this order. */
static void works(MPI_Comm comm, int size, const int *members)
{
    int rank, n, i, right, left, got = -1, *all = get((size_t)size * sizeof *all);

    OK(MPI_Comm_size(comm, &n));
    EQUAL(n, size);
    OK(MPI_Comm_rank(comm, &rank));
    EQUAL(members[rank], me);
    OK(MPI_Allgather(&me, 1, MPI_INT, all, 1, MPI_INT, comm));
    for (i = 0; i < n; i++)
        EQUAL(all[i], members[i]);
    right = (rank + 1) % n;
    left = (rank + n - 1) % n;
    OK(MPI_Sendrecv(&me, 1, MPI_INT, right, 0, &got, 1, MPI_INT, left, 0, comm, MPI_STATUS_IGNORE));
    EQUAL(got, members[left]);
    free(all);
}

static int *sequence(int first, int count, int step)
{
    int *list = get((size_t)(count > 0 ? count : 1) * sizeof *list), i;

    for (i = 0; i < count; i++)
        list[i] = first + i * step;
    return list;
}

static int compare(MPI_Comm a, MPI_Comm b)
{
    int result;

    OK(MPI_Comm_compare(a, b, &result));
    return result;
}

static void duplicates(void)
{
    int *everyone = sequence(0, np, 1);
    MPI_Comm a, b, c;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &a));
    OK(MPI_Comm_dup(a, &b));
    OK(MPI_Comm_dup(b, &c));
    works(a, np, everyone);
    works(b, np, everyone);
    works(c, np, everyone);
    EQUAL(compare(a, a), MPI_IDENT);
    EQUAL(compare(a, c), MPI_CONGRUENT);
    EQUAL(compare(MPI_COMM_WORLD, a), MPI_CONGRUENT);
    EQUAL(compare(MPI_COMM_WORLD, MPI_COMM_SELF), np == 1 ? MPI_CONGRUENT : MPI_UNEQUAL);
    OK(MPI_Comm_free(&a));
    CHECK(a == MPI_COMM_NULL);
    works(b, np, everyone);
    OK(MPI_Comm_free(&c));
    OK(MPI_Comm_free(&b));
    free(everyone);
}

/* Colours, keys that turn the order round, equal keys, MPI_UNDEFINED. */
static void splits(void)
{
    int *everyone = sequence(0, np, 1), *backwards = sequence(np - 1, np, -1), *same = sequence(me % 2, (np + 1 - me % 2) / 2, 2);
    MPI_Comm comm, part;

    OK(MPI_Comm_split(MPI_COMM_WORLD, 7, 0, &comm));
    works(comm, np, everyone);
    EQUAL(compare(comm, MPI_COMM_WORLD), MPI_CONGRUENT);
    OK(MPI_Comm_free(&comm));

    OK(MPI_Comm_split(MPI_COMM_WORLD, 0, -me, &comm));
    works(comm, np, backwards);
    EQUAL(compare(comm, MPI_COMM_WORLD), np == 1 ? MPI_CONGRUENT : MPI_SIMILAR);
    /* A part of a part: the order of the parent counts where keys are equal. */
    OK(MPI_Comm_split(comm, 0, 5, &part));
    works(part, np, backwards);
    OK(MPI_Comm_free(&part));
    OK(MPI_Comm_free(&comm));

    OK(MPI_Comm_split(MPI_COMM_WORLD, me % 2, me, &comm));
    works(comm, (np + 1 - me % 2) / 2, same);
    OK(MPI_Comm_free(&comm));

    OK(MPI_Comm_split(MPI_COMM_WORLD, me == 0 ? MPI_UNDEFINED : 1, 0, &comm));
    if (me == 0) {
        CHECK(comm == MPI_COMM_NULL);
    } else {
        works(comm, np - 1, everyone + 1);
        OK(MPI_Comm_free(&comm));
    }
    OK(MPI_Comm_split(MPI_COMM_WORLD, MPI_UNDEFINED, 0, &comm));
    CHECK(comm == MPI_COMM_NULL);
    OK(MPI_Comm_split(MPI_COMM_WORLD, me, 0, &comm));
    works(comm, 1, everyone + me);
    OK(MPI_Comm_free(&comm));
    OK(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &comm));
    CHECK(comm != MPI_COMM_NULL);
    OK(MPI_Comm_free(&comm));
    free(everyone);
    free(backwards);
    free(same);
}

/* Out of a group: called by all, or only by the members. */
static void created(void)
{
    int *even = sequence(0, (np + 1) / 2, 2), *last = sequence(np - 1, np, -1), tag;
    MPI_Group world, group;
    MPI_Comm comm, again;

    OK(MPI_Comm_group(MPI_COMM_WORLD, &world));
    OK(MPI_Group_incl(world, (np + 1) / 2, even, &group));
    OK(MPI_Comm_create(MPI_COMM_WORLD, group, &comm));
    CHECK((comm == MPI_COMM_NULL) == (me % 2 == 1));
    if (me % 2 == 0) {
        works(comm, (np + 1) / 2, even);
        for (tag = 0; tag < 3; tag++) {
            OK(MPI_Comm_create_group(MPI_COMM_WORLD, group, tag, &again));
            works(again, (np + 1) / 2, even);
            EQUAL(compare(comm, again), MPI_CONGRUENT);
            OK(MPI_Comm_free(&again));
        }
        OK(MPI_Comm_free(&comm));
    }
    OK(MPI_Group_free(&group));
    OK(MPI_Group_incl(world, np, last, &group));
    OK(MPI_Comm_create(MPI_COMM_WORLD, group, &comm));
    works(comm, np, last);
    OK(MPI_Comm_free(&comm));
    OK(MPI_Comm_create(MPI_COMM_WORLD, MPI_GROUP_EMPTY, &comm));
    CHECK(comm == MPI_COMM_NULL);
    OK(MPI_Group_free(&group));
    OK(MPI_Group_free(&world));
    free(even);
    free(last);
}

/* Out of one group after another, all with one tag: processes have another rank each time. */
static void created_in_a_row(void)
{
    int *members = get((size_t)np * sizeof *members), round, i, n, in;
    unsigned state = 1;
    MPI_Group world, group;
    MPI_Comm comm;

    OK(MPI_Comm_group(MPI_COMM_WORLD, &world));
    for (round = 0; round < 200; round++) {
        for (i = n = in = 0; i < np; i++) {
            if (draw(&state) % 2) {
                in |= i == me;
                members[n++] = i;
            }
        }
        OK(MPI_Group_incl(world, n, members, &group));
        if (in) {
            OK(MPI_Comm_create_group(MPI_COMM_WORLD, group, 0, &comm));
            if (round % 8 == 0)
                works(comm, n, members);
            OK(MPI_Comm_free(&comm));
        }
        OK(MPI_Group_free(&group));
    }
    OK(MPI_Group_free(&world));
    free(members);
}

/* Very many, one after another and at a time: their contexts are used again and never mixed. */
static void many(void)
{
    enum { ALIVE = 100 };
    MPI_Comm comm[ALIVE];
    int i, value, got, right = (me + 1) % np, left = (me + np - 1) % np;

    for (i = 0; i < 1000; i++) {
        OK(MPI_Comm_dup(MPI_COMM_SELF, &comm[0]));
        OK(MPI_Comm_free(&comm[0]));
    }
    for (i = 0; i < ALIVE; i++)
        OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm[i]));
    for (i = 0; i < ALIVE && np > 1; i++) {
        value = i * 10 + me;
        OK(MPI_Send(&value, 1, MPI_INT, right, 0, comm[i]));
    }
    for (i = ALIVE; i-- > 0 && np > 1;) {
        OK(MPI_Recv(&got, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, comm[i], MPI_STATUS_IGNORE));
        EQUAL(got, i * 10 + left);
    }
    for (i = 0; i < ALIVE; i++)
        OK(MPI_Comm_free(&comm[i]));
}

/* A communicator freed while a message is on its way still delivers it. */
static void freed_early(void)
{
    MPI_Comm comm;
    MPI_Request request[2];
    enum { N = 200000 };
    int *out = get(N * sizeof *out), *in = get(N * sizeof *in);

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    fill(out, N * sizeof *out, (unsigned)me);
    OK(MPI_Irecv(in, N, MPI_INT, (me + 1) % np, 0, comm, &request[0]));
    OK(MPI_Isend(out, N, MPI_INT, (me + np - 1) % np, 0, comm, &request[1]));
    OK(MPI_Comm_free(&comm));
    OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
    FILLED(in, N * sizeof *in, (unsigned)((me + 1) % np));
    free(out);
    free(in);
}

static void names(void)
{
    char name[MPI_MAX_OBJECT_NAME];
    MPI_Comm comm;
    int length;

    OK(MPI_Comm_get_name(MPI_COMM_WORLD, name, &length));
    CHECK(!strcmp(name, "MPI_COMM_WORLD"));
    OK(MPI_Comm_get_name(MPI_COMM_SELF, name, &length));
    CHECK(!strcmp(name, "MPI_COMM_SELF"));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    OK(MPI_Comm_get_name(comm, name, &length));
    EQUAL(length, 0);
    OK(MPI_Comm_set_name(comm, "mine"));
    OK(MPI_Comm_get_name(comm, name, &length));
    CHECK(length == 4 && !strcmp(name, "mine"));
    OK(MPI_Comm_free(&comm));
}

static int copies, deletes;

static int copy(MPI_Comm from, int key, void *extra, void *in, void *out, int *flag)
{
    (void)from, (void)key;
    CHECK(extra == &copies);
    *(void **)out = (char *)in + 1;
    *flag = 1;
    copies++;
    return MPI_SUCCESS;
}

static int delete(MPI_Comm comm, int key, void *value, void *extra)
{
    (void)comm, (void)key, (void)value;
    CHECK(extra == &copies);
    deletes++;
    return MPI_SUCCESS;
}

/* Cached attributes follow a dup as their callbacks say, and not a split. */
static void attributes(void)
{
    static char place[10];
    MPI_Comm a, b;
    int key, flag;
    void *value;

    OK(MPI_Comm_create_keyval(copy, delete, &key, &copies));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &a));
    OK(MPI_Comm_get_attr(a, key, &value, &flag));
    CHECK(!flag);
    OK(MPI_Comm_set_attr(a, key, place));
    OK(MPI_Comm_dup(a, &b));
    EQUAL(copies, 1);
    OK(MPI_Comm_get_attr(b, key, &value, &flag));
    CHECK(flag && value == place + 1);
    OK(MPI_Comm_free(&b));
    EQUAL(deletes, 1);
    OK(MPI_Comm_split(a, 0, 0, &b));
    OK(MPI_Comm_get_attr(b, key, &value, &flag));
    CHECK(!flag);
    OK(MPI_Comm_free(&b));
    OK(MPI_Comm_set_attr(a, key, place + 5)); /* replacing deletes the old one */
    EQUAL(deletes, 2);
    OK(MPI_Comm_delete_attr(a, key));
    EQUAL(deletes, 3);
    OK(MPI_Comm_free_keyval(&key));
    EQUAL(key, MPI_KEYVAL_INVALID);
    OK(MPI_Comm_free(&a));
    EQUAL(deletes, 3);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    duplicates();
    splits();
    created();
    created_in_a_row();
    many();
    freed_early();
    names();
    attributes();
    return test_end();
}
