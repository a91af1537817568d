/* ranks: 1 2 3 4 8 */
/* All collective operations, nonblocking: the same results when the request has ended. */
#define RUN(blocking, nonblocking, persistent, ...)              \
    do {                                                         \
        MPI_Request request_;                                    \
        OK(MPI_##nonblocking(__VA_ARGS__, comm, &request_));     \
        OK(MPI_Wait(&request_, MPI_STATUS_IGNORE));              \
        CHECK(request_ == MPI_REQUEST_NULL);                     \
    } while (0)
#define RUN0(blocking, nonblocking, persistent)                  \
    do {                                                         \
        MPI_Request request_;                                    \
        OK(MPI_##nonblocking(comm, &request_));                  \
        OK(MPI_Wait(&request_, MPI_STATUS_IGNORE));              \
    } while (0)
#include "coll_body.h"
