/* ranks: 1 2 */
/* Attributes: who gets a copy, who is told of the end and in which order, and what a callback that fails does. */
#include "check.h"

static int refused, order[16], deleted;

static int copy_plus(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)comm, (void)keyval;
    CHECK(extra == &refused);
    *(char **)out = (char *)in + 1;
    *flag = 1;
    return MPI_SUCCESS;
}

static int copy_refuse(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)comm, (void)keyval, (void)extra, (void)in, (void)out;
    *flag = 0;
    return refused ? MPI_ERR_OTHER : MPI_SUCCESS;
}

static int remember(MPI_Comm comm, int keyval, void *value, void *extra)
{
    (void)comm, (void)keyval, (void)extra;
    order[deleted++] = (int)(size_t)value;
    return MPI_SUCCESS;
}

static int delete_refuse(MPI_Comm comm, int keyval, void *value, void *extra)
{
    (void)comm, (void)keyval, (void)value, (void)extra;
    return refused ? MPI_ERR_OTHER : MPI_SUCCESS;
}

static void *value_of(MPI_Comm comm, int keyval)
{
    void *value = NULL;
    int flag = -1;

    OK(MPI_Comm_get_attr(comm, keyval, &value, &flag));
    return flag ? value : NULL;
}

static void communicators(void)
{
    MPI_Comm comm, copy, bad = MPI_COMM_NULL;
    int plus, none, dup, kept, key;

    OK(MPI_Comm_create_keyval(copy_plus, remember, &plus, &refused));
    OK(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, &none, NULL));
    OK(MPI_Comm_create_keyval(MPI_COMM_DUP_FN, MPI_COMM_NULL_DELETE_FN, &dup, NULL));
    OK(MPI_Comm_create_keyval(copy_refuse, delete_refuse, &kept, NULL));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    deleted = 0;
    OK(MPI_Comm_set_attr(comm, plus, (void *)10));
    OK(MPI_Comm_set_attr(comm, plus, (void *)20)); /* the old value ends */
    EQUAL(deleted, 1);
    EQUAL(order[0], 10);
    OK(MPI_Comm_set_attr(comm, none, (void *)30));
    OK(MPI_Comm_set_attr(comm, dup, (void *)40));
    OK(MPI_Comm_set_attr(comm, kept, (void *)50));
    OK(MPI_Comm_dup(comm, &copy));
    CHECK(value_of(copy, plus) == (void *)21);
    CHECK(!value_of(copy, none));
    CHECK(value_of(copy, dup) == (void *)40);
    CHECK(!value_of(copy, kept));
    refused = 1;
    CHECK(MPI_Comm_dup(comm, &bad) != MPI_SUCCESS);
    CHECK(MPI_Comm_delete_attr(comm, kept) != MPI_SUCCESS);
    CHECK(MPI_Comm_set_attr(comm, kept, (void *)51) != MPI_SUCCESS);
    CHECK(value_of(comm, kept) == (void *)50);
    refused = 0;
    key = plus;
    OK(MPI_Comm_free_keyval(&plus)); /* in use: what has it keeps it */
    EQUAL(plus, MPI_KEYVAL_INVALID);
    CHECK(value_of(copy, key) == (void *)21);
    deleted = 0;
    OK(MPI_Comm_free(&copy));
    OK(MPI_Comm_delete_attr(comm, key));
    EQUAL(deleted, 2);
    EQUAL(order[0], 21);
    EQUAL(order[1], 20);
    FAILS(MPI_Comm_set_attr(comm, key, NULL), MPI_ERR_KEYVAL); /* nothing had it any more */
    OK(MPI_Comm_free(&comm));
    OK(MPI_Comm_free_keyval(&none));
    OK(MPI_Comm_free_keyval(&dup));
    OK(MPI_Comm_free_keyval(&kept));
}

static int type_copies, type_deletes;

static int type_copy(MPI_Datatype type, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)type, (void)keyval, (void)extra;
    type_copies++;
    *(void **)out = in;
    *flag = 1;
    return MPI_SUCCESS;
}

static int type_delete(MPI_Datatype type, int keyval, void *value, void *extra)
{
    (void)type, (void)keyval, (void)value, (void)extra;
    type_deletes++;
    return MPI_SUCCESS;
}

static void types(void)
{
    MPI_Datatype type, copy;
    void *value = NULL;
    int key, comm_key, win_key, flag;

    OK(MPI_Type_create_keyval(type_copy, type_delete, &key, NULL));
    OK(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, &comm_key, NULL));
    OK(MPI_Win_create_keyval(MPI_WIN_NULL_COPY_FN, MPI_WIN_NULL_DELETE_FN, &win_key, NULL));
    OK(MPI_Type_contiguous(3, MPI_INT, &type));
    OK(MPI_Type_set_attr(type, key, (void *)7));
    OK(MPI_Type_dup(type, &copy));
    EQUAL(type_copies, 1);
    OK(MPI_Type_free(&type));
    EQUAL(type_deletes, 1);
    OK(MPI_Type_get_attr(copy, key, &value, &flag));
    CHECK(flag && value == (void *)7);
    FAILS(MPI_Type_set_attr(copy, comm_key, NULL), MPI_ERR_KEYVAL);
    FAILS(MPI_Type_set_attr(copy, win_key, NULL), MPI_ERR_KEYVAL);
    FAILS(MPI_Comm_set_attr(MPI_COMM_SELF, key, NULL), MPI_ERR_KEYVAL);
    FAILS(MPI_Comm_free_keyval(&key), MPI_ERR_KEYVAL);
    FAILS(MPI_Win_free_keyval(&comm_key), MPI_ERR_KEYVAL);
    OK(MPI_Type_free(&copy));
    EQUAL(type_deletes, 2);
    OK(MPI_Type_free_keyval(&key));
    OK(MPI_Comm_free_keyval(&comm_key));
    OK(MPI_Win_free_keyval(&win_key));
    EQUAL(win_key, MPI_KEYVAL_INVALID);
}

static int at_end(MPI_Comm comm, int keyval, void *value, void *extra)
{
    int flag = -1, rank = -1;

    (void)keyval, (void)extra;
    CHECK(comm == MPI_COMM_SELF);
    OK(MPI_Finalized(&flag)); /* MPI is still whole */
    EQUAL(flag, 0);
    OK(MPI_Comm_rank(MPI_COMM_WORLD, &rank));
    order[deleted++] = (int)(size_t)value;
    return MPI_SUCCESS;
}

int main(int argc, char **argv)
{
    int key[3], i;

    test_begin(&argc, &argv);
    communicators();
    types();
    for (i = 0; i < 3; i++) {
        OK(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, at_end, &key[i], NULL));
        OK(MPI_Comm_set_attr(MPI_COMM_SELF, key[i], (void *)(size_t)(i + 1)));
    }
    OK(MPI_Comm_free_keyval(&key[1]));
    deleted = 0;
    OK(MPI_Finalize()); /* the last that was set goes first */
    if (deleted != 3 || order[0] != 3 || order[1] != 2 || order[2] != 1) {
        fprintf(stderr, "rank %d: attributes of MPI_COMM_SELF end in the order %d %d %d\n", me, order[0], order[1],
                order[2]);
        return 1;
    }
    if (me == 0)
        puts("ok");
    return 0;
}
