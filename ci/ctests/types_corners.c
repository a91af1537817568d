/* ranks: 1 2 */
/* Datatypes at the edges: no data, bounds below zero, types that are freed while they are used, types of types. */
#include "check.h"

static int partner;

#define INTS *(MPI_Aint)sizeof(int)

static void extent_is(MPI_Datatype type, MPI_Aint want_lb, MPI_Aint want_extent)
{
    MPI_Aint lb, extent;

    OK(MPI_Type_get_extent(type, &lb, &extent));
    EQUAL(lb, want_lb);
    EQUAL(extent, want_extent);
}

/* Elements that come one before the other. */
static void backwards(void)
{
    MPI_Datatype back, three, inner;
    int out[4] = {10, 11, 12, 13}, in[4] = {0};
    MPI_Aint lb, extent;

    OK(MPI_Type_create_resized(MPI_INT, 1 INTS, -1 INTS, &back));
    extent_is(back, 1 INTS, -1 INTS);
    OK(MPI_Type_get_true_extent(back, &lb, &extent));
    CHECK(lb == 0 && extent == 1 INTS);
    OK(MPI_Type_commit(&back));
    OK(MPI_Sendrecv(out + 3, 4, back, partner, 1, in, 4, MPI_INT, partner, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    CHECK(in[0] == 13 && in[1] == 12 && in[2] == 11 && in[3] == 10);
    OK(MPI_Type_contiguous(3, back, &three));
    OK(MPI_Type_get_true_extent(three, &lb, &extent));
    CHECK(lb == -2 INTS && extent == 3 INTS);
    /* Of two that resize, the outer one counts. */
    OK(MPI_Type_create_resized(back, -8, 24, &inner));
    extent_is(inner, -8, 24);
    OK(MPI_Type_free(&three));
    OK(MPI_Type_contiguous(2, inner, &three));
    extent_is(three, -8, 48);
    OK(MPI_Type_free(&three));
    OK(MPI_Type_free(&inner));
    OK(MPI_Type_free(&back));
}

static void nothing(void)
{
    MPI_Datatype type, types[5];
    MPI_Status status;
    int i, n, size, out[2] = {1, 2}, in[2] = {7, 7}, zero = 0;
    MPI_Aint far = (MPI_Aint)1 << 40;

    OK(MPI_Type_contiguous(0, MPI_INT, &types[0]));
    OK(MPI_Type_vector(3, 0, 9, MPI_INT, &types[1]));
    OK(MPI_Type_create_hindexed(1, &zero, &far, MPI_INT, &types[2]));
    OK(MPI_Type_create_struct(0, NULL, NULL, NULL, &types[3]));
    OK(MPI_Type_create_resized(types[0], 0, 8, &types[4]));
    for (i = 0; i < 5; i++) {
        OK(MPI_Type_commit(&types[i]));
        OK(MPI_Type_size(types[i], &size));
        EQUAL(size, 0);
        extent_is(types[i], 0, i == 4 ? 8 : 0);
        OK(MPI_Sendrecv(out, 3, types[i], partner, 2, in, 2, types[i], partner, 2, MPI_COMM_WORLD, &status));
        OK(MPI_Get_count(&status, types[i], &n));
        EQUAL(n, 0);
        OK(MPI_Get_elements(&status, types[i], &n));
        EQUAL(n, 0);
        CHECK(in[0] == 7);
        OK(MPI_Type_contiguous(4, types[i], &type));
        extent_is(type, 0, i == 4 ? 32 : 0);
        OK(MPI_Type_free(&type));
        OK(MPI_Type_free(&types[i]));
    }
}

/* A duplicate of a predefined type is committed, and is freed. */
static void duplicates(void)
{
    MPI_Datatype dup;
    double x = me + 1, sum = 0;
    char name[MPI_MAX_OBJECT_NAME];
    int n;

    OK(MPI_Type_dup(MPI_DOUBLE, &dup));
    OK(MPI_Allreduce(&x, &sum, 1, dup, MPI_SUM, MPI_COMM_WORLD));
    CHECK(sum == np * (np + 1) / 2.0);
    OK(MPI_Type_commit(&dup));
    OK(MPI_Type_get_name(dup, name, &n));
    EQUAL(n, 0);
    OK(MPI_Type_free(&dup));
    CHECK(dup == MPI_DATATYPE_NULL);
    dup = MPI_INT;
    CHECK(MPI_Type_free(&dup) != MPI_SUCCESS);
}

static void mistakes(void)
{
    int x[4] = {0}, position = 0;
    char box[64];
    MPI_Datatype type;
    MPI_Request request;

    OK(MPI_Type_vector(2, 1, 2, MPI_INT, &type));
    FAILS(MPI_Send(x, 1, type, 0, 0, MPI_COMM_SELF), MPI_ERR_TYPE);
    FAILS(MPI_Irecv(x, 1, type, 0, 0, MPI_COMM_SELF, &request), MPI_ERR_TYPE);
    FAILS(MPI_Send_init(x, 1, type, 0, 0, MPI_COMM_SELF, &request), MPI_ERR_TYPE);
    FAILS(MPI_Pack(x, 1, type, box, 64, &position, MPI_COMM_SELF), MPI_ERR_TYPE);
    OK(MPI_Type_free(&type));
    FAILS(MPI_Type_vector(-1, 1, 1, MPI_INT, &type), MPI_ERR_COUNT);
    CHECK(MPI_Type_vector(1, -1, 1, MPI_INT, &type) != MPI_SUCCESS);
    CHECK(MPI_Type_contiguous(1, MPI_DATATYPE_NULL, &type) != MPI_SUCCESS);
}

/* Whoever needs a type keeps it: requests, persistent ones too, and types made of it. */
static void freed_in_use(void)
{
    MPI_Datatype every_second, of_two, other;
    MPI_Request request[2];
    MPI_Comm comm;
    int out[8] = {0, 1, 2, 3, 4, 5, 6, 7}, in[8], i, round;

    OK(MPI_Type_vector(2, 1, 2, MPI_INT, &every_second));
    OK(MPI_Type_contiguous(2, every_second, &of_two)); /* 0 2, 3 5 */
    OK(MPI_Type_free(&every_second));
    OK(MPI_Type_commit(&of_two));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    OK(MPI_Recv_init(in, 4, MPI_INT, partner, 3, comm, &request[0]));
    OK(MPI_Send_init(out, 1, of_two, partner, 3, comm, &request[1]));
    OK(MPI_Type_free(&of_two));
    OK(MPI_Comm_free(&comm));
    OK(MPI_Type_contiguous(2, MPI_INT, &other)); /* takes the place of the one that was freed */
    for (round = 0; round < 3; round++) {
        memset(in, 0xff, sizeof in);
        OK(MPI_Startall(2, request));
        OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
        for (i = 0; i < 4; i++)
            EQUAL(in[i], i / 2 * 3 + i % 2 * 2);
        EQUAL(in[4], -1);
    }
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
    OK(MPI_Type_free(&other));
}

/* The same for collective operations. */
static void freed_before_start(void)
{
#if AT_LEAST(4, 0)
    enum { MOST = 8 };
    MPI_Datatype every_second, types[MOST], others[MOST];
    MPI_Request request[2];
    MPI_Comm comm;
    int out[4] = {me, -1, me + 10, -1}, all[2 * MOST], in[2 * MOST], counts[MOST], places[MOST], i, round;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    OK(MPI_Type_vector(2, 1, 2, MPI_INT, &every_second));
    OK(MPI_Type_commit(&every_second));
    OK(MPI_Allgather_init(out, 1, every_second, all, 2, MPI_INT, comm, MPI_INFO_NULL, &request[0]));
    for (i = 0; i < np; i++) {
        types[i] = every_second;
        others[i] = MPI_INT;
        counts[i] = 2;
        places[i] = i * 2 * (int)sizeof(int);
    }
    {
        int ones[MOST], zeros[MOST];

        for (i = 0; i < np; i++)
            ones[i] = 1, zeros[i] = 0;
        OK(MPI_Alltoallw_init(out, ones, zeros, types, in, counts, places, others, comm, MPI_INFO_NULL, &request[1]));
        OK(MPI_Type_free(&every_second));
        OK(MPI_Comm_free(&comm));
        for (round = 0; round < 2; round++) {
            memset(all, 0xff, sizeof all);
            memset(in, 0xff, sizeof in);
            OK(MPI_Startall(2, request));
            OK(MPI_Waitall(2, request, MPI_STATUSES_IGNORE));
            for (i = 0; i < np; i++) {
                CHECK(all[2 * i] == i && all[2 * i + 1] == i + 10);
                CHECK(in[2 * i] == i && in[2 * i + 1] == i + 10);
            }
        }
    }
    OK(MPI_Request_free(&request[0]));
    OK(MPI_Request_free(&request[1]));
#endif
}

static void elements(void)
{
    MPI_Datatype parts[2] = {MPI_DOUBLE, MPI_SHORT}, type;
    MPI_Aint where[2] = {0, 8};
    MPI_Status status;
    int n, i;

    OK(MPI_Type_create_struct(2, (int[]){1, 2}, where, parts, &type));
    memset(&status, 0, sizeof status);
    for (i = 0; i < 20; i++) {
        OK(MPI_Status_set_elements(&status, type, i));
        OK(MPI_Get_elements(&status, type, &n));
        EQUAL(n, i);
        OK(MPI_Get_count(&status, type, &n));
        EQUAL(n, i % 3 ? MPI_UNDEFINED : i / 3);
        OK(MPI_Get_count(&status, MPI_BYTE, &n));
        EQUAL(n, i / 3 * 12 + (i % 3 == 0 ? 0 : i % 3 == 1 ? 8 : 10));
    }
    OK(MPI_Type_free(&type));
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    partner = np - 1 - me;
    backwards();
    nothing();
    duplicates();
    mistakes();
    freed_in_use();
    freed_before_start();
    elements();
    return test_end();
}
