/* ranks: 1 2 3 */
/* Start and end, versions, names, clocks, and memory from MPI_Alloc_mem. */
#include "check.h"

static void clocks(void)
{
    double last = MPI_Wtime(), now, tick = MPI_Wtick();
    int i;

    CHECK(tick > 0 && tick < 1e-3);
    for (i = 0; i < 100000; i++) {
        now = MPI_Wtime();
        CHECK(now >= last);
        last = now;
    }
    nap(50);
    now = MPI_Wtime();
    CHECK(now - last > 0.049 && now - last < 10);
}

static void names(void)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING], host[MPI_MAX_PROCESSOR_NAME];
    int version, subversion, length;

    OK(MPI_Get_version(&version, &subversion));
    EQUAL(version, MPI_VERSION);
    EQUAL(subversion, MPI_SUBVERSION);
    OK(MPI_Get_library_version(text, &length));
    CHECK(length > 0 && (int)strlen(text) == length);
    OK(MPI_Get_processor_name(host, &length));
    CHECK(length > 0 && (int)strlen(host) == length);
}

/* Messages between memory of the library's and the user's own, of all sizes, inside and at its ends. */
static void memory(void)
{
    static const size_t sizes[] = {1, 64, 4096, 100000, 20000000};
    int right = (me + 1) % np, left = (me + np - 1) % np;
    char *theirs, *in, *own;
    MPI_Info info;
    size_t i;

    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, "mpi_minimum_memory_alignment", "4096"));
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = sizes[i];

        OK(MPI_Alloc_mem((MPI_Aint)n, MPI_INFO_NULL, &theirs));
        OK(MPI_Alloc_mem((MPI_Aint)n, info, &in));
        CHECK(theirs && in && theirs != in);
        own = get(n);
        fill(theirs, n, (unsigned)me);
        OK(MPI_Sendrecv(theirs, (int)n, MPI_BYTE, right, 0, in, (int)n, MPI_BYTE, left, 0, MPI_COMM_WORLD,
                        MPI_STATUS_IGNORE));
        FILLED(in, n, (unsigned)left);
        OK(MPI_Sendrecv(in, (int)n, MPI_BYTE, left, 0, own, (int)n, MPI_BYTE, right, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(own, n, (unsigned)me);
        memset(in, 0, n);
        OK(MPI_Sendrecv(own, (int)n, MPI_BYTE, right, 0, in, (int)n, MPI_BYTE, left, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        FILLED(in, n, (unsigned)left);
        /* The sender gives its memory back as soon as it may. */
        OK(MPI_Send(theirs, n > 64 ? 64 : (int)n, MPI_BYTE, me == right ? MPI_PROC_NULL : right, 1, MPI_COMM_WORLD));
        OK(MPI_Free_mem(theirs));
        if (me != left) {
            OK(MPI_Recv(own, (int)n, MPI_BYTE, left, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
            FILLED(own, n > 64 ? 64 : n, (unsigned)left);
        }
        OK(MPI_Free_mem(in));
        free(own);
    }
    OK(MPI_Info_free(&info));
    for (i = 0; i < 1000; i++) { /* what is given back is used again */
        OK(MPI_Alloc_mem(10000000, MPI_INFO_NULL, &theirs));
        theirs[i * 1000] = 1;
        OK(MPI_Free_mem(theirs));
    }
}

static int ended;

static int at_end(MPI_Comm comm, int key, void *value, void *extra)
{
    int flag;

    (void)comm, (void)key, (void)value, (void)extra;
    MPI_Finalized(&flag);
    ended = flag ? -1 : 1;
    return MPI_SUCCESS;
}

int main(int argc, char **argv)
{
    int flag, key, version, subversion;

    MPI_Initialized(&flag);
    CHECK(!flag);
    MPI_Finalized(&flag);
    CHECK(!flag);
    MPI_Get_version(&version, &subversion); /* may be called at any time */
    test_begin(&argc, &argv);
    OK(MPI_Initialized(&flag));
    CHECK(flag);
    OK(MPI_Finalized(&flag));
    CHECK(!flag);
    OK(MPI_Query_thread(&flag));
    CHECK(flag >= MPI_THREAD_SINGLE);
    clocks();
    names();
    memory();
    /* What hangs on MPI_COMM_SELF is deleted first of all when MPI ends. */
    OK(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, at_end, &key, NULL));
    OK(MPI_Comm_set_attr(MPI_COMM_SELF, key, NULL));
    OK(MPI_Finalize());
    EQUAL(ended, 1);
    MPI_Initialized(&flag);
    CHECK(flag);
    MPI_Finalized(&flag);
    CHECK(flag);
    if (me == 0)
        puts("ok");
    return 0;
}
