/* ranks: 1 2 */
/* A call that fails because there is no place for its result, or because one of its requests is wrong, has begun nothing;
 * a copy that no memory can hold is an error, not the end. */
#include "check.h"
#include <limits.h>

/* MPI_Startall starts all or none: a bad request after good ones, one that is active, and one that stands there twice. */
static void start_all(void)
{
    int out[2] = {1, 2}, in = 0, i, flag;
    MPI_Request send[2], plain, list[3];

    for (i = 0; i < 2; i++)
        OK(MPI_Send_init(&out[i], 1, MPI_INT, 0, 60 + i, MPI_COMM_SELF, &send[i]));
    OK(MPI_Irecv(&in, 1, MPI_INT, 0, 70, MPI_COMM_SELF, &plain));
    for (i = 0; i < 4; i++) {
        list[0] = send[0];
        list[1] = i == 0 ? MPI_REQUEST_NULL : i == 1 ? plain : send[i == 2 ? 0 : 1];
        list[2] = send[1];
        FAILS(MPI_Startall(3, list), MPI_ERR_REQUEST);
        OK(MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_SELF, &flag, MPI_STATUS_IGNORE));
        EQUAL(flag, 0);
    }
    OK(MPI_Start(&send[1]));
    list[0] = send[0];
    list[1] = send[1];
    FAILS(MPI_Startall(2, list), MPI_ERR_REQUEST);
    OK(MPI_Iprobe(0, 60, MPI_COMM_SELF, &flag, MPI_STATUS_IGNORE));
    EQUAL(flag, 0);
    OK(MPI_Recv(&in, 1, MPI_INT, 0, 61, MPI_COMM_SELF, MPI_STATUS_IGNORE));
    OK(MPI_Wait(&send[1], MPI_STATUS_IGNORE));
    /* and the list as it should be */
    OK(MPI_Startall(2, send));
    for (i = 0; i < 2; i++) {
        OK(MPI_Recv(&in, 1, MPI_INT, 0, 60 + i, MPI_COMM_SELF, MPI_STATUS_IGNORE));
        EQUAL(in, out[i]);
    }
    OK(MPI_Waitall(2, send, MPI_STATUSES_IGNORE));
    for (i = 0; i < 2; i++)
        OK(MPI_Request_free(&send[i]));
    OK(MPI_Cancel(&plain));
    OK(MPI_Wait(&plain, MPI_STATUS_IGNORE));
}

#if AT_LEAST(4, 0)
/* As many partitions as can be said take no memory to speak of, or are refused. */
static void most_partitions(void)
{
    char byte = 0;
    MPI_Request request, whole;
    int code;

    code = MPI_Psend_init(&byte, INT_MAX, 0, MPI_BYTE, 0, 80, MPI_COMM_SELF, MPI_INFO_NULL, &request);
    if (code == MPI_SUCCESS)
        OK(MPI_Request_free(&request));
    else
        EQUAL(class_of(code), MPI_ERR_NO_MEM);
    code = MPI_Precv_init(&byte, INT_MAX, 0, MPI_BYTE, 0, 81, MPI_COMM_SELF, MPI_INFO_NULL, &request);
    if (code != MPI_SUCCESS) {
        EQUAL(class_of(code), MPI_ERR_NO_MEM);
        return;
    }
    OK(MPI_Psend_init(&byte, 1, 0, MPI_BYTE, 0, 81, MPI_COMM_SELF, MPI_INFO_NULL, &whole));
    OK(MPI_Start(&request));
    OK(MPI_Start(&whole));
    OK(MPI_Pready(0, whole));
    OK(MPI_Wait(&whole, MPI_STATUS_IGNORE));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    OK(MPI_Request_free(&whole));
    OK(MPI_Request_free(&request));
}
#endif

int main(int argc, char **argv)
{
    int x = 0, y = 7, flag;
    MPI_Request request;
#if AT_LEAST(4, 0)
    MPI_Count most = (MPI_Count)1 << 60;
#endif

    test_begin(&argc, &argv);
    FAILS(MPI_Irecv(&x, 1, MPI_INT, 0, 50, MPI_COMM_SELF, NULL), MPI_ERR_ARG);
    FAILS(MPI_Isend(&y, 1, MPI_INT, 0, 51, MPI_COMM_SELF, NULL), MPI_ERR_ARG);
    OK(MPI_Iprobe(0, 51, MPI_COMM_SELF, &flag, MPI_STATUS_IGNORE));
    EQUAL(flag, 0);
    OK(MPI_Isend(&y, 1, MPI_INT, 0, 50, MPI_COMM_SELF, &request));
    FAILS(MPI_Mprobe(0, 50, MPI_COMM_SELF, NULL, MPI_STATUS_IGNORE), MPI_ERR_ARG);
    EQUAL(x, 0);
    OK(MPI_Recv(&x, 1, MPI_INT, 0, 50, MPI_COMM_SELF, MPI_STATUS_IGNORE));
    EQUAL(x, 7);
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
#if AT_LEAST(4, 0)
    FAILS(MPI_Sendrecv_replace_c(&x, most, MPI_BYTE, 0, 52, 0, 52, MPI_COMM_SELF, MPI_STATUS_IGNORE),
          MPI_ERR_NO_MEM);
#endif
    start_all();
#if AT_LEAST(4, 0)
    most_partitions();
#endif
    return test_end();
}
