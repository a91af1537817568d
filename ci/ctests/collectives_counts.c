/* ranks: 1 2 3 4 */
/* All collective operations with large counts (MPI 4.0): blocking, nonblocking and persistent. */
#include <mpi.h>

#if MPI_VERSION >= 4
#define COUNT MPI_Count
#define PLACE MPI_Aint
#define WAYS 3
#define END(start)                               \
    do {                                         \
        if (start)                               \
            OK(MPI_Start(&request_));            \
        OK(MPI_Wait(&request_, MPI_STATUS_IGNORE)); \
        if (start)                               \
            OK(MPI_Request_free(&request_));     \
    } while (0)
#define RUN(blocking, nonblocking, persistent, ...)                                    \
    do {                                                                               \
        MPI_Request request_;                                                          \
        if (way == 0) {                                                                \
            OK(MPI_##blocking##_c(__VA_ARGS__, comm));                                 \
        } else if (way == 1) {                                                         \
            OK(MPI_##nonblocking##_c(__VA_ARGS__, comm, &request_));                   \
            END(0);                                                                    \
        } else {                                                                       \
            OK(MPI_##persistent##_c(__VA_ARGS__, comm, MPI_INFO_NULL, &request_));     \
            END(1);                                                                    \
        }                                                                              \
    } while (0)
#define RUN0(blocking, nonblocking, persistent) OK(MPI_##blocking(comm))
#include "coll_body.h"
#else
#include "check.h"
int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    return test_end();
}
#endif
