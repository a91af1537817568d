/* A rank whose address space has no room left for anything that is mapped. */
#define _GNU_SOURCE
#include <malloc.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

int main(int argc, char **argv) {
    const char *rank = getenv("RANKWISE_RANK");
    if (rank && !strcmp(rank, "1")) {
        unsigned long pages;
        void *blocks[1024];
        /* The heap keeps what it has, so that only mappings fail. */
        mallopt(M_MMAP_THRESHOLD, 64 << 20);
        mallopt(M_TRIM_THRESHOLD, 1 << 30);
        for (int i = 0; i < 1024; i++) blocks[i] = malloc(16 << 10);
        for (int i = 0; i < 1024; i++) free(blocks[i]);
        FILE *file = fopen("/proc/self/statm", "r");
        if (!file || fscanf(file, "%lu", &pages) != 1) return 2;
        fclose(file);
        struct rlimit limit = {pages * 4096, pages * 4096};
        if (setrlimit(RLIMIT_AS, &limit)) return 3;
    }
    MPI_Init(&argc, &argv);
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    return 0;
}
