/* `traffic BYTES ROUNDS`: messages around the ring and collective operations, every byte checked. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int rank, size;

static unsigned char byte_of(unsigned sender, unsigned round, unsigned at) {
    return (unsigned char)(sender * 31 + round * 7 + at + (at >> 8));
}

static void fail(const char *what) {
    fprintf(stderr, "rank %d: %s is wrong\n", rank, what);
    MPI_Abort(MPI_COMM_WORLD, 99);
}

int main(int argc, char **argv) {
    unsigned bytes = strtoul(argv[1], NULL, 10), rounds = strtoul(argv[2], NULL, 10);
    int n = bytes / 64 + 1;
    unsigned char *out = malloc(bytes + 1), *in = malloc(bytes + 1);
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int right = (rank + 1) % size, left = (rank + size - 1) % size;
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < bytes; i++) out[i] = byte_of(rank, round, i);
        memset(in, 0, bytes);
        in[bytes] = 77;
        MPI_Sendrecv(out, bytes, MPI_BYTE, right, round, in, bytes, MPI_BYTE, left, round, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        for (unsigned i = 0; i < bytes; i++)
            if (in[i] != byte_of(left, round, i)) fail("a message");
        if (in[bytes] != 77) fail("the byte after a message");

        /* The same in blocks, every other 8 bytes: what is between them stays. */
        MPI_Datatype blocks;
        MPI_Type_vector(bytes / 16, 8, 16, MPI_BYTE, &blocks);
        MPI_Type_commit(&blocks);
        memset(in, 0, bytes);
        MPI_Sendrecv(out, 1, blocks, right, round, in, 1, blocks, left, round, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        for (unsigned i = 0; i < bytes / 16 * 16; i++)
            if (in[i] != (i % 16 < 8 ? byte_of(left, round, i) : 0)) fail("a message in blocks");
        memset(in, 0, bytes);
        MPI_Sendrecv(out, 1, blocks, right, round, in, bytes, MPI_BYTE, left, round, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        for (unsigned i = 0; i < bytes / 16 * 8; i++)
            if (in[i] != byte_of(left, round, i / 8 * 16 + i % 8)) fail("a message out of blocks");
        MPI_Type_free(&blocks);

        int sum = size * (size - 1) / 2;
        int *values = malloc(n * sizeof(int));
        for (int i = 0; i < n; i++) values[i] = rank + i;
        MPI_Allreduce(MPI_IN_PLACE, values, n, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
        for (int i = 0; i < n; i++)
            if (values[i] != sum + i * size) fail("a sum");
        free(values);

        if (rank == 0) memcpy(in, out, bytes);
        MPI_Bcast(in, bytes, MPI_BYTE, 0, MPI_COMM_WORLD);
        for (unsigned i = 0; i < bytes; i++)
            if (in[i] != byte_of(0, round, i)) fail("a broadcast");
    }
    MPI_Barrier(MPI_COMM_WORLD);
    printf("rank %d of %d: all right\n", rank, size);
    MPI_Finalize();
    return 0;
}
