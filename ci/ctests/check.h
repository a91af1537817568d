/* What every test here shares: checks that name rank, file and line, a frame, and a content pattern. */
#ifndef CHECK_H
#define CHECK_H

#include <mpi.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AT_LEAST(version, subversion) \
    (MPI_VERSION > (version) || (MPI_VERSION == (version) && MPI_SUBVERSION >= (subversion)))

static int me = -1, np = 0; /* this rank and the number of ranks of MPI_COMM_WORLD */

static inline void check_failed(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    char text[1024];

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "rank %d of %d: %s:%d: %s\n", me, np, file, line, text);
    fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, 1);
    exit(1);
}

static inline const char *check_text(int code)
{
    static char text[MPI_MAX_ERROR_STRING + 1];
    int length = 0;

    if (code == MPI_SUCCESS || MPI_Error_string(code, text, &length) != MPI_SUCCESS)
        return code == MPI_SUCCESS ? "success" : "a code without a text";
    return text;
}

static inline int class_of(int code)
{
    int class = -1;

    MPI_Error_class(code, &class);
    return class;
}

/* The condition holds. */
#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition))                                            \
            check_failed(__FILE__, __LINE__, "wrong: %s", #condition); \
    } while (0)

/* Two integers are equal; says what they are when not. */
#define EQUAL(got, want)                                                                          \
    do {                                                                                          \
        long long got_ = (long long)(got), want_ = (long long)(want);                             \
        if (got_ != want_)                                                                        \
            check_failed(__FILE__, __LINE__, "%s is %lld, should be %s = %lld", #got, got_, #want, want_); \
    } while (0)

/* The MPI call succeeds. */
#define OK(call)                                                                              \
    do {                                                                                      \
        int code_ = (call);                                                                   \
        if (code_ != MPI_SUCCESS)                                                             \
            check_failed(__FILE__, __LINE__, "%s failed: %s", #call, check_text(code_));      \
    } while (0)

/* The MPI call fails with this error class. */
#define FAILS(call, class)                                                                            \
    do {                                                                                              \
        int code_ = (call);                                                                           \
        if (class_of(code_) != (class))                                                               \
            check_failed(__FILE__, __LINE__, "%s should fail with %s, but: class %d, %s", #call, #class, \
                         class_of(code_), check_text(code_));                                         \
    } while (0)

static inline void test_ready(void)
{
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &me);
    MPI_Comm_size(MPI_COMM_WORLD, &np);
}

static inline void test_begin(int *argc, char ***argv)
{
    if (MPI_Init(argc, argv) != MPI_SUCCESS)
        check_failed(__FILE__, __LINE__, "MPI_Init failed");
    test_ready();
}

static inline int test_end(void)
{
    OK(MPI_Barrier(MPI_COMM_WORLD));
    OK(MPI_Finalize());
    if (me == 0)
        puts("ok");
    return 0;
}

static inline void *get(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);

    if (!memory)
        check_failed(__FILE__, __LINE__, "no memory for %zu bytes", bytes);
    return memory;
}

static inline unsigned char pattern(size_t i, unsigned seed)
{
    return (unsigned char)(i * 31 + (i >> 8) * 17 + (i >> 16) * 7 + seed);
}

static inline void fill(void *buffer, size_t bytes, unsigned seed)
{
    unsigned char *b = buffer;
    size_t i;

    for (i = 0; i < bytes; i++)
        b[i] = pattern(i, seed);
}

/* The index of the first byte that is not as `fill` made it; -1: all are. */
static inline long long differs(const void *buffer, size_t bytes, unsigned seed)
{
    const unsigned char *b = buffer;
    size_t i;

    for (i = 0; i < bytes; i++)
        if (b[i] != pattern(i, seed))
            return (long long)i;
    return -1;
}

#define FILLED(buffer, bytes, seed)                                                                      \
    do {                                                                                                 \
        long long at_ = differs(buffer, bytes, seed);                                                    \
        if (at_ >= 0)                                                                                    \
            check_failed(__FILE__, __LINE__, "%s: byte %lld of %lld is wrong", #buffer, at_, (long long)(bytes)); \
    } while (0)

/* A small generator, the same on all ranks. */
static inline unsigned draw(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static inline void nap(int milliseconds)
{
    struct timespec t;

    t.tv_sec = milliseconds / 1000;
    t.tv_nsec = milliseconds % 1000 * 1000000L;
    nanosleep(&t, NULL);
}

/* Fields of a status that stands for "nothing was received". */
#define EMPTY(status)                                      \
    do {                                                   \
        int count_ = -1, cancelled_ = -1;                  \
        EQUAL((status).MPI_SOURCE, MPI_ANY_SOURCE);        \
        EQUAL((status).MPI_TAG, MPI_ANY_TAG);              \
        OK(MPI_Get_count(&(status), MPI_BYTE, &count_));   \
        EQUAL(count_, 0);                                  \
        OK(MPI_Test_cancelled(&(status), &cancelled_));    \
        EQUAL(cancelled_, 0);                              \
    } while (0)

#endif
