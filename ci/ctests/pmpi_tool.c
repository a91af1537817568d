/* A tool as the profiling interface means it: it takes the place of MPI_Send and MPI_Init, and calls the real ones by
 * their other name. It may be linked before the MPI library, or be a shared library that is preloaded. */
#include <mpi.h>

int tool_sends = 0, tool_inits = 0;
long long tool_bytes = 0;

int MPI_Init(int *argc, char ***argv)
{
    tool_inits++;
    return PMPI_Init(argc, argv);
}

int MPI_Send(const void *buffer, int count, MPI_Datatype datatype, int destination, int tag, MPI_Comm comm)
{
    int size = 0;

    PMPI_Type_size(datatype, &size);
    tool_sends++;
    tool_bytes += (long long)size * count;
    return PMPI_Send(buffer, count, datatype, destination, tag, comm);
}
