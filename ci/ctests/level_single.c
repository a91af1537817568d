/* ranks: 1 3 */
/* The level MPI_THREAD_SINGLE of thread support. */
#define LEVEL MPI_THREAD_SINGLE
#include "levels_body.h"
