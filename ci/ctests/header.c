/* What the header must give to C and to C++: shapes of types, constants where the language wants them. */
#include <mpi.h>
#include <mpi.h>
#include <stddef.h>

typedef char status_is_32_bytes[sizeof(MPI_Status) == 32 ? 1 : -1];
typedef char tag_lies_at_4[offsetof(MPI_Status, MPI_TAG) == 4 ? 1 : -1];
typedef char count_is_64_bits[sizeof(MPI_Count) == 8 && sizeof(MPI_Offset) == 8 ? 1 : -1];
typedef char aint_holds_an_address[sizeof(MPI_Aint) == sizeof(void *) ? 1 : -1];

#if MPI_VERSION != 5 || MPI_ABI_VERSION != 1
#error "wrong version"
#endif

static MPI_Comm world = MPI_COMM_WORLD;
static char name[MPI_MAX_PROCESSOR_NAME];

static int classify(int code) {
    switch (code) {
    case MPI_SUCCESS: return 0;
    case MPI_ERR_COMM: return 1;
    case MPI_ANY_SOURCE: return 2;
    default: return 3;
    }
}

static void reduce(void *in, void *inout, int *len, MPI_Datatype *type) {
    (void)in, (void)inout, (void)len, (void)type;
}

static void handler(MPI_Comm *comm, int *code, ...) {
    (void)comm, (void)code;
}

int main(void) {
    MPI_User_function *function = reduce;
    MPI_Comm_errhandler_function *errors = handler;
    MPI_Comm_copy_attr_function *copy = MPI_COMM_DUP_FN;
    MPI_Comm_delete_attr_function *forget = MPI_COMM_NULL_DELETE_FN;
    MPI_Datatype types[] = {MPI_INT, MPI_LONG_LONG_INT, MPI_C_COMPLEX, MPI_DATATYPE_NULL};
    int (*send)(const void *, int, MPI_Datatype, int, int, MPI_Comm) = PMPI_Send;
    MPI_Comm_spawn("program", MPI_ARGV_NULL, 1, MPI_INFO_NULL, 0, world, &world, MPI_ERRCODES_IGNORE);
    MPI_Allreduce(MPI_IN_PLACE, name, 1, MPI_CHAR, MPI_MAX, MPI_COMM_SELF);
    MPI_Wait(NULL, MPI_STATUS_IGNORE);
    MPI_Pcontrol(1);
    return classify(0) + (function && errors && copy && !forget && send && types[0]);
}
