/* ranks: 2 */
/* Messages beyond 2 GiB and beyond 2^31 elements on every path; with the argument `full` beyond 4 GiB, on more of them.
 *
 * What is sent lies in memory that is mapped again and again, so that it takes little; it repeats after PERIOD bytes,
 * which divides no power of two that a number could have wrapped at. What is received lies in memory of its own. */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

#if AT_LEAST(4, 0)
#define PERIOD ((size_t)16387 << 12)

static size_t bytes, span; /* of a message; of the memory at each side */
static unsigned char *source, *target;
static int full;

static unsigned char *map(void *at, size_t length, int flags, int file)
{
    void *memory = mmap(at, length, PROT_READ | PROT_WRITE, flags, file, 0);

    if (memory == MAP_FAILED)
        check_failed(__FILE__, __LINE__, "no address space for %zu bytes", length);
    return memory;
}

/* Address space whose bytes repeat after PERIOD. */
static unsigned char *repeating(size_t length)
{
    int file = memfd_create("large", 0);
    unsigned char *memory = map(NULL, length + PERIOD, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    size_t at;

    CHECK(file >= 0 && ftruncate(file, PERIOD) == 0);
    for (at = 0; at < length; at += PERIOD)
        map(memory + at, PERIOD, MAP_SHARED | MAP_FIXED, file);
    close(file);
    return memory;
}

/* The bytes at `memory` are those of a message that was sent from `from` on. */
static void check_bytes(const unsigned char *memory, size_t from, size_t length, int line)
{
    size_t at = 0, n;

    while (at < length) {
        size_t place = (from + at) % PERIOD;

        n = PERIOD - place < length - at ? PERIOD - place : length - at;
        if (memcmp(memory + at, source + place, n) != 0)
            check_failed(__FILE__, line, "wrong within %zu bytes from byte %zu of %zu on", n, at, length);
        at += n;
    }
}

/* Both ranks know the data: rank 0 sends from a place of its own in each test, so that old data is found out. */
static size_t place;
static double begun;

static void next_test(const char *name)
{
    OK(MPI_Barrier(MPI_COMM_WORLD));
    place += 4099;
    if (me == 0 && full)
        printf("%.1f s: %s\n", MPI_Wtime() - begun, name), fflush(stdout);
}

static void check_status(MPI_Status *status, int line)
{
    MPI_Count count = -1;
    int small = 0;

    OK(MPI_Get_count_c(status, MPI_BYTE, &count));
    if (count != (MPI_Count)bytes)
        check_failed(__FILE__, line, "%lld bytes, should be %zu", (long long)count, bytes);
    OK(MPI_Get_elements_c(status, MPI_BYTE, &count));
    EQUAL(count, bytes);
    OK(MPI_Get_count(status, MPI_BYTE, &small));
    EQUAL(small, MPI_UNDEFINED);
    OK(MPI_Get_elements(status, MPI_BYTE, &small));
    EQUAL(small, MPI_UNDEFINED);
    OK(MPI_Get_count_c(status, MPI_INT, &count));
    EQUAL(count, bytes % sizeof(int) ? MPI_UNDEFINED : (MPI_Count)(bytes / sizeof(int)));
}

static void contiguous(void)
{
    MPI_Request request;
    MPI_Message message;
    MPI_Status status;
    MPI_Datatype whole;
    int one = 1;

    next_test("Send and Recv, after Probe");
    if (me == 0) {
        OK(MPI_Send_c(source + place, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD));
    } else {
        OK(MPI_Probe(0, 1, MPI_COMM_WORLD, &status));
        check_status(&status, __LINE__);
        OK(MPI_Recv_c(target, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, &status));
        check_status(&status, __LINE__);
        check_bytes(target, place, bytes, __LINE__);
    }

    next_test("Isend and Irecv, synchronous, of one element of a large type");
    OK(MPI_Type_contiguous_c(bytes, MPI_BYTE, &whole));
    OK(MPI_Type_commit(&whole));
    if (me == 0)
        OK(MPI_Issend(source + place, 1, whole, 1, 2, MPI_COMM_WORLD, &request));
    else
        OK(MPI_Irecv(target, 1, whole, 0, 2, MPI_COMM_WORLD, &request));
    OK(MPI_Wait(&request, &status));
    if (me == 1) {
        check_status(&status, __LINE__);
        check_bytes(target, place, bytes, __LINE__);
    }
    OK(MPI_Type_free(&whole));

    next_test("Sendrecv");
    OK(MPI_Sendrecv_c(source + place, me == 0 ? bytes : 1, MPI_BYTE, 1 - me, 3, target, bytes, MPI_BYTE, 1 - me, 3,
                      MPI_COMM_WORLD, &status));
    check_bytes(target, place, me == 0 ? 1 : bytes, __LINE__);

    next_test("Mrecv");
    if (me == 0) {
        OK(MPI_Send_c(source + place, bytes, MPI_BYTE, 1, 4, MPI_COMM_WORLD));
    } else {
        OK(MPI_Mprobe(MPI_ANY_SOURCE, 4, MPI_COMM_WORLD, &message, &status));
        check_status(&status, __LINE__);
        OK(MPI_Mrecv_c(target, bytes, MPI_BYTE, &message, &status));
        check_status(&status, __LINE__);
        check_bytes(target, place, bytes, __LINE__);
    }

    next_test("Bsend");
    if (me == 0) {
        unsigned char *attached = repeating(bytes + 2 * PERIOD);
        MPI_Count size;
        void *detached;

        OK(MPI_Buffer_attach_c(attached, (MPI_Count)bytes + MPI_BSEND_OVERHEAD));
        OK(MPI_Bsend_c(source + place, bytes, MPI_BYTE, 1, 5, MPI_COMM_WORLD));
        OK(MPI_Send(&one, 1, MPI_INT, 1, 6, MPI_COMM_WORLD));
        OK(MPI_Buffer_detach_c(&detached, &size));
        EQUAL(size, bytes + MPI_BSEND_OVERHEAD);
        munmap(attached, bytes + 3 * PERIOD);
    } else {
        OK(MPI_Recv(&one, 1, MPI_INT, 0, 6, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
        OK(MPI_Recv_c(target, bytes, MPI_BYTE, 0, 5, MPI_COMM_WORLD, &status));
        check_status(&status, __LINE__);
        check_bytes(target, place, bytes, __LINE__);
    }

    next_test("one byte too long");
    if (me == 0) {
        OK(MPI_Send_c(source + place, bytes, MPI_BYTE, 1, 7, MPI_COMM_WORLD));
    } else {
        target[bytes - 1] = 0x5a;
        FAILS(MPI_Recv_c(target, bytes - 1, MPI_BYTE, 0, 7, MPI_COMM_WORLD, &status), MPI_ERR_TRUNCATE);
        EQUAL(target[bytes - 1], 0x5a);
    }
}

/* Blocks of `block` bytes, each `gap` bytes behind the last; the last block is what is left. */
static MPI_Datatype strided(size_t block, size_t gap)
{
    MPI_Count count = (MPI_Count)(bytes / block), lengths[2] = {1, (MPI_Count)(bytes % block)};
    MPI_Count places[2] = {0, count * (MPI_Count)(block + gap)};
    MPI_Datatype rows, parts[2], type;

    OK(MPI_Type_create_hvector_c(count, (MPI_Count)block, (MPI_Count)(block + gap), MPI_BYTE, &rows));
    if (bytes % block == 0) {
        OK(MPI_Type_commit(&rows));
        return rows;
    }
    parts[0] = rows;
    parts[1] = MPI_BYTE;
    OK(MPI_Type_create_struct_c(2, lengths, places, parts, &type));
    OK(MPI_Type_free(&rows));
    OK(MPI_Type_commit(&type));
    return type;
}

/* Blocks of many lengths, each 8 bytes behind the last. */
enum { LIST = 30000 };

static MPI_Count length_of[LIST], place_of[LIST];

static MPI_Datatype irregular(void)
{
    size_t left = bytes, at = 0;
    unsigned state = 5;
    MPI_Datatype type;
    int i;

    for (i = 0; i < LIST; i++) {
        size_t most = 2 * left / (size_t)(LIST - i), n = i == LIST - 1 ? left : draw(&state) % most;

        length_of[i] = (MPI_Count)n;
        place_of[i] = (MPI_Count)at;
        at += n + 8;
        left -= n;
    }
    CHECK(at <= span);
    OK(MPI_Type_create_hindexed_c(LIST, length_of, place_of, MPI_BYTE, &type));
    OK(MPI_Type_commit(&type));
    return type;
}

/* The packed form of a strided or irregular message, sent from `place` on, is what lies at `memory`. */
static void check_packed(const unsigned char *memory, size_t block, size_t gap, int line)
{
    size_t at = 0, i;

    if (!block) {
        for (i = 0; i < LIST; i++) {
            check_bytes(memory + at, place + (size_t)place_of[i], (size_t)length_of[i], line);
            at += (size_t)length_of[i];
        }
        return;
    }
    for (i = 0; at < bytes; i++, at += block)
        check_bytes(memory + at, place + i * (block + gap), bytes - at < block ? bytes - at : block, line);
}

static void types(void)
{
    static const size_t block_of[] = {65536, 4096, 8, 0}; /* 0: irregular */
    MPI_Count packed, position;
    MPI_Status status;
    MPI_Datatype type;
    size_t k, i, at;
    int small = 0;

    for (k = 0; k < sizeof block_of / sizeof *block_of; k++) {
        size_t block = block_of[k], gap = block == 8 ? 1 : block / 16;

        if ((block == 4096 || block == 8) && !full)
            continue;
        type = block ? strided(block, gap) : irregular();
        next_test(block ? "from blocks" : "from an irregular type");
        if (me == 0) {
            OK(MPI_Send_c(source + place, 1, type, 1, 10, MPI_COMM_WORLD));
        } else {
            OK(MPI_Recv_c(target, bytes, MPI_BYTE, 0, 10, MPI_COMM_WORLD, &status));
            check_status(&status, __LINE__);
            check_packed(target, block, gap, __LINE__);
        }

        next_test(block ? "into blocks" : "into an irregular type");
        if (me == 0) {
            OK(MPI_Send_c(source + place, bytes, MPI_BYTE, 1, 11, MPI_COMM_WORLD));
        } else {
            memset(target + (block ? block : (size_t)length_of[0]), 0xa5, gap ? gap : 8);
            OK(MPI_Recv(target, 1, type, 0, 11, MPI_COMM_WORLD, &status));
            check_status(&status, __LINE__);
            OK(MPI_Get_count(&status, type, &small));
            EQUAL(small, 1);
            EQUAL(target[block ? block : (size_t)length_of[0]], 0xa5);
            if (block)
                for (i = 0, at = 0; at < bytes; i++, at += block)
                    check_bytes(target + i * (block + gap), place + at, bytes - at < block ? bytes - at : block, __LINE__);
            else
                for (i = 0, at = 0; i < LIST; at += (size_t)length_of[i], i++)
                    check_bytes(target + place_of[i], place + at, (size_t)length_of[i], __LINE__);
        }

        next_test("Pack and Unpack");
        if (me == 1) {
            OK(MPI_Pack_size_c(1, type, MPI_COMM_WORLD, &packed));
            CHECK(packed >= (MPI_Count)bytes);
            position = 3;
            OK(MPI_Pack_c(source + place, 1, type, target, packed + 3, &position, MPI_COMM_WORLD));
            EQUAL(position, bytes + 3);
            check_packed(target + 3, block, gap, __LINE__);
            position = 0;
            CHECK(MPI_Pack_c(source, 1, type, target, bytes - 1, &position, MPI_COMM_WORLD) != MPI_SUCCESS);
        }
        OK(MPI_Type_free(&type));
    }
}

/* Memory of the library's own, by which a message is copied without the kernel. */
static void allocated(void)
{
    unsigned char *memory;
    MPI_Status status;
    size_t at;

    next_test("from memory of MPI_Alloc_mem");
    if (me == 0) {
        OK(MPI_Alloc_mem((MPI_Aint)bytes, MPI_INFO_NULL, &memory));
        for (at = 0; at < bytes; at += PERIOD)
            memcpy(memory + at, source + place, bytes - at < PERIOD ? bytes - at : PERIOD);
        OK(MPI_Send_c(memory, bytes, MPI_BYTE, 1, 20, MPI_COMM_WORLD));
        OK(MPI_Free_mem(memory));
    } else {
        OK(MPI_Recv_c(target, bytes, MPI_BYTE, 0, 20, MPI_COMM_WORLD, &status));
        check_status(&status, __LINE__);
        check_bytes(target, place, bytes, __LINE__);
    }
}

/* Bytes of memory that may be used, as far as that is known. */
static size_t available(void)
{
    FILE *file = fopen("/proc/meminfo", "r");
    unsigned long long kilobytes = 0;
    char line[200];

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %llu", &kilobytes) == 1)
            break;
    if (file)
        fclose(file);
    return kilobytes ? (size_t)kilobytes << 10 : SIZE_MAX;
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if AT_LEAST(4, 0)
    {
        int enough, all;
        size_t i;

        full = argc > 1 && strcmp(argv[1], "full") == 0;
        bytes = full ? ((size_t)5 << 30) + 5 : ((size_t)1 << 31) + 13;
        span = bytes + bytes / 8 + (1 << 22);
        enough = available() > (full ? 2 : 1) * span + ((size_t)1 << 30);
        OK(MPI_Allreduce(&enough, &all, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD));
        if (!all) {
            if (me == 0)
                printf("SKIPPED: less than %zu MiB of memory are free\n", (span >> 20) + 1024);
            return test_end();
        }
        source = repeating(span + 2 * PERIOD);
        for (i = 0; i < PERIOD / 4; i++)
            ((uint32_t *)source)[i] = (uint32_t)i * 2654435761u;
        target = map(NULL, span, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
        begun = MPI_Wtime();
        contiguous();
        types();
        if (full)
            allocated();
    }
#endif
    return test_end();
}
