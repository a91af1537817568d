/* ranks: 1 2 4 */
/* Sessions: process sets, communicators from groups, attached buffers, before, beside and after MPI_Init. */
#include "check.h"

static void use(MPI_Session session, int expect_world)
{
    MPI_Info info;
    MPI_Group group;
    MPI_Comm comm;
    MPI_Errhandler handler;
    char name[MPI_MAX_PSET_NAME_LEN], level[64];
    int sets, length, flag, n, i, rank, size, sum, size_in_bytes = 1000 + MPI_BSEND_OVERHEAD, got = -1;
    char *room = malloc(size_in_bytes);
    void *back;
    MPI_Request request;

    OK(MPI_Session_get_num_psets(session, MPI_INFO_NULL, &sets));
    CHECK(sets >= 2);
    for (i = n = 0; i < sets; i++) {
        length = 0;
        OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, i, &length, NULL));
        CHECK(length > 1 && length <= MPI_MAX_PSET_NAME_LEN);
        OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, i, &length, name));
        CHECK((int)strlen(name) == length - 1);
        n += !strcmp(name, "mpi://WORLD") + !strcmp(name, "mpi://SELF");
    }
    EQUAL(n, 2);
    OK(MPI_Session_get_info(session, &info));
    length = sizeof level;
    OK(MPI_Info_get_string(info, "thread_level", &length, level, &flag));
    CHECK(flag && !strncmp(level, "MPI_THREAD_", 11));
    OK(MPI_Info_free(&info));

    OK(MPI_Group_from_session_pset(session, "mpi://WORLD", &group));
    OK(MPI_Comm_create_from_group(group, "sessions.c", MPI_INFO_NULL, MPI_ERRORS_RETURN, &comm));
    OK(MPI_Group_free(&group));
    OK(MPI_Comm_rank(comm, &rank));
    OK(MPI_Comm_size(comm, &size));
    EQUAL(size, expect_world);
    OK(MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, comm));
    EQUAL(sum, size * (size - 1) / 2);
    OK(MPI_Comm_get_errhandler(comm, &handler));
    CHECK(handler == MPI_ERRORS_RETURN);

    /* A buffer of the session serves the communicators that come from it. */
    EQUAL(class_of(MPI_Bsend(&rank, 1, MPI_INT, rank, 0, comm)), MPI_ERR_BUFFER);
    OK(MPI_Session_attach_buffer(session, room, size_in_bytes));
    OK(MPI_Bsend(&rank, 1, MPI_INT, (rank + 1) % size, 0, comm));
    OK(MPI_Recv(&got, 1, MPI_INT, (rank + size - 1) % size, 0, comm, MPI_STATUS_IGNORE));
    EQUAL(got, (rank + size - 1) % size);
    OK(MPI_Session_flush_buffer(session));
    OK(MPI_Session_iflush_buffer(session, &request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    OK(MPI_Session_detach_buffer(session, &back, &length));
    CHECK(back == room && length == size_in_bytes);
    OK(MPI_Comm_free(&comm));

    OK(MPI_Group_from_session_pset(session, "mpi://SELF", &group));
    OK(MPI_Comm_create_from_group(group, "self", MPI_INFO_NULL, MPI_ERRORS_RETURN, &comm));
    OK(MPI_Group_free(&group));
    OK(MPI_Comm_size(comm, &size));
    EQUAL(size, 1);
    OK(MPI_Comm_free(&comm));
    EQUAL(class_of(MPI_Group_from_session_pset(session, "no such set", &group)), MPI_ERR_ARG);
    free(room);
}

static int heard, heard_class, heard_null;

static void hear(MPI_Session *session, int *code, ...)
{
    heard++;
    MPI_Error_class(*code, &heard_class);
    heard_null = *session == MPI_SESSION_NULL;
}

/* A call that fails tells the handler that it is given, whatever else there is at the time. */
static void fail_to_open(void)
{
    MPI_Session session;
    MPI_Errhandler handler;
    MPI_Info freed, info;

    OK(MPI_Info_create(&info));
    freed = info;
    OK(MPI_Info_free(&info));
    EQUAL(class_of(MPI_Session_init(freed, MPI_ERRORS_RETURN, &session)), MPI_ERR_INFO);
    OK(MPI_Session_create_errhandler(hear, &handler));
    heard = 0;
    EQUAL(class_of(MPI_Session_init(freed, handler, &session)), MPI_ERR_INFO);
    EQUAL(heard, 1);
    EQUAL(heard_class, MPI_ERR_INFO);
    CHECK(heard_null);
    OK(MPI_Errhandler_free(&handler));
}

int main(int argc, char **argv)
{
    MPI_Session first, second;
    MPI_Info info;
    int world, flag;

    fail_to_open();
    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, "thread_level", "MPI_THREAD_MULTIPLE"));
    OK(MPI_Session_init(info, MPI_ERRORS_RETURN, &first));
    OK(MPI_Info_free(&info));
    OK(MPI_Initialized(&flag));
    CHECK(!flag);
    test_begin(&argc, &argv);
    world = np;
    fail_to_open();
    OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &second));
    use(first, world);
    use(second, world);
    OK(MPI_Session_finalize(&first));
    CHECK(first == MPI_SESSION_NULL);
    OK(MPI_Finalize());
    use(second, world);
    OK(MPI_Session_finalize(&second));
    fail_to_open();
    OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &first));
    use(first, world);
    OK(MPI_Session_finalize(&first));
    if (me == 0)
        puts("ok");
    return 0;
}
