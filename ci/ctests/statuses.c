/* ranks: 1 2 */
/* Reading and writing statuses; requests that are looked at and stay; handles as integers and back. */
#include "check.h"

#if AT_LEAST(4, 1)
static void fields(void)
{
    MPI_Status status;
    MPI_Datatype pairs, empty;
    MPI_Count large;
    int value, flag;

    memset(&status, 0x55, sizeof status);
    OK(MPI_Status_set_source(&status, 17));
    OK(MPI_Status_set_tag(&status, 18));
    OK(MPI_Status_set_error(&status, MPI_ERR_TRUNCATE));
    OK(MPI_Status_set_cancelled(&status, 0));
    OK(MPI_Status_set_elements(&status, MPI_INT, 5));
    EQUAL(status.MPI_SOURCE, 17);
    EQUAL(status.MPI_TAG, 18);
    EQUAL(status.MPI_ERROR, MPI_ERR_TRUNCATE);
    OK(MPI_Status_get_source(&status, &value));
    EQUAL(value, 17);
    OK(MPI_Status_get_tag(&status, &value));
    EQUAL(value, 18);
    OK(MPI_Status_get_error(&status, &value));
    EQUAL(value, MPI_ERR_TRUNCATE);
    OK(MPI_Test_cancelled(&status, &flag));
    CHECK(!flag);
    OK(MPI_Status_set_cancelled(&status, 1));
    OK(MPI_Test_cancelled(&status, &flag));
    CHECK(flag);
    OK(MPI_Get_elements(&status, MPI_INT, &value));
    EQUAL(value, 5);
    OK(MPI_Get_count(&status, MPI_INT, &value));
    EQUAL(value, 5);
    OK(MPI_Get_count(&status, MPI_DOUBLE, &value));
    EQUAL(value, MPI_UNDEFINED);

    OK(MPI_Type_contiguous(2, MPI_INT, &pairs));
    OK(MPI_Type_contiguous(0, MPI_INT, &empty));
    OK(MPI_Status_set_elements(&status, pairs, 7));
    OK(MPI_Get_elements(&status, pairs, &value));
    EQUAL(value, 7);
    OK(MPI_Get_count(&status, pairs, &value));
    EQUAL(value, MPI_UNDEFINED);
    OK(MPI_Status_set_elements(&status, pairs, 8));
    OK(MPI_Get_count(&status, pairs, &value));
    EQUAL(value, 4);
    OK(MPI_Status_set_elements(&status, MPI_INT, 0));
    OK(MPI_Get_count(&status, empty, &value));
    EQUAL(value, 0);

    /* More than an int can hold: the old form says so. */
    OK(MPI_Status_set_elements_c(&status, MPI_INT, (MPI_Count)5000000000));
    OK(MPI_Get_elements_c(&status, MPI_INT, &large));
    EQUAL(large, 5000000000);
    OK(MPI_Get_count_c(&status, pairs, &large));
    EQUAL(large, 2500000000);
    OK(MPI_Get_elements(&status, MPI_INT, &value));
    EQUAL(value, MPI_UNDEFINED);
    OK(MPI_Get_count(&status, pairs, &value));
    EQUAL(value, MPI_UNDEFINED);
    OK(MPI_Status_set_elements_x(&status, MPI_INT, (MPI_Count)3000000000));
    OK(MPI_Get_elements_x(&status, MPI_INT, &large));
    EQUAL(large, 3000000000);
    FAILS(MPI_Status_set_elements(&status, MPI_INT, -1), MPI_ERR_COUNT);
    FAILS(MPI_Status_set_elements(&status, MPI_DATATYPE_NULL, 1), MPI_ERR_TYPE);
    /* The other fields were left alone. */
    OK(MPI_Status_get_source(&status, &value));
    EQUAL(value, 17);
    OK(MPI_Test_cancelled(&status, &flag));
    CHECK(flag);
    OK(MPI_Type_free(&pairs));
    OK(MPI_Type_free(&empty));

    /* Of a real message. */
    value = 3;
    OK(MPI_Sendrecv(&value, 1, MPI_INT, me, 4, &flag, 1, MPI_INT, me, 4, MPI_COMM_WORLD, &status));
    OK(MPI_Status_get_source(&status, &value));
    EQUAL(value, me);
    OK(MPI_Status_get_tag(&status, &value));
    EQUAL(value, 4);
}

/* Null and inactive requests are passed over; what is complete stays so until it is waited for. */
static void looking(void)
{
    MPI_Request request[4];
    MPI_Status status[4];
    int index[4], count, flag, i, sink = -1, sent = 9;

    for (i = 0; i < 4; i++)
        request[i] = MPI_REQUEST_NULL;
    OK(MPI_Send_init(&sent, 1, MPI_INT, me, 8, MPI_COMM_WORLD, &request[1]));
    memset(status, 0x55, sizeof status);
    OK(MPI_Request_get_status_any(4, request, &i, &flag, &status[0]));
    CHECK(flag);
    EQUAL(i, MPI_UNDEFINED);
    EMPTY(status[0]);
    OK(MPI_Request_get_status_some(4, request, &count, index, status));
    EQUAL(count, MPI_UNDEFINED);
    memset(status, 0x55, sizeof status);
    OK(MPI_Request_get_status_all(4, request, &flag, status));
    CHECK(flag);
    for (i = 0; i < 4; i++)
        EMPTY(status[i]);
    OK(MPI_Request_get_status_any(0, NULL, &i, &flag, MPI_STATUS_IGNORE));
    CHECK(flag);
    EQUAL(i, MPI_UNDEFINED);

    OK(MPI_Irecv(&sink, 1, MPI_INT, me, 8, MPI_COMM_WORLD, &request[2]));
    OK(MPI_Request_get_status_any(4, request, &i, &flag, &status[0]));
    CHECK(!flag);
    EQUAL(i, MPI_UNDEFINED);
    OK(MPI_Request_get_status_some(4, request, &count, index, status));
    EQUAL(count, 0);
    OK(MPI_Request_get_status_all(4, request, &flag, status));
    CHECK(!flag);
    OK(MPI_Start(&request[1]));
    do
        OK(MPI_Request_get_status_all(4, request, &flag, status));
    while (!flag);
    EMPTY(status[0]);
    EQUAL(status[2].MPI_SOURCE, me);
    EQUAL(status[2].MPI_TAG, 8);
    EQUAL(sink, 9);
    for (i = 0; i < 3; i++) {
        OK(MPI_Request_get_status_some(4, request, &count, index, status));
        EQUAL(count, 2);
        EQUAL(index[0], 1);
        EQUAL(index[1], 2);
        EQUAL(status[1].MPI_TAG, 8);
    }
    OK(MPI_Request_get_status_some(4, request, &count, index, MPI_STATUSES_IGNORE));
    EQUAL(count, 2);
    OK(MPI_Wait(&request[1], MPI_STATUS_IGNORE));
    OK(MPI_Request_get_status_any(4, request, &i, &flag, &status[0]));
    CHECK(flag);
    EQUAL(i, 2);
    EQUAL(status[0].MPI_TAG, 8);
    CHECK(request[2] != MPI_REQUEST_NULL);
    OK(MPI_Wait(&request[2], MPI_STATUS_IGNORE));
    OK(MPI_Request_free(&request[1]));
    FAILS(MPI_Request_get_status_any(-1, request, &i, &flag, status), MPI_ERR_COUNT);
}
#endif

#if AT_LEAST(5, 0)
#define ROUND_TRIP(class, handle)                                \
    do {                                                         \
        int number_ = MPI_##class##_toint(handle);               \
        CHECK(MPI_##class##_fromint(number_) == (handle));       \
    } while (0)

static void user_op(void *in, void *inout, int *count, MPI_Datatype *type)
{
    (void)in, (void)inout, (void)count, (void)type;
}

static void user_handler(MPI_Comm *comm, int *code, ...)
{
    (void)comm, (void)code;
}

static void integers(void)
{
    MPI_Comm comm;
    MPI_Datatype type;
    MPI_Group group;
    MPI_Request request;
    MPI_Message message;
    MPI_Op op;
    MPI_Info info, abi;
    MPI_Errhandler handler;
    MPI_Session session;
    int sink, value = 1, major = -1, minor = -1, flag, size, rank;

    ROUND_TRIP(Comm, MPI_COMM_WORLD);
    ROUND_TRIP(Comm, MPI_COMM_SELF);
    ROUND_TRIP(Comm, MPI_COMM_NULL);
    ROUND_TRIP(Type, MPI_INT);
    ROUND_TRIP(Type, MPI_DATATYPE_NULL);
    ROUND_TRIP(Group, MPI_GROUP_EMPTY);
    ROUND_TRIP(Group, MPI_GROUP_NULL);
    ROUND_TRIP(Request, MPI_REQUEST_NULL);
    ROUND_TRIP(Message, MPI_MESSAGE_NULL);
    ROUND_TRIP(Message, MPI_MESSAGE_NO_PROC);
    ROUND_TRIP(Op, MPI_SUM);
    ROUND_TRIP(Op, MPI_OP_NULL);
    ROUND_TRIP(Info, MPI_INFO_ENV);
    ROUND_TRIP(Info, MPI_INFO_NULL);
    ROUND_TRIP(Errhandler, MPI_ERRORS_RETURN);
    ROUND_TRIP(Errhandler, MPI_ERRHANDLER_NULL);
    ROUND_TRIP(Session, MPI_SESSION_NULL);
    ROUND_TRIP(File, MPI_FILE_NULL);
    ROUND_TRIP(Win, MPI_WIN_NULL);

    OK(MPI_Comm_dup(MPI_COMM_WORLD, &comm));
    ROUND_TRIP(Comm, comm);
    OK(MPI_Comm_rank(MPI_Comm_fromint(MPI_Comm_toint(comm)), &rank));
    EQUAL(rank, me);
    OK(MPI_Comm_free(&comm));
    OK(MPI_Type_contiguous(3, MPI_INT, &type));
    ROUND_TRIP(Type, type);
    OK(MPI_Type_size(MPI_Type_fromint(MPI_Type_toint(type)), &size));
    EQUAL(size, 3 * sizeof(int));
    OK(MPI_Type_free(&type));
    OK(MPI_Comm_group(MPI_COMM_WORLD, &group));
    ROUND_TRIP(Group, group);
    OK(MPI_Group_size(MPI_Group_fromint(MPI_Group_toint(group)), &size));
    EQUAL(size, np);
    OK(MPI_Group_free(&group));
    OK(MPI_Op_create(user_op, 1, &op));
    ROUND_TRIP(Op, op);
    OK(MPI_Op_free(&op));
    OK(MPI_Info_create(&info));
    ROUND_TRIP(Info, info);
    OK(MPI_Info_free(&info));
    OK(MPI_Comm_create_errhandler(user_handler, &handler));
    ROUND_TRIP(Errhandler, handler);
    OK(MPI_Errhandler_free(&handler));
    OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session));
    ROUND_TRIP(Session, session);
    OK(MPI_Session_get_errhandler(session, &handler));
    CHECK(handler == MPI_ERRORS_RETURN);
    OK(MPI_Errhandler_free(&handler));
    OK(MPI_Session_finalize(&session));
    /* A request and a message, completed by what came back. */
    OK(MPI_Irecv(&sink, 1, MPI_INT, me, 1, MPI_COMM_WORLD, &request));
    ROUND_TRIP(Request, request);
    request = MPI_Request_fromint(MPI_Request_toint(request));
    OK(MPI_Send(&value, 1, MPI_INT, me, 1, MPI_COMM_WORLD));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    OK(MPI_Send(&value, 1, MPI_INT, me, 2, MPI_COMM_WORLD));
    OK(MPI_Mprobe(me, 2, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE));
    ROUND_TRIP(Message, message);
    message = MPI_Message_fromint(MPI_Message_toint(message));
    OK(MPI_Mrecv(&sink, 1, MPI_INT, &message, MPI_STATUS_IGNORE));
    /* A number that is no handle gives none that works. */
    FAILS(MPI_Comm_rank(MPI_Comm_fromint(0x7f000123), &rank), MPI_ERR_COMM);
    FAILS(MPI_Type_size(MPI_Type_fromint(0x7f000123), &size), MPI_ERR_TYPE);
    FAILS(MPI_Comm_rank(MPI_Comm_fromint(-1), &rank), MPI_ERR_COMM);

    OK(MPI_Abi_get_version(&major, &minor));
    EQUAL(major, MPI_ABI_VERSION);
    EQUAL(minor, MPI_ABI_SUBVERSION);
    OK(MPI_Abi_get_info(&abi));
    {
        char text[64];
        int length = sizeof text;

        OK(MPI_Info_get_string(abi, "mpi_aint_size", &length, text, &flag));
        CHECK(flag);
        EQUAL(atoi(text), sizeof(MPI_Aint));
    }
    OK(MPI_Info_free(&abi));
}

/* Groups of the other side are of intercommunicators alone. */
static void remote(void)
{
    MPI_Group group;
    MPI_Comm inter, half;
    int size, result;

    FAILS(MPI_Comm_remote_group(MPI_COMM_WORLD, &group), MPI_ERR_COMM);
    if (np < 2)
        return;
    OK(MPI_Comm_split(MPI_COMM_WORLD, me % 2, me, &half));
    OK(MPI_Intercomm_create(half, 0, MPI_COMM_WORLD, 1 - me % 2, 5, &inter));
    OK(MPI_Comm_remote_group(inter, &group));
    OK(MPI_Group_size(group, &size));
    OK(MPI_Comm_remote_size(inter, &result));
    EQUAL(size, result);
    {
        MPI_Group world;
        int zero = 0, there;

        OK(MPI_Comm_group(MPI_COMM_WORLD, &world));
        OK(MPI_Group_translate_ranks(group, 1, &zero, world, &there));
        EQUAL(there, 1 - me % 2);
        OK(MPI_Group_free(&world));
    }
    OK(MPI_Group_free(&group));
    OK(MPI_Comm_free(&inter));
    OK(MPI_Comm_free(&half));
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if AT_LEAST(4, 1)
    fields();
    looking();
#endif
#if AT_LEAST(5, 0)
    integers();
    remote();
#endif
    return test_end();
}
