/* Each mistake has its error class, and the handler of the right object hears of it. */
#include <mpi.h>
#include <stdio.h>
#include <string.h>

static int failures, called;
static MPI_Comm called_on;

static void expect(const char *what, int code, int expected) {
    int class = -1;
    MPI_Error_class(code, &class);
    if (class != expected) {
        fprintf(stderr, "%s: class %d, not %d\n", what, class, expected);
        failures++;
    }
}

#define EXPECT(call, class) expect(#call, call, class)

static void handler(MPI_Comm *comm, int *code, ...) {
    called_on = *comm;
    called = *code;
}

static MPI_Comm stale_comm(void) {
    MPI_Comm comm, copy;
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    copy = comm;
    MPI_Comm_free(&comm);
    return copy;
}

static void messages(void) {
    int x = 1, y[2] = {0, 0};
    MPI_Comm stale = stale_comm();
    MPI_Request request, copy;
    MPI_Status statuses[2];
    MPI_Request both[2];
    MPI_Message message = MPI_MESSAGE_NULL;

    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, 0, MPI_COMM_NULL), MPI_ERR_COMM);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, 0, stale), MPI_ERR_COMM);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, 0, (MPI_Comm)0x7777), MPI_ERR_COMM);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, 0, (MPI_Comm)MPI_INT), MPI_ERR_COMM);
    EXPECT(MPI_Send(&x, -1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_COUNT);
    EXPECT(MPI_Send_c(&x, -1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_COUNT);
    EXPECT(MPI_Send(NULL, 1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    EXPECT(MPI_Send(MPI_IN_PLACE, 1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    EXPECT(MPI_Send(&x, 1, MPI_DATATYPE_NULL, 0, 0, MPI_COMM_WORLD), MPI_ERR_TYPE);
    EXPECT(MPI_Send(&x, 1, (MPI_Datatype)0x777777, 0, 0, MPI_COMM_WORLD), MPI_ERR_TYPE);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 1, 0, MPI_COMM_WORLD), MPI_ERR_RANK);
    EXPECT(MPI_Send(&x, 1, MPI_INT, MPI_ANY_SOURCE, 0, MPI_COMM_WORLD), MPI_ERR_RANK);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, -1, MPI_COMM_WORLD), MPI_ERR_TAG);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 0, MPI_ANY_TAG, MPI_COMM_WORLD), MPI_ERR_TAG);
    EXPECT(MPI_Recv(&x, 1, MPI_INT, 3, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE), MPI_ERR_RANK);
    EXPECT(MPI_Recv(&x, 1, MPI_INT, 0, -7, MPI_COMM_WORLD, MPI_STATUS_IGNORE), MPI_ERR_TAG);
    EXPECT(MPI_Mrecv(&x, 1, MPI_INT, &message, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    EXPECT(MPI_Bsend(&x, 1, MPI_INT, 0, 0, MPI_COMM_WORLD), MPI_ERR_BUFFER);
    EXPECT(MPI_Isend(&x, 1, MPI_INT, 0, 0, MPI_COMM_WORLD, NULL), MPI_ERR_ARG);

    EXPECT((MPI_Irecv(y, 1, MPI_INT, 0, 4, MPI_COMM_WORLD, &request), copy = request, MPI_SUCCESS), MPI_SUCCESS);
    MPI_Send(y, 2, MPI_INT, 0, 4, MPI_COMM_WORLD);
    EXPECT(MPI_Wait(&request, MPI_STATUS_IGNORE), MPI_ERR_TRUNCATE);
    EXPECT(request == MPI_REQUEST_NULL ? MPI_SUCCESS : MPI_ERR_OTHER, MPI_SUCCESS);
    EXPECT(MPI_Wait(&copy, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    request = MPI_REQUEST_NULL;
    EXPECT(MPI_Wait(&request, MPI_STATUS_IGNORE), MPI_SUCCESS);
    EXPECT(MPI_Request_free(&request), MPI_ERR_REQUEST);

    MPI_Irecv(y, 1, MPI_INT, 0, 4, MPI_COMM_WORLD, &both[0]);
    MPI_Isend(y, 2, MPI_INT, 0, 4, MPI_COMM_WORLD, &both[1]);
    EXPECT(MPI_Waitall(2, both, statuses), MPI_ERR_IN_STATUS);
    EXPECT(statuses[0].MPI_ERROR, MPI_ERR_TRUNCATE);
    EXPECT(statuses[1].MPI_ERROR, MPI_SUCCESS);
    EXPECT(MPI_Waitall(-1, both, statuses), MPI_ERR_COUNT);
}

static void collectives(void) {
    int x = 0, y;
    MPI_Op op = MPI_OP_NULL;
    EXPECT(MPI_Bcast(&x, 1, MPI_INT, 1, MPI_COMM_WORLD), MPI_ERR_ROOT);
    EXPECT(MPI_Bcast(&x, -1, MPI_INT, 0, MPI_COMM_WORLD), MPI_ERR_COUNT);
    EXPECT(MPI_Allreduce(&x, &y, 1, MPI_INT, MPI_OP_NULL, MPI_COMM_WORLD), MPI_ERR_OP);
    EXPECT(MPI_Allreduce(&x, &y, 1, MPI_FLOAT, MPI_BAND, MPI_COMM_WORLD), MPI_ERR_OP);
    EXPECT(MPI_Allreduce(&x, &y, 1, MPI_DATATYPE_NULL, MPI_SUM, MPI_COMM_WORLD), MPI_ERR_TYPE);
    EXPECT(MPI_Barrier(MPI_COMM_NULL), MPI_ERR_COMM);
    EXPECT(MPI_Op_free(&op), MPI_ERR_OP);
    op = MPI_SUM;
    EXPECT(MPI_Op_free(&op), MPI_ERR_OP);
    EXPECT(MPI_Op_create(NULL, 1, &op), MPI_ERR_ARG);
}

static void objects(void) {
    MPI_Datatype type = MPI_INT, uncommitted, twice;
    MPI_Request request;
    MPI_Comm comm = MPI_COMM_WORLD;
    MPI_Group group = MPI_GROUP_NULL;
    MPI_Info info = MPI_INFO_NULL;
    int n, ranks[2] = {0, 0};
    char key[MPI_MAX_INFO_KEY + 8];
    EXPECT(MPI_Type_free(&type), MPI_ERR_TYPE);
    EXPECT(MPI_Type_contiguous(-1, MPI_INT, &type), MPI_ERR_COUNT);
    EXPECT(MPI_Type_size(MPI_DATATYPE_NULL, &n), MPI_ERR_TYPE);
    MPI_Type_contiguous(2, MPI_INT, &uncommitted);
    EXPECT(MPI_Send(ranks, 1, uncommitted, 0, 0, MPI_COMM_WORLD), MPI_ERR_TYPE);
    MPI_Type_free(&uncommitted);
    /* A type that has some byte twice can be sent, not received. */
    MPI_Type_vector(2, 2, 1, MPI_INT, &twice);
    MPI_Type_commit(&twice);
    EXPECT(MPI_Recv(ranks, 1, twice, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE), MPI_ERR_TYPE);
    EXPECT(MPI_Recv_init(ranks, 1, twice, 0, 0, MPI_COMM_WORLD, &request), MPI_ERR_TYPE);
    MPI_Type_free(&twice);
    EXPECT(MPI_Comm_free(&comm), MPI_ERR_COMM);
    EXPECT(MPI_Comm_rank(MPI_COMM_NULL, &n), MPI_ERR_COMM);
    EXPECT(MPI_Comm_rank(MPI_COMM_WORLD, NULL), MPI_ERR_ARG);
    EXPECT(MPI_Group_size(group, &n), MPI_ERR_GROUP);
    MPI_Comm_group(MPI_COMM_WORLD, &group);
    EXPECT(MPI_Group_incl(group, 2, ranks, &group), MPI_ERR_RANK);
    MPI_Group_free(&group);
    EXPECT(MPI_Info_set(info, "a", "b"), MPI_ERR_INFO);
    MPI_Info_create(&info);
    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = 0;
    EXPECT(MPI_Info_set(info, key, "b"), MPI_ERR_INFO_KEY);
    EXPECT(MPI_Info_delete(info, "none"), MPI_ERR_INFO_NOKEY);
    EXPECT(MPI_Info_set(info, NULL, "b"), MPI_ERR_ARG);
    MPI_Info_free(&info);
    EXPECT(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRHANDLER_NULL), MPI_ERR_ERRHANDLER);
    EXPECT(MPI_Free_mem(&n), MPI_ERR_BASE);
    EXPECT(MPI_Init(NULL, NULL), MPI_ERR_OTHER);
    EXPECT(MPI_Comm_spawn("x", MPI_ARGV_NULL, 1, MPI_INFO_NULL, 0, MPI_COMM_WORLD, &comm, MPI_ERRCODES_IGNORE),
           MPI_ERR_UNSUPPORTED_OPERATION);
    EXPECT(MPI_File_open(MPI_COMM_WORLD, "x", 0, MPI_INFO_NULL, (MPI_File *)&comm), MPI_ERR_UNSUPPORTED_OPERATION);
}

static void handlers(void) {
    MPI_Comm copy;
    MPI_Errhandler mine, found;
    MPI_Request request;
    int x = 0, y[2] = {0, 0};
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_create_errhandler(handler, &mine);
    MPI_Comm_set_errhandler(copy, mine);
    MPI_Comm_get_errhandler(copy, &found);
    if (found != mine) failures++;
    MPI_Errhandler_free(&found);
    MPI_Errhandler_free(&mine);
    EXPECT(MPI_Send(&x, 1, MPI_INT, 9, 0, copy), MPI_ERR_RANK);
    EXPECT(called, MPI_ERR_RANK);
    if (called_on != copy) failures++;

    /* A request's error is told to the communicator of the request. */
    called = 0;
    MPI_Irecv(y, 1, MPI_INT, 0, 4, copy, &request);
    MPI_Send(y, 2, MPI_INT, 0, 4, copy);
    EXPECT(MPI_Wait(&request, MPI_STATUS_IGNORE), MPI_ERR_TRUNCATE);
    EXPECT(called, MPI_ERR_TRUNCATE);

    called = 0;
    EXPECT(MPI_Comm_call_errhandler(copy, MPI_ERR_IO), MPI_SUCCESS);
    EXPECT(called, MPI_ERR_IO);
    MPI_Comm_free(&copy);
}

int main(void) {
    MPI_Init(NULL, NULL);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    messages();
    collectives();
    objects();
    handlers();
    MPI_Finalize();
    return failures != 0;
}
