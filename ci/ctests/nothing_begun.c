/* ranks: 1 2 */
/* A call that fails because there is no place for its result has begun nothing; a copy that no memory can hold is an
 * error, not the end. */
#include "check.h"

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
    return test_end();
}
