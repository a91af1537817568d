/* ranks: 1 2 3 4 8 */
/* All collective operations, persistent (MPI 4.0): made, started, ended, freed. */
#include <mpi.h>

#if MPI_VERSION >= 4
#define RUN(blocking, nonblocking, persistent, ...)                               \
    do {                                                                          \
        MPI_Request request_;                                                     \
        OK(MPI_##persistent(__VA_ARGS__, comm, MPI_INFO_NULL, &request_));        \
        OK(MPI_Start(&request_));                                                 \
        OK(MPI_Wait(&request_, MPI_STATUS_IGNORE));                               \
        CHECK(request_ != MPI_REQUEST_NULL);                                      \
        OK(MPI_Request_free(&request_));                                          \
    } while (0)
#define RUN0(blocking, nonblocking, persistent)                                   \
    do {                                                                          \
        MPI_Request request_;                                                     \
        OK(MPI_##persistent(comm, MPI_INFO_NULL, &request_));                     \
        OK(MPI_Start(&request_));                                                 \
        OK(MPI_Wait(&request_, MPI_STATUS_IGNORE));                               \
        OK(MPI_Request_free(&request_));                                          \
    } while (0)
#include "coll_body.h"
#else
#include "check.h"
int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    return test_end();
}
#endif
