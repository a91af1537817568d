/* ranks: 1 2 */
/* Error handlers on every object: which one hears of what, how long it lives, and where it may not be set. */
#include "check.h"

static int calls, last_class;
static MPI_Comm last_comm;
static MPI_File last_file;

static void on_comm(MPI_Comm *comm, int *code, ...)
{
    calls++;
    last_comm = *comm;
    last_class = class_of(*code);
}

static void on_file(MPI_File *file, int *code, ...)
{
    calls++;
    last_file = *file;
    last_class = class_of(*code);
}

static void on_win(MPI_Win *win, int *code, ...)
{
    (void)win, (void)code;
    calls++;
}

#if AT_LEAST(4, 0)
static MPI_Session last_session;

static void on_session(MPI_Session *session, int *code, ...)
{
    calls++;
    last_session = *session;
    last_class = class_of(*code);
}
#endif

/* MPI_FILE_NULL stands for the files to come; what is wrong with no file is told to its handler. */
static void files(void)
{
    MPI_Errhandler handler, found;

    OK(MPI_File_get_errhandler(MPI_FILE_NULL, &found));
    CHECK(found == MPI_ERRORS_RETURN);
    OK(MPI_File_create_errhandler(on_file, &handler));
    OK(MPI_File_set_errhandler(MPI_FILE_NULL, handler));
    OK(MPI_Errhandler_free(&handler));
    CHECK(handler == MPI_ERRHANDLER_NULL);
    OK(MPI_File_get_errhandler(MPI_FILE_NULL, &found));
    calls = 0;
    OK(MPI_File_call_errhandler(MPI_FILE_NULL, MPI_ERR_IO));
    EQUAL(calls, 1);
    EQUAL(last_class, MPI_ERR_IO);
    CHECK(last_file == MPI_FILE_NULL);
    OK(MPI_Errhandler_free(&found));
    OK(MPI_File_set_errhandler(MPI_FILE_NULL, MPI_ERRORS_RETURN));
    OK(MPI_File_call_errhandler(MPI_FILE_NULL, MPI_ERR_IO));
    EQUAL(calls, 1);
}

static void mixed_up(void)
{
    MPI_Errhandler comm, file, win, null = MPI_ERRHANDLER_NULL;

    OK(MPI_Comm_create_errhandler(on_comm, &comm));
    OK(MPI_File_create_errhandler(on_file, &file));
    OK(MPI_Win_create_errhandler(on_win, &win));
    CHECK(MPI_Comm_set_errhandler(MPI_COMM_SELF, file) != MPI_SUCCESS);
    CHECK(MPI_Comm_set_errhandler(MPI_COMM_SELF, win) != MPI_SUCCESS);
    CHECK(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRHANDLER_NULL) != MPI_SUCCESS);
    CHECK(MPI_File_set_errhandler(MPI_FILE_NULL, comm) != MPI_SUCCESS);
    CHECK(MPI_Errhandler_free(&null) != MPI_SUCCESS);
#if AT_LEAST(5, 0)
    FAILS(MPI_Comm_set_errhandler(MPI_COMM_SELF, win), MPI_ERR_ERRHANDLER);
    FAILS(MPI_File_set_errhandler(MPI_FILE_NULL, comm), MPI_ERR_ERRHANDLER);
    FAILS(MPI_Errhandler_free(&null), MPI_ERR_ERRHANDLER);
#endif
    OK(MPI_Errhandler_free(&comm));
    OK(MPI_Errhandler_free(&file));
    OK(MPI_Errhandler_free(&win));
}

/* A handler that was freed lives as long as something has it, copies of the communicator among them. */
static void lives_on(void)
{
    MPI_Errhandler handler;
    MPI_Comm comm, copy;

    OK(MPI_Comm_dup(MPI_COMM_SELF, &comm));
    OK(MPI_Comm_create_errhandler(on_comm, &handler));
    OK(MPI_Comm_set_errhandler(comm, handler));
    OK(MPI_Errhandler_free(&handler));
    OK(MPI_Comm_dup(comm, &copy));
    OK(MPI_Comm_free(&comm));
    calls = 0;
    FAILS(MPI_Send(NULL, 0, MPI_INT, 5, 0, copy), MPI_ERR_RANK);
    EQUAL(calls, 1);
    EQUAL(last_class, MPI_ERR_RANK);
    CHECK(last_comm == copy);
    OK(MPI_Comm_call_errhandler(copy, MPI_ERR_OTHER));
    EQUAL(calls, 2);
    OK(MPI_Comm_set_errhandler(copy, MPI_ERRORS_RETURN));
    OK(MPI_Comm_call_errhandler(copy, MPI_ERR_OTHER));
    EQUAL(calls, 2);
    OK(MPI_Comm_free(&copy));
}

/* What concerns no object is told to MPI_COMM_SELF. */
static void orphans(void)
{
    MPI_Errhandler handler;
    MPI_Info info = MPI_INFO_NULL;
    MPI_Comm null = MPI_COMM_NULL;
    int size;

    OK(MPI_Comm_create_errhandler(on_comm, &handler));
    OK(MPI_Comm_set_errhandler(MPI_COMM_SELF, handler));
    calls = 0;
    FAILS(MPI_Info_free(&info), MPI_ERR_INFO);
    FAILS(MPI_Type_size(MPI_DATATYPE_NULL, &size), MPI_ERR_TYPE);
    FAILS(MPI_Comm_size(null, &size), MPI_ERR_COMM);
#if AT_LEAST(4, 0)
    EQUAL(calls, 3);
    CHECK(last_comm == MPI_COMM_SELF);
#endif
    OK(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN));
    OK(MPI_Errhandler_free(&handler));
}

#if AT_LEAST(4, 0)
static void sessions(void)
{
    MPI_Errhandler handler, comm_handler;
    MPI_Session session;
    MPI_Group group;
    MPI_Comm comm;
    int n;

    OK(MPI_Session_create_errhandler(on_session, &handler));
    OK(MPI_Session_init(MPI_INFO_NULL, handler, &session));
    OK(MPI_Errhandler_free(&handler));
    calls = 0;
    OK(MPI_Session_call_errhandler(session, MPI_ERR_OTHER));
    EQUAL(calls, 1);
    CHECK(last_session == session);
    CHECK(MPI_Group_from_session_pset(session, "no such set", &group) != MPI_SUCCESS);
    EQUAL(calls, 2);
    OK(MPI_Group_from_session_pset(session, "mpi://SELF", &group));
    OK(MPI_Comm_create_errhandler(on_comm, &comm_handler));
    calls = 0;
    CHECK(MPI_Comm_create_from_group(MPI_GROUP_NULL, "a", MPI_INFO_NULL, comm_handler, &comm) != MPI_SUCCESS);
    EQUAL(calls, 1); /* the handler that the communicator would have had */
    OK(MPI_Comm_create_from_group(group, "a", MPI_INFO_NULL, comm_handler, &comm));
    OK(MPI_Errhandler_free(&comm_handler));
    FAILS(MPI_Send(&n, 1, MPI_INT, 1, 0, comm), MPI_ERR_RANK);
    EQUAL(calls, 2);
    CHECK(last_comm == comm);
    OK(MPI_Comm_free(&comm));
    OK(MPI_Group_free(&group));
    OK(MPI_Session_finalize(&session));
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    files();
    mixed_up();
    lives_on();
    orphans();
#if AT_LEAST(4, 0)
    sessions();
#endif
    return test_end();
}
