/* ranks: 1 3 */
/* The level MPI_THREAD_SERIALIZED of thread support. */
#define LEVEL MPI_THREAD_SERIALIZED
#include "levels_body.h"
