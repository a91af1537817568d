/* A world of one: each kind of call once, with its result checked. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                         \
        }                                                                       \
    } while (0)

static void at_any_time(int initialized) {
    int flag = -1, version, subversion, length;
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    MPI_Info info, copy;
    MPI_Initialized(&flag);
    CHECK(flag == initialized);
    MPI_Get_version(&version, &subversion);
    CHECK(version == MPI_VERSION && subversion == MPI_SUBVERSION);
    MPI_Get_library_version(text, &length);
    CHECK((int)strlen(text) == length);
    CHECK(MPI_Info_create(&info) == MPI_SUCCESS);
    CHECK(MPI_Info_set(info, "key", "value") == MPI_SUCCESS);
    CHECK(MPI_Info_dup(info, &copy) == MPI_SUCCESS);
    MPI_Info_free(&info);
    CHECK(info == MPI_INFO_NULL);
    MPI_Info_free(&copy);
}

static void messages(void) {
    int out[4] = {1, 2, 3, 4}, in[4] = {0}, flag, count;
    MPI_Request requests[2];
    MPI_Status status;
    MPI_Message message;
    MPI_Irecv(in, 4, MPI_INT, 0, 5, MPI_COMM_WORLD, &requests[0]);
    MPI_Isend(out, 3, MPI_INT, 0, 5, MPI_COMM_WORLD, &requests[1]);
    status.MPI_ERROR = 77;
    CHECK(MPI_Wait(&requests[0], &status) == MPI_SUCCESS);
    CHECK(requests[0] == MPI_REQUEST_NULL);
    CHECK(status.MPI_SOURCE == 0 && status.MPI_TAG == 5 && status.MPI_ERROR == 77);
    MPI_Get_count(&status, MPI_INT, &count);
    CHECK(count == 3 && in[2] == 3 && in[3] == 0);
    MPI_Get_count(&status, MPI_DOUBLE, &count);
    CHECK(count == MPI_UNDEFINED);
    CHECK(MPI_Waitall(2, requests, MPI_STATUSES_IGNORE) == MPI_SUCCESS);

    MPI_Isend(out, 1, MPI_INT, 0, 6, MPI_COMM_SELF, &requests[0]);
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_SELF, &flag, &status);
    CHECK(flag && status.MPI_TAG == 6);
    MPI_Mprobe(0, 6, MPI_COMM_SELF, &message, MPI_STATUS_IGNORE);
    MPI_Mrecv(in, 1, MPI_INT, &message, &status);
    CHECK(message == MPI_MESSAGE_NULL && in[0] == 1);
    MPI_Wait(&requests[0], MPI_STATUS_IGNORE);

    MPI_Recv(in, 1, MPI_INT, MPI_PROC_NULL, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    CHECK(status.MPI_SOURCE == MPI_PROC_NULL && status.MPI_TAG == MPI_ANY_TAG);
    MPI_Sendrecv(&out[3], 1, MPI_INT, 0, 1, in, 1, MPI_INT, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(in[0] == 4);
    MPI_Sendrecv_replace(in, 1, MPI_INT, 0, 1, 0, 1, MPI_COMM_WORLD, &status);
    CHECK(in[0] == 4);

    MPI_Irecv(in, 1, MPI_INT, 0, 9, MPI_COMM_WORLD, &requests[0]);
    MPI_Cancel(&requests[0]);
    MPI_Wait(&requests[0], &status);
    MPI_Test_cancelled(&status, &flag);
    CHECK(flag);
}

static void buffered(void) {
    int out = 8, in = 0, size;
    char *room = malloc(4096), *back;
    CHECK(MPI_Buffer_attach(room, 4096) == MPI_SUCCESS);
    MPI_Bsend(&out, 1, MPI_INT, 0, 2, MPI_COMM_WORLD);
    MPI_Recv(&in, 1, MPI_INT, 0, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(in == 8);
    MPI_Buffer_flush();
    MPI_Buffer_detach(&back, &size);
    CHECK(back == room && size == 4096);
    free(room);
}

static void datatypes(void) {
    MPI_Datatype column, resized;
    MPI_Aint lb, extent;
    MPI_Count size;
    int matrix[3][4], line[3] = {0}, i;
    MPI_Status status;
    for (i = 0; i < 12; i++) matrix[i / 4][i % 4] = i;
    MPI_Type_vector(3, 1, 4, MPI_INT, &column);
    MPI_Type_create_resized(column, 0, sizeof(int), &resized);
    MPI_Type_commit(&resized);
    MPI_Type_get_extent(resized, &lb, &extent);
    CHECK(lb == 0 && extent == sizeof(int));
    MPI_Type_get_true_extent(column, &lb, &extent);
    CHECK(extent == 9 * sizeof(int));
    MPI_Type_size_c(resized, &size);
    CHECK(size == 3 * sizeof(int));
    MPI_Sendrecv(&matrix[0][1], 1, resized, 0, 3, line, 3, MPI_INT, 0, 3, MPI_COMM_WORLD, &status);
    CHECK(line[0] == 1 && line[1] == 5 && line[2] == 9);
    MPI_Get_elements(&status, resized, &i);
    CHECK(i == 3);
    MPI_Type_free(&column);
    MPI_Type_free(&resized);
    CHECK(resized == MPI_DATATYPE_NULL);
}

static void maximum(void *in, void *inout, int *length, MPI_Datatype *type) {
    int i;
    (void)type;
    for (i = 0; i < *length; i++)
        if (((int *)in)[i] > ((int *)inout)[i]) ((int *)inout)[i] = ((int *)in)[i];
}

static void collectives(void) {
    int in[2] = {3, 4}, out[2] = {0, 9}, counts[1] = {2}, displs[1] = {0}, flag;
    MPI_Op op;
    MPI_Request request;
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Bcast(in, 2, MPI_INT, 0, MPI_COMM_WORLD);
    MPI_Allreduce(in, out, 2, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    CHECK(out[0] == 3 && out[1] == 4);
    MPI_Allgatherv(in, 2, MPI_INT, out, counts, displs, MPI_INT, MPI_COMM_WORLD);
    MPI_Alltoallv(MPI_IN_PLACE, NULL, NULL, MPI_DATATYPE_NULL, out, counts, displs, MPI_INT, MPI_COMM_WORLD);
    MPI_Iallreduce(in, out, 2, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    CHECK(MPI_Op_create(maximum, 1, &op) == MPI_SUCCESS);
    MPI_Op_commutative(op, &flag);
    CHECK(flag == 1);
    out[0] = 1, out[1] = 9;
    MPI_Reduce_local(in, out, 2, MPI_INT, op);
    CHECK(out[0] == 3 && out[1] == 9);
    MPI_Op_free(&op);
    CHECK(op == MPI_OP_NULL);
}

static void communicators(void) {
    MPI_Comm copy, part;
    MPI_Group group, both;
    int size, rank, result, length;
    int range[1][3] = {{0, 0, 1}};
    char name[MPI_MAX_OBJECT_NAME];
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    CHECK(size == 1 && rank == 0);
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_compare(copy, MPI_COMM_WORLD, &result);
    CHECK(result == MPI_CONGRUENT);
    MPI_Comm_set_name(copy, "a copy");
    MPI_Comm_get_name(copy, name, &length);
    CHECK(!strcmp(name, "a copy") && length == 6);
    MPI_Comm_split(copy, MPI_UNDEFINED, 0, &part);
    CHECK(part == MPI_COMM_NULL);
    MPI_Comm_group(copy, &group);
    MPI_Group_range_incl(group, 1, range, &both);
    MPI_Group_compare(group, both, &result);
    CHECK(result == MPI_IDENT);
    MPI_Group_free(&both);
    MPI_Group_free(&group);
    CHECK(MPI_Comm_fromint(MPI_Comm_toint(copy)) == copy);
    MPI_Comm_free(&copy);
    CHECK(copy == MPI_COMM_NULL);
}

static int copies, deletions;

static int copy_value(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag) {
    (void)comm, (void)keyval;
    copies += *(int *)extra;
    *(void **)out = (char *)in + 1;
    *flag = 1;
    return MPI_SUCCESS;
}

static int delete_value(MPI_Comm comm, int keyval, void *value, void *extra) {
    (void)comm, (void)keyval, (void)value;
    deletions += *(int *)extra;
    return MPI_SUCCESS;
}

static void attributes(void) {
    static int ten = 10;
    int key, dup_key, flag, *bound;
    char place[4], *value;
    MPI_Comm copy;
    MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &bound, &flag);
    CHECK(flag && *bound >= 32767);
    MPI_Comm_create_keyval(copy_value, delete_value, &key, &ten);
    MPI_Comm_create_keyval(MPI_COMM_DUP_FN, MPI_COMM_NULL_DELETE_FN, &dup_key, NULL);
    MPI_Comm_set_attr(MPI_COMM_WORLD, key, place);
    MPI_Comm_set_attr(MPI_COMM_WORLD, dup_key, place);
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_get_attr(copy, key, &value, &flag);
    CHECK(flag && value == place + 1 && copies == 10);
    MPI_Comm_get_attr(copy, dup_key, &value, &flag);
    CHECK(flag && value == place);
    MPI_Comm_free(&copy);
    CHECK(deletions == 10);
    MPI_Comm_delete_attr(MPI_COMM_WORLD, key);
    CHECK(deletions == 20);
    MPI_Comm_get_attr(MPI_COMM_WORLD, key, &value, &flag);
    CHECK(!flag);
    /* MPI_Finalize tells those who have an attribute on MPI_COMM_SELF. */
    MPI_Comm_set_attr(MPI_COMM_SELF, key, place);
    MPI_Comm_free_keyval(&key);
    MPI_Comm_free_keyval(&dup_key);
    CHECK(key == MPI_KEYVAL_INVALID);
}

static void persistent(void) {
    int out = 0, in = -1, i;
    MPI_Request requests[2];
    MPI_Send_init(&out, 1, MPI_INT, 0, 1, MPI_COMM_WORLD, &requests[0]);
    MPI_Recv_init(&in, 1, MPI_INT, 0, 1, MPI_COMM_WORLD, &requests[1]);
    for (i = 0; i < 3; i++) {
        out = i;
        MPI_Startall(2, requests);
        MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
        CHECK(in == i && requests[0] != MPI_REQUEST_NULL);
    }
    MPI_Request_free(&requests[0]);
    MPI_Request_free(&requests[1]);
}

static void packing(void) {
    char room[64];
    int position = 0, size, x = 7, y = 0;
    double d = 2.5, e = 0;
    MPI_Pack_size(1, MPI_DOUBLE, MPI_COMM_WORLD, &size);
    CHECK(size >= 8);
    MPI_Pack(&x, 1, MPI_INT, room, sizeof room, &position, MPI_COMM_WORLD);
    MPI_Pack(&d, 1, MPI_DOUBLE, room, sizeof room, &position, MPI_COMM_WORLD);
    size = position, position = 0;
    MPI_Unpack(room, size, &position, &y, 1, MPI_INT, MPI_COMM_WORLD);
    MPI_Unpack(room, size, &position, &e, 1, MPI_DOUBLE, MPI_COMM_WORLD);
    CHECK(y == 7 && e == 2.5 && position == size);
}

static void info(void) {
    MPI_Info info;
    char value[8];
    int length = sizeof value, flag;
    MPI_Info_create(&info);
    MPI_Info_set(info, "long", "a long value");
    MPI_Info_get_string(info, "long", &length, value, &flag);
    CHECK(flag && length == 13 && !strcmp(value, "a long "));
    MPI_Info_get_string(info, "none", &length, value, &flag);
    CHECK(!flag);
    MPI_Info_get_nkeys(info, &length);
    CHECK(length == 1);
    MPI_Info_free(&info);
}

static void environment(void) {
    int length, flag, provided, class, code;
    char text[MPI_MAX_ERROR_STRING];
    double start = MPI_Wtime(), *memory;
    CHECK(MPI_Wtick() > 0 && MPI_Wtick() < 1e-3);
    MPI_Get_processor_name(text, &length);
    CHECK(length > 0);
    CHECK(MPI_Alloc_mem(1000, MPI_INFO_NULL, &memory) == MPI_SUCCESS);
    memory[0] = memory[124] = start;
    CHECK(MPI_Free_mem(memory) == MPI_SUCCESS);
    MPI_Is_thread_main(&flag);
    MPI_Query_thread(&provided);
    CHECK(flag && provided == MPI_THREAD_MULTIPLE);
    MPI_Add_error_class(&class);
    MPI_Add_error_code(class, &code);
    MPI_Add_error_string(code, "out of cheese");
    MPI_Error_string(code, text, &length);
    CHECK(!strcmp(text, "out of cheese"));
    MPI_Error_class(code, &length);
    CHECK(length == class);
    CHECK(MPI_Pcontrol(1, "anything", 2.0) == MPI_SUCCESS);
    CHECK(MPI_Wtime() >= start);
}

int main(int argc, char **argv) {
    int provided, flag;
    at_any_time(0);
    MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
    CHECK(provided == MPI_THREAD_MULTIPLE);
    messages();
    buffered();
    datatypes();
    collectives();
    communicators();
    attributes();
    persistent();
    packing();
    info();
    environment();
    /* A buffer that is still attached, and an attribute on MPI_COMM_SELF. */
    MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0);
    CHECK(MPI_Finalize() == MPI_SUCCESS);
    CHECK(deletions == 30);
    MPI_Finalized(&flag);
    CHECK(flag == 1);
    at_any_time(1);
    return failures != 0;
}
