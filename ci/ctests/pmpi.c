/* ranks: 2 */
/* with: pmpi_tool.c - its MPI_Send stands in for the library's, which lives on as PMPI_Send */
#include "check.h"

extern int tool_sends, tool_inits;
extern long long tool_bytes;

int main(int argc, char **argv)
{
    double d[3] = {1, 2, 3};
    int i, sum;

    test_begin(&argc, &argv);
    EQUAL(tool_inits, 1);
    for (i = 0; i < 5; i++) {
        if (me == 0)
            OK(MPI_Send(d, 3, MPI_DOUBLE, 1, i, MPI_COMM_WORLD));
        else
            OK(MPI_Recv(d, 3, MPI_DOUBLE, 0, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    }
    /* What the library does inside is none of the tool's business. */
    OK(MPI_Allreduce(&me, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD));
    OK(MPI_Bcast(d, 3, MPI_DOUBLE, 0, MPI_COMM_WORLD));
    EQUAL(tool_sends, me == 0 ? 5 : 0);
    EQUAL(tool_bytes, me == 0 ? 120 : 0);
    if (me == 0)
        OK(PMPI_Send(d, 1, MPI_DOUBLE, 1, 9, MPI_COMM_WORLD));
    else
        OK(PMPI_Recv(d, 1, MPI_DOUBLE, 0, 9, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    EQUAL(tool_sends, me == 0 ? 5 : 0);
    return test_end();
}
