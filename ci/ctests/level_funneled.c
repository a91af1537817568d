/* ranks: 1 3 */
/* The level MPI_THREAD_FUNNELED of thread support. */
#define LEVEL MPI_THREAD_FUNNELED
#include "levels_body.h"
