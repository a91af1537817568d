/* ranks: 1 2 3 5 8 */
/* Several ranks: each operation of the C face once between them, with its result checked. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures, rank, size;

#define CHECK(condition)                                                                          \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "rank %d: %s:%d: not so: %s\n", rank, __FILE__, __LINE__, #condition); \
            failures++;                                                                           \
        }                                                                                         \
    } while (0)

enum { LONG = 1 << 18 };

/* Each rank sends to the next, in every mode and length. */
static void around(void) {
    int next = (rank + 1) % size, before = (rank + size - 1) % size, lengths[] = {0, 1, 100, 5000, LONG}, i, j, n;
    int *out = malloc(LONG * sizeof *out), *in = malloc(LONG * sizeof *in);
    char *room = malloc(LONG * sizeof *out + MPI_BSEND_OVERHEAD), *back;
    MPI_Request requests[2];
    MPI_Status status;
    MPI_Buffer_attach(room, LONG * (int)sizeof *out + MPI_BSEND_OVERHEAD);
    for (i = 0; i < 5; i++) {
        int mode;
        for (mode = 0; mode < 4; mode++) {
            n = lengths[i];
            for (j = 0; j < n; j++) out[j] = rank * 1000 + j + mode;
            memset(in, 0xff, LONG * sizeof *in);
            MPI_Irecv(in, LONG, MPI_INT, before, mode, MPI_COMM_WORLD, &requests[0]);
            if (mode == 3) MPI_Barrier(MPI_COMM_WORLD);
            if (mode == 0) MPI_Isend(out, n, MPI_INT, next, mode, MPI_COMM_WORLD, &requests[1]);
            if (mode == 1) MPI_Issend(out, n, MPI_INT, next, mode, MPI_COMM_WORLD, &requests[1]);
            if (mode == 2) MPI_Ibsend(out, n, MPI_INT, next, mode, MPI_COMM_WORLD, &requests[1]);
            if (mode == 3) MPI_Irsend(out, n, MPI_INT, next, mode, MPI_COMM_WORLD, &requests[1]);
            MPI_Wait(&requests[0], &status);
            MPI_Wait(&requests[1], MPI_STATUS_IGNORE);
            MPI_Get_count(&status, MPI_INT, &j);
            CHECK(j == n && status.MPI_SOURCE == before && status.MPI_TAG == mode);
            for (j = 0; j < n; j++)
                if (in[j] != before * 1000 + j + mode) break;
            CHECK(j == n && (n == LONG || in[n] == -1));
            MPI_Buffer_flush();
        }
    }
    MPI_Buffer_detach(&back, &n);
    CHECK(back == room);
    free(out), free(in), free(room);
}

/* Rank 0 hears from all, whoever comes first. */
static void from_any(void) {
    int i, x = rank, seen = 0, count, indices[64];
    MPI_Request *requests = malloc(size * sizeof *requests);
    MPI_Status status, statuses[64];
    if (rank != 0) MPI_Send(&x, 1, MPI_INT, 0, 1, MPI_COMM_WORLD);
    for (i = 1; rank == 0 && i < size; i++) {
        MPI_Probe(MPI_ANY_SOURCE, 1, MPI_COMM_WORLD, &status);
        MPI_Recv(&x, 1, MPI_INT, MPI_ANY_SOURCE, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(x == status.MPI_SOURCE || size > 2);
        seen += x;
    }
    CHECK(rank != 0 || seen == size * (size - 1) / 2);

    if (rank != 0) MPI_Send(&rank, 1, MPI_INT, 0, 2, MPI_COMM_WORLD);
    if (rank == 0) {
        int *got = malloc(size * sizeof *got), left = size - 1;
        requests[0] = MPI_REQUEST_NULL;
        for (i = 1; i < size; i++) MPI_Irecv(&got[i], 1, MPI_INT, i, 2, MPI_COMM_WORLD, &requests[i]);
        while (left > 0) {
            MPI_Waitsome(size, requests, &count, indices, statuses);
            for (i = 0; i < count; i++) CHECK(got[indices[i]] == indices[i] && statuses[i].MPI_SOURCE == indices[i]);
            left -= count;
        }
        MPI_Waitsome(size, requests, &count, indices, statuses);
        CHECK(count == MPI_UNDEFINED);
        free(got);
    }
    free(requests);
    MPI_Barrier(MPI_COMM_WORLD);
}

static void collectives(void) {
    int n = size, i, j, root = size - 1, x, *all = malloc(n * n * sizeof *all), *mine = malloc(n * n * sizeof *mine);
    int *counts = malloc(n * sizeof *counts), *displs = malloc(n * sizeof *displs);
    MPI_Request request;
    x = rank == root ? 4711 : 0;
    MPI_Bcast(&x, 1, MPI_INT, root, MPI_COMM_WORLD);
    CHECK(x == 4711);
    MPI_Gather(&rank, 1, MPI_INT, all, 1, MPI_INT, root, MPI_COMM_WORLD);
    for (i = 0; rank == root && i < n; i++) CHECK(all[i] == i);
    for (i = 0; i < n; i++) mine[i] = i * 10;
    MPI_Scatter(mine, 1, MPI_INT, &x, 1, MPI_INT, root, MPI_COMM_WORLD);
    CHECK(x == rank * 10);
    MPI_Allgather(&rank, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
    for (i = 0; i < n; i++) CHECK(all[i] == i);
    for (i = 0; i < n; i++) mine[i] = rank * 100 + i;
    MPI_Alltoall(mine, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
    for (i = 0; i < n; i++) CHECK(all[i] == i * 100 + rank);

    /* Rank i contributes i elements. */
    for (i = 0; i < n; i++) counts[i] = i, displs[i] = i * (i - 1) / 2;
    for (i = 0; i < rank; i++) mine[i] = rank;
    memset(all, 0, n * n * sizeof *all);
    MPI_Allgatherv(mine, rank, MPI_INT, all, counts, displs, MPI_INT, MPI_COMM_WORLD);
    for (i = 0; i < n; i++)
        for (j = 0; j < i; j++) CHECK(all[displs[i] + j] == i);
    memset(mine, 0, n * n * sizeof *mine);
    MPI_Igatherv(all + displs[rank], rank, MPI_INT, mine, counts, displs, MPI_INT, root, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    CHECK(rank != root || !memcmp(mine, all, n * (n - 1) / 2 * sizeof *all));

    MPI_Reduce(&rank, &x, 1, MPI_INT, MPI_SUM, root, MPI_COMM_WORLD);
    CHECK(rank != root || x == n * (n - 1) / 2);
    MPI_Allreduce(&rank, &x, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    CHECK(x == n - 1);
    MPI_Scan(&rank, &x, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    CHECK(x == rank * (rank + 1) / 2);
    x = -1;
    MPI_Exscan(&rank, &x, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    CHECK(x == (rank == 0 ? -1 : rank * (rank - 1) / 2));
    for (i = 0; i < n; i++) mine[i] = rank + i;
    MPI_Reduce_scatter_block(mine, &x, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    CHECK(x == n * (n - 1) / 2 + n * rank);
    free(all), free(mine), free(counts), free(displs);
}

static void communicators(void) {
    MPI_Comm half, twice, some;
    MPI_Group world, group;
    int x, n, *ranks = malloc(size * sizeof *ranks);
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, -rank, &half);
    MPI_Comm_size(half, &n);
    CHECK(n == (size + 1 - rank % 2) / 2);
    MPI_Allreduce(&rank, &x, 1, MPI_INT, MPI_MAX, half);
    MPI_Comm_dup(half, &twice);
    MPI_Bcast(&x, 1, MPI_INT, 0, twice);
    CHECK(x % 2 == rank % 2 && x + 2 >= size);
    MPI_Comm_free(&half);
    MPI_Comm_free(&twice);

    for (n = 0; n < (size + 1) / 2; n++) ranks[n] = n;
    MPI_Comm_group(MPI_COMM_WORLD, &world);
    MPI_Group_incl(world, n, ranks, &group);
    MPI_Comm_create(MPI_COMM_WORLD, group, &some);
    CHECK((some == MPI_COMM_NULL) == (rank >= n));
    if (some != MPI_COMM_NULL) {
        MPI_Barrier(some);
        MPI_Comm_free(&some);
    }
    if (rank < n) {
        MPI_Comm_create_group(MPI_COMM_WORLD, group, 3, &some);
        MPI_Barrier(some);
        MPI_Comm_free(&some);
    }
    MPI_Group_free(&group);
    MPI_Group_free(&world);
    free(ranks);
}

int main(int argc, char **argv) {
    int all;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    around();
    from_any();
    collectives();
    communicators();
    MPI_Allreduce(&failures, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    MPI_Finalize();
    return all != 0;
}
