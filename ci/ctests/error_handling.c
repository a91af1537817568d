/* ranks: 1 2 */
/* Errors: the class for each kind of wrong argument, handlers, and classes, codes and texts of a user's own. */
#include "check.h"

static int v[16], w[16];

/* A wrong argument gives its class, and the call has no effect. */
static void arguments(void)
{
    MPI_Request request;
    MPI_Comm world = MPI_COMM_WORLD, comm;
    MPI_Datatype type, uncommitted;
    MPI_Group group, bad;
    int key, flag, ranks[1];

    FAILS(MPI_Send(v, 1, MPI_INT, np, 0, world), MPI_ERR_RANK);
    FAILS(MPI_Send(v, 1, MPI_INT, -1000, 0, world), MPI_ERR_RANK);
    FAILS(MPI_Send(v, 1, MPI_INT, MPI_ANY_SOURCE, 0, world), MPI_ERR_RANK);
    FAILS(MPI_Recv(v, 1, MPI_INT, np, 0, world, MPI_STATUS_IGNORE), MPI_ERR_RANK);
    FAILS(MPI_Irecv(v, 1, MPI_INT, -1000, 0, world, &request), MPI_ERR_RANK);
    FAILS(MPI_Send(v, 1, MPI_INT, 0, -5, world), MPI_ERR_TAG);
    FAILS(MPI_Send(v, 1, MPI_INT, 0, MPI_ANY_TAG, world), MPI_ERR_TAG);
    FAILS(MPI_Recv(v, 1, MPI_INT, 0, -1000, world, MPI_STATUS_IGNORE), MPI_ERR_TAG);
    FAILS(MPI_Send(v, -1, MPI_INT, 0, 0, world), MPI_ERR_COUNT);
    FAILS(MPI_Recv(v, -1, MPI_INT, 0, 0, world, MPI_STATUS_IGNORE), MPI_ERR_COUNT);
    FAILS(MPI_Bcast(v, -1, MPI_INT, 0, world), MPI_ERR_COUNT);
    FAILS(MPI_Send(v, 1, MPI_INT, 0, 0, MPI_COMM_NULL), MPI_ERR_COMM);
    FAILS(MPI_Comm_rank(MPI_COMM_NULL, &key), MPI_ERR_COMM);
    FAILS(MPI_Barrier(MPI_COMM_NULL), MPI_ERR_COMM);
    FAILS(MPI_Comm_dup(MPI_COMM_NULL, &comm), MPI_ERR_COMM);
    FAILS(MPI_Send(v, 1, MPI_DATATYPE_NULL, 0, 0, world), MPI_ERR_TYPE);
    OK(MPI_Type_contiguous(2, MPI_INT, &uncommitted));
    FAILS(MPI_Send(v, 1, uncommitted, 0, 0, world), MPI_ERR_TYPE);
    OK(MPI_Type_free(&uncommitted));
    FAILS(MPI_Type_size(MPI_DATATYPE_NULL, &key), MPI_ERR_TYPE);
    FAILS(MPI_Type_contiguous(-1, MPI_INT, &type), MPI_ERR_COUNT);
    type = MPI_INT;
    CHECK(MPI_Type_free(&type) != MPI_SUCCESS); /* predefined types stay */
    FAILS(MPI_Allreduce(v, w, 1, MPI_INT, MPI_OP_NULL, world), MPI_ERR_OP);
    FAILS(MPI_Allreduce(v, w, 1, MPI_DOUBLE, MPI_BAND, world), MPI_ERR_OP);
    FAILS(MPI_Allreduce(v, w, 1, MPI_C_DOUBLE_COMPLEX, MPI_MAX, world), MPI_ERR_OP);
    FAILS(MPI_Bcast(v, 1, MPI_INT, np, world), MPI_ERR_ROOT);
    FAILS(MPI_Bcast(v, 1, MPI_INT, -3000, world), MPI_ERR_ROOT);
    FAILS(MPI_Reduce(v, w, 1, MPI_INT, MPI_SUM, np, world), MPI_ERR_ROOT);
    FAILS(MPI_Send(NULL, 1, MPI_INT, 0, 0, world), MPI_ERR_BUFFER);
    FAILS(MPI_Recv(NULL, 1, MPI_INT, 0, 0, world, MPI_STATUS_IGNORE), MPI_ERR_BUFFER);
    FAILS(MPI_Start(&(MPI_Request){MPI_REQUEST_NULL}), MPI_ERR_REQUEST);
    request = MPI_REQUEST_NULL;
    FAILS(MPI_Request_free(&request), MPI_ERR_REQUEST);
    FAILS(MPI_Cancel(&request), MPI_ERR_REQUEST);
    OK(MPI_Comm_group(world, &group));
    ranks[0] = np;
    FAILS(MPI_Group_incl(group, 1, ranks, &bad), MPI_ERR_RANK);
    OK(MPI_Group_free(&group));
    FAILS(MPI_Group_size(MPI_GROUP_NULL, &key), MPI_ERR_GROUP);
    FAILS(MPI_Comm_get_attr(world, MPI_KEYVAL_INVALID, &key, &flag), MPI_ERR_KEYVAL);
    comm = MPI_COMM_WORLD;
    CHECK(MPI_Comm_free(&comm) != MPI_SUCCESS); /* predefined communicators stay */
    FAILS(MPI_Iprobe(np, 0, world, &flag, MPI_STATUS_IGNORE), MPI_ERR_RANK);
    /* After all that the world is whole. */
    OK(MPI_Barrier(world));
}

static int calls, last_class;
static MPI_Comm last_comm;

static void remember(MPI_Comm *comm, int *code, ...)
{
    calls++;
    last_comm = *comm;
    last_class = class_of(*code);
}

static int other_calls;

static void other(MPI_Comm *comm, int *code, ...)
{
    (void)comm, (void)code;
    other_calls++;
}

/* Each communicator calls its own handler; duplicates inherit it. What the call returns then: handler_code.c. */
static void handlers(void)
{
    MPI_Errhandler mine, others, got;
    MPI_Comm a, b;

    OK(MPI_Comm_get_errhandler(MPI_COMM_WORLD, &got));
    CHECK(got == MPI_ERRORS_RETURN);
    OK(MPI_Errhandler_free(&got));
    OK(MPI_Comm_create_errhandler(remember, &mine));
    OK(MPI_Comm_create_errhandler(other, &others));
    OK(MPI_Comm_dup(MPI_COMM_WORLD, &a));
    OK(MPI_Comm_set_errhandler(a, mine));
    OK(MPI_Comm_dup(a, &b));
    OK(MPI_Comm_get_errhandler(b, &got));
    CHECK(got == mine);
    OK(MPI_Errhandler_free(&got));
    MPI_Send(v, 1, MPI_INT, 0, -5, a);
    EQUAL(calls, 1);
    EQUAL(last_class, MPI_ERR_TAG);
    CHECK(last_comm == a);
    MPI_Send(v, 1, MPI_INT, np, 0, b);
    EQUAL(calls, 2);
    CHECK(last_comm == b);
    FAILS(MPI_Send(v, 1, MPI_INT, np, 0, MPI_COMM_WORLD), MPI_ERR_RANK);
    EQUAL(calls, 2);
    OK(MPI_Comm_set_errhandler(b, others));
    OK(MPI_Errhandler_free(&others)); /* lives on in b */
    CHECK(others == MPI_ERRHANDLER_NULL);
    MPI_Send(v, 1, MPI_INT, np, 0, b);
    EQUAL(other_calls, 1);
    EQUAL(calls, 2);
    OK(MPI_Comm_call_errhandler(a, MPI_ERR_OTHER));
    EQUAL(calls, 3);
    EQUAL(last_class, MPI_ERR_OTHER);
    OK(MPI_Errhandler_free(&mine));
    OK(MPI_Comm_free(&a));
    OK(MPI_Comm_free(&b));
    if (np == 2) { /* an error of a nonblocking receive reaches the handler at its end */
        OK(MPI_Comm_create_errhandler(remember, &mine));
        OK(MPI_Comm_dup(MPI_COMM_WORLD, &a));
        OK(MPI_Comm_set_errhandler(a, mine));
        OK(MPI_Errhandler_free(&mine));
        MPI_Sendrecv(v, 4, MPI_INT, 1 - me, 0, w, 2, MPI_INT, 1 - me, 0, a, MPI_STATUS_IGNORE);
        EQUAL(calls, 4);
        EQUAL(last_class, MPI_ERR_TRUNCATE);
        OK(MPI_Comm_free(&a));
    }
}

static void texts(void)
{
    static const int classes[] = {MPI_SUCCESS, MPI_ERR_BUFFER, MPI_ERR_COUNT, MPI_ERR_TYPE, MPI_ERR_TAG, MPI_ERR_COMM,
                                  MPI_ERR_RANK, MPI_ERR_REQUEST, MPI_ERR_ROOT, MPI_ERR_GROUP, MPI_ERR_OP, MPI_ERR_TOPOLOGY,
                                  MPI_ERR_DIMS, MPI_ERR_ARG, MPI_ERR_UNKNOWN, MPI_ERR_TRUNCATE, MPI_ERR_OTHER, MPI_ERR_INTERN,
                                  MPI_ERR_IN_STATUS, MPI_ERR_PENDING, MPI_ERR_NO_MEM, MPI_ERR_INFO_KEY, MPI_ERR_KEYVAL};
    char text[MPI_MAX_ERROR_STRING];
    int i, length, class, again, code, *last, flag;

    for (i = 0; i < (int)(sizeof classes / sizeof *classes); i++) {
        OK(MPI_Error_class(classes[i], &class));
        EQUAL(class, classes[i]);
        OK(MPI_Error_string(classes[i], text, &length));
        CHECK(length > 0 && length < MPI_MAX_ERROR_STRING && (int)strlen(text) == length);
    }
    OK(MPI_Add_error_class(&class));
    CHECK(class > MPI_ERR_LASTCODE);
    OK(MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_LASTUSEDCODE, &last, &flag));
    CHECK(flag && *last >= class);
    OK(MPI_Add_error_code(class, &code));
    OK(MPI_Error_class(code, &again));
    EQUAL(again, class);
    OK(MPI_Add_error_string(class, "a class of mine"));
    OK(MPI_Add_error_string(code, "a code of mine"));
    OK(MPI_Error_string(class, text, &length));
    CHECK(!strcmp(text, "a class of mine"));
    OK(MPI_Error_string(code, text, &length));
    CHECK(!strcmp(text, "a code of mine") && length == (int)strlen(text));
    OK(MPI_Add_error_code(MPI_ERR_ARG, &code));
    OK(MPI_Error_class(code, &again));
    EQUAL(again, MPI_ERR_ARG);
#if AT_LEAST(4, 1)
    OK(MPI_Add_error_class(&again));
    OK(MPI_Remove_error_class(again));
    OK(MPI_Remove_error_code(code));
#endif
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    arguments();
    handlers();
    texts();
    return test_end();
}
