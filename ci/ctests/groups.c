/* ranks: 1 2 3 4 8 */
/* Groups: sets in an order, their operations, and translating ranks between them. */
#include "check.h"

static MPI_Group world;

/* The group is these ranks of MPI_COMM_WORLD in this order. */
static void holds(MPI_Group group, int n, const int *members)
{
    int size, rank, i, mine = MPI_UNDEFINED, *here = get((size_t)n * sizeof *here), *there = get((size_t)n * sizeof *there);

    OK(MPI_Group_size(group, &size));
    EQUAL(size, n);
    for (i = 0; i < n; i++) {
        here[i] = i;
        if (members[i] == me)
            mine = i;
    }
    OK(MPI_Group_rank(group, &rank));
    EQUAL(rank, mine);
    OK(MPI_Group_translate_ranks(group, n, here, world, there));
    for (i = 0; i < n; i++)
        EQUAL(there[i], members[i]);
    free(here);
    free(there);
}

static int compare(MPI_Group a, MPI_Group b)
{
    int result;

    OK(MPI_Group_compare(a, b, &result));
    return result;
}

static MPI_Group made_of(int n, const int *members)
{
    MPI_Group group;

    OK(MPI_Group_incl(world, n, members, &group));
    holds(group, n, members);
    return group;
}

/* Set operations, checked for all pairs of many drawn groups by plain reckoning. */
static void sets(unsigned seed)
{
    int a[64], b[64], na = 0, nb = 0, in_a[64] = {0}, in_b[64] = {0}, want[64], n, i, k, swap, same;
    MPI_Group ga, gb, g;

    for (i = 0; i < np; i++) {
        if (draw(&seed) % 2)
            a[na++] = i;
        if (draw(&seed) % 2)
            b[nb++] = i;
    }
    for (i = na - 1; i > 0; i--) {
        k = (int)(draw(&seed) % (unsigned)(i + 1));
        swap = a[i], a[i] = a[k], a[k] = swap;
    }
    for (i = 0; i < na; i++)
        in_a[a[i]] = 1;
    for (i = 0; i < nb; i++)
        in_b[b[i]] = 1;
    ga = made_of(na, a);
    gb = made_of(nb, b);

    for (n = 0, i = 0; i < na; i++)
        want[n++] = a[i];
    for (i = 0; i < nb; i++)
        if (!in_a[b[i]])
            want[n++] = b[i];
    OK(MPI_Group_union(ga, gb, &g));
    holds(g, n, want);
    if (g != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&g));

    for (n = 0, i = 0; i < na; i++)
        if (in_b[a[i]])
            want[n++] = a[i];
    OK(MPI_Group_intersection(ga, gb, &g));
    holds(g, n, want);
    if (n == 0)
        EQUAL(compare(g, MPI_GROUP_EMPTY), MPI_IDENT);
    if (g != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&g));

    for (n = 0, i = 0; i < na; i++)
        if (!in_b[a[i]])
            want[n++] = a[i];
    OK(MPI_Group_difference(ga, gb, &g));
    holds(g, n, want);
    if (g != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&g));

    for (same = na == nb, i = 0; same && i < na; i++)
        same = a[i] == b[i];
    for (k = na == nb, i = 0; k && i < na; i++)
        k = in_b[a[i]];
    EQUAL(compare(ga, gb), same ? MPI_IDENT : k ? MPI_SIMILAR : MPI_UNEQUAL);

    /* Ranks of one group in the other. */
    for (i = 0; i < na; i++)
        want[i] = i;
    OK(MPI_Group_translate_ranks(ga, na, want, gb, want + 32));
    for (i = 0; i < na; i++) {
        for (k = 0; k < nb && b[k] != a[i]; k++)
            ;
        EQUAL(want[32 + i], k < nb ? k : MPI_UNDEFINED);
    }
    if (ga != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&ga));
    if (gb != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&gb));
}

static void picks(void)
{
    int want[64], out[64], i, n = 0, ranges[3][3];
    MPI_Group g;

    for (i = 0; i < np; i++)
        want[i] = np - 1 - i;
    g = made_of(np, want);
    EQUAL(compare(g, world), np == 1 ? MPI_IDENT : MPI_SIMILAR);
    OK(MPI_Group_free(&g));

    out[0] = 0;
    for (i = 1; i < np; i++)
        want[i - 1] = i;
    OK(MPI_Group_excl(world, 1, out, &g));
    holds(g, np - 1, want);
    if (g != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&g));
    OK(MPI_Group_excl(world, 0, out, &g));
    EQUAL(compare(g, world), MPI_IDENT);
    OK(MPI_Group_free(&g));

    /* Ranges: every second from 0, then downwards the odd ones. */
    ranges[0][0] = 0, ranges[0][1] = np - 1, ranges[0][2] = 2;
    for (i = 0; i < np; i += 2)
        want[n++] = i;
    if (np > 1) {
        int odd = np % 2 ? np - 2 : np - 1;

        ranges[1][0] = odd, ranges[1][1] = 1, ranges[1][2] = -2;
        for (i = odd; i >= 1; i -= 2)
            want[n++] = i;
    }
    OK(MPI_Group_range_incl(world, np > 1 ? 2 : 1, ranges, &g));
    holds(g, n, want);
    OK(MPI_Group_free(&g));
    OK(MPI_Group_range_excl(world, 1, ranges, &g));
    for (n = 0, i = 1; i < np; i += 2)
        want[n++] = i;
    holds(g, n, want);
    if (g != MPI_GROUP_EMPTY)
        OK(MPI_Group_free(&g));
    OK(MPI_Group_range_incl(world, 0, ranges, &g));
    EQUAL(compare(g, MPI_GROUP_EMPTY), MPI_IDENT);
}

static void of_communicators(void)
{
    MPI_Comm comm;
    MPI_Group g;
    int ranks[2] = {0, MPI_PROC_NULL}, out[2], size;

    OK(MPI_Comm_split(MPI_COMM_WORLD, 0, -me, &comm));
    OK(MPI_Comm_group(comm, &g));
    OK(MPI_Comm_free(&comm)); /* the group lives on */
    OK(MPI_Group_translate_ranks(g, 2, ranks, world, out));
    EQUAL(out[0], np - 1);
    EQUAL(out[1], MPI_PROC_NULL);
    OK(MPI_Group_free(&g));
    CHECK(g == MPI_GROUP_NULL);
    OK(MPI_Group_size(MPI_GROUP_EMPTY, &size));
    EQUAL(size, 0);
    OK(MPI_Comm_group(MPI_COMM_SELF, &g));
    holds(g, 1, &me);
    OK(MPI_Group_free(&g));
}

int main(int argc, char **argv)
{
    unsigned seed;

    test_begin(&argc, &argv);
    OK(MPI_Comm_group(MPI_COMM_WORLD, &world));
    for (seed = 1; seed < 200; seed++)
        sets(seed);
    picks();
    of_communicators();
    OK(MPI_Group_free(&world));
    return test_end();
}
