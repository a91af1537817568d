/* ranks: 2 3 */
/* The functions that count with MPI_Count (MPI 4.0): the same as their elders, and beyond what an int holds. */
#include "check.h"

#if AT_LEAST(4, 0)
static void like_their_elders(void)
{
    enum { N = 1000 };
    int out[N], in[N], i, right = (me + 1) % np, left = (me + np - 1) % np, *all = get((size_t)np * N * sizeof *all);
    MPI_Count count, counts[8], size, lb, extent;
    MPI_Aint starts[8];
    MPI_Request request[2];
    MPI_Status status;
    MPI_Datatype type;

    for (i = 0; i < N; i++)
        out[i] = me * N + i;
    OK(MPI_Irecv_c(in, N, MPI_INT, left, 1, MPI_COMM_WORLD, &request[0]));
    OK(MPI_Isend_c(out, N, MPI_INT, right, 1, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Wait(&request[0], &status));
    OK(MPI_Wait(&request[1], MPI_STATUS_IGNORE));
    OK(MPI_Get_count_c(&status, MPI_INT, &count));
    EQUAL(count, N);
    OK(MPI_Get_elements_c(&status, MPI_INT, &count));
    EQUAL(count, N);
    for (i = 0; i < N; i++)
        EQUAL(in[i], left * N + i);
    OK(MPI_Sendrecv_c(out, N, MPI_INT, left, 2, in, N, MPI_INT, right, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    EQUAL(in[N - 1], right * N + N - 1);
    if (me == 0) {
        OK(MPI_Send_c(out, N, MPI_INT, 1, 3, MPI_COMM_WORLD));
    } else if (me == 1) {
        OK(MPI_Recv_c(in, N, MPI_INT, 0, 3, MPI_COMM_WORLD, &status));
        EQUAL(in[5], 5);
    }
    if (me == 0)
        in[0] = 77;
    OK(MPI_Bcast_c(in, 1, MPI_INT, 0, MPI_COMM_WORLD));
    EQUAL(in[0], 77);
    OK(MPI_Allgather_c(out, N, MPI_INT, all, N, MPI_INT, MPI_COMM_WORLD));
    for (i = 0; i < np * N; i++)
        EQUAL(all[i], i);
    for (i = 0; i < np; i++) {
        counts[i] = i + 1;
        starts[i] = i * 10;
    }
    OK(MPI_Allgatherv_c(out, me + 1, MPI_INT, all, counts, starts, MPI_INT, MPI_COMM_WORLD));
    for (i = 0; i < np; i++)
        EQUAL(all[i * 10 + i], i * N + i);
    OK(MPI_Allreduce_c(out, in, N, MPI_INT, MPI_MAX, MPI_COMM_WORLD));
    EQUAL(in[3], (np - 1) * N + 3);
    OK(MPI_Type_vector_c(4, 2, 3, MPI_INT, &type));
    OK(MPI_Type_size_c(type, &size));
    EQUAL(size, 32);
    OK(MPI_Type_get_extent_c(type, &lb, &extent));
    EQUAL(extent, 44);
    OK(MPI_Type_free(&type));
    free(all);
}

/* Sizes beyond 2^31: a type can be that large without any memory. */
static void beyond_int(void)
{
    MPI_Datatype type, pair;
    MPI_Count size, lb, extent, large = (MPI_Count)3 << 31;
    int small;

    OK(MPI_Type_contiguous_c(large, MPI_BYTE, &type));
    OK(MPI_Type_size_c(type, &size));
    EQUAL(size, large);
    OK(MPI_Type_size(type, &small));
    EQUAL(small, MPI_UNDEFINED);
    OK(MPI_Type_contiguous(2, type, &pair));
    OK(MPI_Type_get_extent_c(pair, &lb, &extent));
    EQUAL(lb, 0);
    EQUAL(extent, 2 * large);
    OK(MPI_Type_free(&pair));
    OK(MPI_Type_free(&type));
}

/* A status can tell of more elements than an int holds. */
static void status_beyond_int(void)
{
    MPI_Status status;
    MPI_Count large = ((MPI_Count)1 << 31) + 5, count;
    int n;

    memset(&status, 0, sizeof status);
    OK(MPI_Status_set_elements_c(&status, MPI_BYTE, large));
    OK(MPI_Get_count_c(&status, MPI_BYTE, &count));
    EQUAL(count, large);
    OK(MPI_Get_elements_c(&status, MPI_BYTE, &count));
    EQUAL(count, large);
    OK(MPI_Get_count(&status, MPI_BYTE, &n));
    EQUAL(n, MPI_UNDEFINED);
    FAILS(MPI_Send_c(&n, -1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_COUNT);
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if AT_LEAST(4, 0)
    like_their_elders();
    beyond_int();
    status_beyond_int();
#endif
    return test_end();
}
