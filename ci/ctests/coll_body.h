/* The tests of all collective operations against plain reckoning, written once: a program that includes this says with
 * RUN how a call is made - blocking, nonblocking or persistent.
 *
 *     RUN(Bcast, Ibcast, Bcast_init, arguments without communicator...)
 *
 * It may say of which types arrays of counts and of displacements are, and that there are several ways, of which `way` is
 * the one to go.
 *
 * Every element is an int that names who sent it, to whom, and its place; so a wrong rank or a wrong place shows. */
#include "check.h"

static const int SIZES[] = {0, 1, 7, 1000, 100000};
enum { KINDS = sizeof SIZES / sizeof *SIZES };

#ifndef COUNT
#define COUNT int
#define PLACE int
#define WAYS 1
#endif

static MPI_Comm comm;
static int *out, *in, way;
static COUNT *counts, *out_counts;
static PLACE *starts, *out_starts;
static size_t room; /* ints in `out` and in `in` */

enum { GUARD = -12345 };

static int element(int from, int to, int i)
{
    return (int)((unsigned)from * 1000003u + (unsigned)to * 10007u + (unsigned)i);
}

static void put(int *at, int n, int from, int to)
{
    int i;

    for (i = 0; i < n; i++)
        at[i] = element(from, to, i);
}

#define IS(at, n, from, to)                                 \
    do {                                                    \
        const int *at_ = (at);                              \
        int i_, n_ = (n);                                   \
        for (i_ = 0; i_ < n_; i_++)                         \
            EQUAL(at_[i_], element(from, to, i_));          \
    } while (0)

static void clear(int *at)
{
    size_t i;

    for (i = 0; i < room; i++)
        at[i] = GUARD;
}

/* Short vectors from every root, long ones only from the first and the last: that is a matter of time. */
static int root_wanted(int root, int n)
{
    return n <= 1000 || root == 0 || root == np - 1;
}

static void rooted(int n)
{
    int root, r;

    for (root = 0; root < np; root++) {
        if (!root_wanted(root, n))
            continue;
        clear(in);
        if (me == root)
            put(in, n, root, 0);
        RUN(Bcast, Ibcast, Bcast_init, in, n, MPI_INT, root);
        IS(in, n, root, 0);
        EQUAL(in[n], GUARD);

        clear(in);
        put(out, n, me, root);
        RUN(Gather, Igather, Gather_init, out, n, MPI_INT, in, n, MPI_INT, root);
        for (r = 0; me == root && r < np; r++)
            IS(in + (size_t)r * n, n, r, root);
        EQUAL(in[me == root ? (size_t)np * n : 0], GUARD);

        clear(in);
        if (me == root)
            put(in + (size_t)me * n, n, me, root);
        RUN(Gather, Igather, Gather_init, me == root ? MPI_IN_PLACE : (void *)out, n, MPI_INT, in, n, MPI_INT, root);
        for (r = 0; me == root && r < np; r++)
            IS(in + (size_t)r * n, n, r, root);

        clear(in);
        for (r = 0; me == root && r < np; r++)
            put(out + (size_t)r * n, n, root, r);
        RUN(Scatter, Iscatter, Scatter_init, out, n, MPI_INT, in, n, MPI_INT, root);
        IS(in, n, root, me);
        EQUAL(in[n], GUARD);
        RUN(Scatter, Iscatter, Scatter_init, out, n, MPI_INT, me == root ? MPI_IN_PLACE : (void *)in, n, MPI_INT, root);
        IS(in, n, root, me);
    }
}

/* Unequal parts, some of them empty, with gaps between and in reverse order. */
static void parts(int n, COUNT *part, PLACE *start)
{
    int r, at = 2;

    for (r = np; r-- > 0;) {
        part[r] = r % 3 == 1 ? 0 : n / (r + 1);
        start[r] = at;
        at += part[r] + 1;
    }
}

static void rooted_unequal(int n)
{
    int root, r;

    parts(n, counts, starts);
    for (root = 0; root < np; root++) {
        if (!root_wanted(root, n))
            continue;
        clear(in);
        put(out, counts[me], me, root);
        RUN(Gatherv, Igatherv, Gatherv_init, out, counts[me], MPI_INT, in, counts, starts, MPI_INT, root);
        for (r = 0; me == root && r < np; r++) {
            IS(in + starts[r], counts[r], r, root);
            EQUAL(in[starts[r] + counts[r]], GUARD);
        }
        EQUAL(in[0], GUARD);
        clear(in);
        if (me == root)
            put(in + starts[me], counts[me], me, root);
        RUN(Gatherv, Igatherv, Gatherv_init, me == root ? MPI_IN_PLACE : (void *)out, counts[me], MPI_INT, in, counts, starts,
            MPI_INT, root);
        for (r = 0; me == root && r < np; r++)
            IS(in + starts[r], counts[r], r, root);

        clear(in);
        for (r = 0; me == root && r < np; r++)
            put(out + starts[r], counts[r], root, r);
        RUN(Scatterv, Iscatterv, Scatterv_init, out, counts, starts, MPI_INT, in, counts[me], MPI_INT, root);
        IS(in, counts[me], root, me);
        EQUAL(in[counts[me]], GUARD);
    }
}

static void all_to_all(int n)
{
    int r;

    clear(in);
    put(out, n, me, 0);
    RUN(Allgather, Iallgather, Allgather_init, out, n, MPI_INT, in, n, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + (size_t)r * n, n, r, 0);
    EQUAL(in[(size_t)np * n], GUARD);
    clear(in);
    put(in + (size_t)me * n, n, me, 0);
    RUN(Allgather, Iallgather, Allgather_init, MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, n, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + (size_t)r * n, n, r, 0);

    parts(n, counts, starts);
    clear(in);
    put(out, counts[me], me, 0);
    RUN(Allgatherv, Iallgatherv, Allgatherv_init, out, counts[me], MPI_INT, in, counts, starts, MPI_INT);
    for (r = 0; r < np; r++) {
        IS(in + starts[r], counts[r], r, 0);
        EQUAL(in[starts[r] + counts[r]], GUARD);
    }
    clear(in);
    put(in + starts[me], counts[me], me, 0);
    RUN(Allgatherv, Iallgatherv, Allgatherv_init, MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, counts, starts, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + starts[r], counts[r], r, 0);

    clear(in);
    for (r = 0; r < np; r++)
        put(out + (size_t)r * n, n, me, r);
    RUN(Alltoall, Ialltoall, Alltoall_init, out, n, MPI_INT, in, n, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + (size_t)r * n, n, r, me);
    EQUAL(in[(size_t)np * n], GUARD);
    for (r = 0; r < np; r++)
        put(in + (size_t)r * n, n, me, r);
    RUN(Alltoall, Ialltoall, Alltoall_init, MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, n, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + (size_t)r * n, n, r, me);
}

/* How much `from` sends `to`: nothing for some pairs, and not the same both ways. */
static int between(int from, int to, int n)
{
    return (from + 2 * to) % 4 == 1 ? 0 : n / (1 + (from * 3 + to) % 5);
}

static void all_to_all_unequal(int n)
{
    MPI_Datatype *types = get((size_t)np * sizeof *types);
    int r, s_at = 0, r_at = 1;

    for (r = 0; r < np; r++) {
        out_counts[r] = between(me, r, n);
        counts[r] = between(r, me, n);
        out_starts[r] = s_at;
        starts[r] = r_at;
        s_at += out_counts[r];
        r_at += counts[r] + 1;
        put(out + out_starts[r], out_counts[r], me, r);
        types[r] = MPI_INT;
    }
    clear(in);
    RUN(Alltoallv, Ialltoallv, Alltoallv_init, out, out_counts, out_starts, MPI_INT, in, counts, starts, MPI_INT);
    for (r = 0; r < np; r++) {
        IS(in + starts[r], counts[r], r, me);
        EQUAL(in[starts[r] + counts[r]], GUARD);
    }
    /* In place both ways must be alike. */
    r_at = 1;
    for (r = 0; r < np; r++) {
        counts[r] = between(r < me ? r : me, r < me ? me : r, n);
        starts[r] = r_at;
        r_at += counts[r] + 1;
        put(in + starts[r], counts[r], me, r);
    }
    RUN(Alltoallv, Ialltoallv, Alltoallv_init, MPI_IN_PLACE, NULL, NULL, MPI_DATATYPE_NULL, in, counts, starts, MPI_INT);
    for (r = 0; r < np; r++)
        IS(in + starts[r], counts[r], r, me);

    r_at = 1;
    for (r = 0; r < np; r++) {
        counts[r] = between(r, me, n);
        starts[r] = r_at * (int)sizeof(int);
        out_starts[r] *= (int)sizeof(int);
        r_at += counts[r] + 1;
    }
    clear(in);
    RUN(Alltoallw, Ialltoallw, Alltoallw_init, out, out_counts, out_starts, types, in, counts, starts, types);
    for (r = 0; r < np; r++)
        IS(in + starts[r] / (int)sizeof(int), counts[r], r, me);
    free(types);
}

/* The sum over ranks first..last of what each contributes at i. */
static int sum(int first, int last, int i)
{
    unsigned total = 0;

    for (; first <= last; first++)
        total += (unsigned)first * 31u + (unsigned)i * (unsigned)(first + 1);
    return (int)(total % 1000000007u);
}

static void contribute(int *at, int n)
{
    int i;

    for (i = 0; i < n; i++)
        at[i] = me * 31 + i * (me + 1);
}

#define SUMS(at, n, first, last, offset)                          \
    do {                                                          \
        int i_;                                                   \
        for (i_ = 0; i_ < (n); i_++)                              \
            EQUAL((at)[i_], sum(first, last, (offset) + i_));     \
    } while (0)

static void reductions(int n)
{
    int root, r, at = 0;

    contribute(out, np * n);
    for (root = 0; root < np; root++) {
        if (!root_wanted(root, n))
            continue;
        clear(in);
        RUN(Reduce, Ireduce, Reduce_init, out, in, n, MPI_INT, MPI_SUM, root);
        if (me == root)
            SUMS(in, n, 0, np - 1, 0);
        EQUAL(in[me == root ? n : 0], GUARD);
        contribute(in, n);
        RUN(Reduce, Ireduce, Reduce_init, me == root ? MPI_IN_PLACE : (void *)out, in, n, MPI_INT, MPI_SUM, root);
        if (me == root)
            SUMS(in, n, 0, np - 1, 0);
    }
    clear(in);
    RUN(Allreduce, Iallreduce, Allreduce_init, out, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, np - 1, 0);
    EQUAL(in[n], GUARD);
    contribute(in, n);
    RUN(Allreduce, Iallreduce, Allreduce_init, MPI_IN_PLACE, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, np - 1, 0);

    clear(in);
    RUN(Scan, Iscan, Scan_init, out, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, me, 0);
    EQUAL(in[n], GUARD);
    contribute(in, n);
    RUN(Scan, Iscan, Scan_init, MPI_IN_PLACE, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, me, 0);
    RUN(Exscan, Iexscan, Exscan_init, out, in, n, MPI_INT, MPI_SUM);
    if (me > 0)
        SUMS(in, n, 0, me - 1, 0);
    contribute(in, n);
    RUN(Exscan, Iexscan, Exscan_init, MPI_IN_PLACE, in, n, MPI_INT, MPI_SUM);
    if (me > 0)
        SUMS(in, n, 0, me - 1, 0);

    clear(in);
    RUN(Reduce_scatter_block, Ireduce_scatter_block, Reduce_scatter_block_init, out, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, np - 1, me * n);
    EQUAL(in[n], GUARD);
    contribute(in, np * n);
    RUN(Reduce_scatter_block, Ireduce_scatter_block, Reduce_scatter_block_init, MPI_IN_PLACE, in, n, MPI_INT, MPI_SUM);
    SUMS(in, n, 0, np - 1, me * n);

    for (r = 0; r < np; r++) {
        counts[r] = r % 3 == 1 ? 0 : n / (r + 1);
        if (r < me)
            at += counts[r];
    }
    clear(in);
    RUN(Reduce_scatter, Ireduce_scatter, Reduce_scatter_init, out, in, counts, MPI_INT, MPI_SUM);
    SUMS(in, counts[me], 0, np - 1, at);
    EQUAL(in[counts[me]], GUARD);
    contribute(in, np * n);
    RUN(Reduce_scatter, Ireduce_scatter, Reduce_scatter_init, MPI_IN_PLACE, in, counts, MPI_INT, MPI_SUM);
    SUMS(in, counts[me], 0, np - 1, at);
}

/* A column goes out, a row comes in; and the other way. */
static void two_types(void)
{
    enum { N = 50 };
    MPI_Datatype column, bare;
    int i;

    OK(MPI_Type_vector(N, 1, N, MPI_INT, &bare));
    OK(MPI_Type_create_resized(bare, 0, sizeof(int), &column));
    OK(MPI_Type_free(&bare));
    OK(MPI_Type_commit(&column));
    clear(in);
    for (i = 0; me == np - 1 && i < N; i++)
        in[3 + i * N] = element(0, 0, i);
    RUN(Bcast, Ibcast, Bcast_init, in + 3, me == np - 1 ? 1 : N, me == np - 1 ? column : MPI_INT, np - 1);
    if (me != np - 1)
        IS(in + 3, N, 0, 0);
    OK(MPI_Type_free(&column));
}

/* Nobody leaves before the last has come. */
static void barrier(void)
{
    double start;
    int late;

    for (late = 0; late < np; late++) {
        start = MPI_Wtime();
        RUN0(Barrier, Ibarrier, Barrier_init);
        if (me == late)
            nap(15);
        RUN0(Barrier, Ibarrier, Barrier_init);
        CHECK(MPI_Wtime() - start > 0.014);
    }
}

int main(int argc, char **argv)
{
    int k;

    test_begin(&argc, &argv);
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    room = (size_t)np * (100000 + 2) + 64;
    out = get(room * sizeof *out);
    in = get(room * sizeof *in);
    counts = get((size_t)np * sizeof *counts);
    starts = get((size_t)np * sizeof *starts);
    out_counts = get((size_t)np * sizeof *out_counts);
    out_starts = get((size_t)np * sizeof *out_starts);
    for (way = 0; way < WAYS; way++) {
        barrier();
        for (k = 0; k < KINDS; k++) {
            rooted(SIZES[k]);
            rooted_unequal(SIZES[k]);
            all_to_all(SIZES[k]);
            all_to_all_unequal(SIZES[k]);
            reductions(SIZES[k]);
        }
        two_types();
    }
    OK(MPI_Comm_free(&comm));
    free(out);
    free(in);
    free(counts);
    free(starts);
    free(out_counts);
    free(out_starts);
    return test_end();
}
