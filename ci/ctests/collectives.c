/* ranks: 1 2 3 4 8 */
/* All collective operations, blocking. */
#define RUN(blocking, nonblocking, persistent, ...) OK(MPI_##blocking(__VA_ARGS__, comm))
#define RUN0(blocking, nonblocking, persistent) OK(MPI_##blocking(comm))
#include "coll_body.h"
