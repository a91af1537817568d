/* Says what its launcher was asked for, and what MPI_COMM_WORLD does with an error at first. */
#include <mpi.h>
#include <stdio.h>

static void show(const char *what, MPI_Info info) {
    char key[MPI_MAX_INFO_KEY], value[MPI_MAX_INFO_VAL];
    int n, length, flag;
    MPI_Info_get_nkeys(info, &n);
    for (int i = 0; i < n; i++) {
        MPI_Info_get_nthkey(info, i, key);
        length = sizeof value;
        MPI_Info_get_string(info, key, &length, value, &flag);
        if (flag) printf("%s %s=%s\n", what, key, value);
    }
}

int main(int argc, char **argv) {
    MPI_Info info;
    MPI_Init(&argc, &argv);
    show("env", MPI_INFO_ENV);
    MPI_Comm_get_info(MPI_COMM_WORLD, &info);
    show("world", info);
    MPI_Info_free(&info);
    fflush(stdout);
    MPI_Send(&argc, 1, MPI_INT, 77, 0, MPI_COMM_WORLD);
    MPI_Type_size(MPI_DATATYPE_NULL, &argc);
    puts("went on");
    MPI_Finalize();
    return 0;
}
