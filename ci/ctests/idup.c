/* ranks: 1 2 3 5 */
/* Copying communicators without waiting: many at a time, beside calls that wait, over groups that overlap. */
#include "check.h"

enum { COPIES = 6, BASES = 4 };

static int all_seen[64];

/* Each of the communicators works, and none gets a message of another, though all go out before one is received. */
static void apart(int n, MPI_Comm *comms)
{
    MPI_Request *requests = get(2 * (size_t)n * sizeof *requests);
    int *out = get((size_t)n * sizeof *out), *in = get((size_t)n * sizeof *in), i, rank, size, sum;

    for (i = 0; i < n; i++) {
        OK(MPI_Comm_rank(comms[i], &rank));
        OK(MPI_Comm_size(comms[i], &size));
        out[i] = i * 1000 + rank;
        in[i] = -1;
        OK(MPI_Isend(&out[i], 1, MPI_INT, (rank + 1) % size, 0, comms[i], &requests[i]));
    }
    for (i = n - 1; i >= 0; i--) {
        OK(MPI_Comm_rank(comms[i], &rank));
        OK(MPI_Comm_size(comms[i], &size));
        OK(MPI_Irecv(&in[i], 1, MPI_INT, (rank + size - 1) % size, 0, comms[i], &requests[n + i]));
    }
    OK(MPI_Waitall(2 * n, requests, MPI_STATUSES_IGNORE));
    for (i = 0; i < n; i++) {
        OK(MPI_Comm_rank(comms[i], &rank));
        OK(MPI_Comm_size(comms[i], &size));
        EQUAL(in[i], i * 1000 + (rank + size - 1) % size);
        OK(MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, comms[i]));
        EQUAL(sum, size * (size - 1) / 2);
    }
    free(in);
    free(out);
    free(requests);
}

static void free_all(int n, MPI_Comm *comms)
{
    int i;

    for (i = 0; i < n; i++)
        OK(MPI_Comm_free(&comms[i]));
}

/* Requests of copies among others, waited for in every way. */
static void requests(void)
{
    MPI_Comm copies[COPIES];
    MPI_Request list[COPIES + 3];
    MPI_Status status, statuses[COPIES + 3];
    int way, i, index, flag, count, indices[COPIES + 3], in, right = (me + 1) % np, left = (me + np - 1) % np;

    for (way = 0; way < 6; way++) {
        in = -1;
        OK(MPI_Irecv(&in, 1, MPI_INT, left, way, MPI_COMM_WORLD, &list[0]));
        for (i = 0; i < COPIES; i++)
            OK(MPI_Comm_idup(MPI_COMM_WORLD, &copies[i], &list[1 + i]));
        OK(MPI_Isend(&me, 1, MPI_INT, right, way, MPI_COMM_WORLD, &list[1 + COPIES]));
        OK(MPI_Ibarrier(MPI_COMM_WORLD, &list[2 + COPIES]));
        switch (way) {
            case 0:
                OK(MPI_Waitall(COPIES + 3, list, statuses));
                for (i = 1; i <= COPIES; i++)
                    EMPTY(statuses[i]);
                break;
            case 1:
                for (i = COPIES + 2; i >= 0; i--)
                    OK(MPI_Wait(&list[i], &status));
                break;
            case 2:
                for (i = 0; i < COPIES + 3; i++)
                    for (flag = 0; !flag;)
                        OK(MPI_Test(&list[i], &flag, &status));
                break;
            case 3:
                for (memset(all_seen, 0, sizeof all_seen), i = 0; i < COPIES + 3; i++) {
                    OK(MPI_Waitany(COPIES + 3, list, &index, &status));
                    EQUAL(all_seen[index]++, 0);
                    /* what is there can be used while others are made */
                    if (index >= 1 && index <= COPIES) {
                        OK(MPI_Comm_size(copies[index - 1], &count));
                        EQUAL(count, np);
                    }
                }
                break;
            case 4:
                for (i = 0; i < COPIES + 3; i += count)
                    OK(MPI_Waitsome(COPIES + 3, list, &count, indices, statuses));
                break;
            case 5:
                for (flag = 0; !flag;)
                    OK(MPI_Testall(COPIES + 3, list, &flag, statuses));
                break;
        }
        for (i = 0; i < COPIES + 3; i++)
            CHECK(list[i] == MPI_REQUEST_NULL);
        EQUAL(in, left);
        apart(COPIES, copies);
        free_all(COPIES, copies);
    }
}

/* Copies that are under way while calls that wait make others, over the same communicator and over others. */
static void beside_others(void)
{
    MPI_Comm base[BASES], made[BASES * COPIES + 4];
    MPI_Request list[BASES * COPIES];
    MPI_Group group;
    int i, k, n = BASES * COPIES, order;

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &base[0]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, me % 2, me, &base[1]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, 0, -me, &base[2]));
    OK(MPI_Comm_split(MPI_COMM_WORLD, me / 2, me, &base[3]));
    for (k = 0; k < COPIES; k++) {
        for (i = 0; i < BASES; i++) {
            order = (i + me + k) % BASES; /* another one first in each process */
            OK(MPI_Comm_idup(base[order], &made[order * COPIES + k], &list[order * COPIES + k]));
        }
        if (k == 1)
            OK(MPI_Comm_dup(MPI_COMM_WORLD, &made[n]));
        if (k == 2)
            OK(MPI_Comm_split(MPI_COMM_WORLD, 0, -me, &made[n + 1]));
        if (k == 3) {
            OK(MPI_Comm_group(MPI_COMM_WORLD, &group));
            OK(MPI_Comm_create_group(MPI_COMM_WORLD, group, 5, &made[n + 2]));
            OK(MPI_Group_free(&group));
        }
    }
    OK(MPI_Comm_dup(base[0], &made[n + 3]));
    free_all(BASES, base); /* before the copies are there */
    OK(MPI_Waitall(n, list, MPI_STATUSES_IGNORE));
    apart(n + 4, made);
    free_all(n + 4, made);
}

/* The communicators of two groups, as the other ones. */
static void two_groups(void)
{
    MPI_Comm half, inter, copy[2], merged[2];
    MPI_Request list[2];
    int i, flag, size, other;

    if (np < 2)
        return;
    OK(MPI_Comm_split(MPI_COMM_WORLD, me % 2, me, &half));
    OK(MPI_Intercomm_create(half, 0, MPI_COMM_WORLD, 1 - me % 2, 3, &inter));
    for (i = 0; i < 2; i++)
        OK(MPI_Comm_idup(inter, &copy[i], &list[i]));
    OK(MPI_Comm_remote_size(inter, &other));
    OK(MPI_Comm_free(&inter));
    OK(MPI_Waitall(2, list, MPI_STATUSES_IGNORE));
    for (i = 0; i < 2; i++) {
        OK(MPI_Comm_test_inter(copy[i], &flag));
        CHECK(flag);
        OK(MPI_Comm_remote_size(copy[i], &size));
        EQUAL(size, other);
        OK(MPI_Intercomm_merge(copy[i], me % 2, &merged[i]));
        OK(MPI_Comm_size(merged[i], &size));
        EQUAL(size, np);
    }
    apart(2, merged);
    free_all(2, merged);
    free_all(2, copy);
    OK(MPI_Comm_free(&half));
}

static int copy_plus(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)comm, (void)keyval, (void)extra;
    *(char **)out = (char *)in + 1;
    *flag = 1;
    return MPI_SUCCESS;
}

static int refuse(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)comm, (void)keyval, (void)extra, (void)in, (void)out;
    *flag = 0;
    return MPI_ERR_OTHER;
}

/* The copy is as if it had been made at the call. */
static void at_the_call(void)
{
    MPI_Comm base, copy;
    MPI_Request request;
    MPI_Errhandler handler;
    char name[MPI_MAX_OBJECT_NAME];
    void *value;
    int key, flag, length;

    OK(MPI_Comm_create_keyval(copy_plus, MPI_COMM_NULL_DELETE_FN, &key, NULL));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &base));
    OK(MPI_Comm_set_attr(base, key, (void *)10));
    OK(MPI_Comm_set_name(base, "base"));
    OK(MPI_Comm_idup(base, &copy, &request));
    OK(MPI_Comm_set_attr(base, key, (void *)20));
    OK(MPI_Comm_set_errhandler(base, MPI_ERRORS_ARE_FATAL));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    OK(MPI_Comm_get_attr(copy, key, &value, &flag));
    CHECK(flag && value == (void *)11);
    OK(MPI_Comm_get_errhandler(copy, &handler));
    CHECK(handler == MPI_ERRORS_RETURN);
    OK(MPI_Comm_get_name(copy, name, &length));
    EQUAL(length, 0);
    OK(MPI_Comm_free(&copy));
    OK(MPI_Comm_free(&base));
    OK(MPI_Comm_free_keyval(&key));
}

#if AT_LEAST(4, 0)
static void hints(void)
{
    MPI_Comm copy[2];
    MPI_Request list[2];
    MPI_Info info, used;
    char value[16];
    int length = sizeof value, flag;

    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, "mpi_assert_no_any_tag", "true"));
    OK(MPI_Comm_idup_with_info(MPI_COMM_WORLD, info, &copy[0], &list[0]));
    OK(MPI_Info_free(&info)); /* read at the call */
    OK(MPI_Comm_idup_with_info(MPI_COMM_WORLD, MPI_INFO_NULL, &copy[1], &list[1]));
    OK(MPI_Waitall(2, list, MPI_STATUSES_IGNORE));
    OK(MPI_Comm_get_info(copy[0], &used));
    OK(MPI_Info_get_string(used, "mpi_assert_no_any_tag", &length, value, &flag));
    CHECK(!flag || strcmp(value, "true") == 0);
    OK(MPI_Info_free(&used));
    apart(2, copy);
    free_all(2, copy);
}
#endif

/* Where a callback refuses, the call fails, and the other processes have their copies all the same. */
static void refused(void)
{
    MPI_Comm base, copy = MPI_COMM_SELF;
    MPI_Request request = MPI_REQUEST_NULL;
    int key, one = np / 2;

    OK(MPI_Comm_create_keyval(refuse, MPI_COMM_NULL_DELETE_FN, &key, NULL));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &base));
    if (me == one)
        OK(MPI_Comm_set_attr(base, key, NULL));
#ifdef RANKWISE_USE_INSTEAD /* others may let the processes wait, or leave the variable as it is */
    if (me == one) {
        FAILS(MPI_Comm_idup(base, &copy, &request), MPI_ERR_OTHER);
        CHECK(copy == MPI_COMM_NULL && request == MPI_REQUEST_NULL);
        copy = MPI_COMM_SELF;
        FAILS(MPI_Comm_dup(base, &copy), MPI_ERR_OTHER);
        CHECK(copy == MPI_COMM_NULL);
        OK(MPI_Comm_delete_attr(base, key));
    } else {
        OK(MPI_Comm_idup(base, &copy, &request));
        OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        OK(MPI_Comm_free(&copy));
        OK(MPI_Comm_dup(base, &copy));
        OK(MPI_Comm_free(&copy));
    }
#else
    if (me == one)
        OK(MPI_Comm_delete_attr(base, key));
#endif
    OK(MPI_Comm_idup(base, &copy, &request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    apart(1, &copy);
    OK(MPI_Comm_free(&copy));
    OK(MPI_Comm_free(&base));
    OK(MPI_Comm_free_keyval(&key));
}

static void errors(void)
{
    MPI_Comm copy;
    MPI_Request request;

    FAILS(MPI_Comm_idup(MPI_COMM_NULL, &copy, &request), MPI_ERR_COMM);
    FAILS(MPI_Comm_idup(MPI_COMM_WORLD, NULL, &request), MPI_ERR_ARG);
    FAILS(MPI_Comm_idup(MPI_COMM_WORLD, &copy, NULL), MPI_ERR_ARG);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    requests();
    beside_others();
    two_groups();
    at_the_call();
#if AT_LEAST(4, 0)
    hints();
#endif
    refused();
    errors();
    return test_end();
}
