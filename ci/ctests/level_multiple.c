/* ranks: 1 3 */
/* The level MPI_THREAD_MULTIPLE of thread support. */
#define LEVEL MPI_THREAD_MULTIPLE
#include "levels_body.h"
