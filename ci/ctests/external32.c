/* ranks: 1 */
/* The external32 representation: sizes, bytes, and what comes back. */
#include "check.h"

static void bytes(const char *name, MPI_Datatype type, const void *number, int length, const unsigned char *want)
{
    unsigned char box[64];
    char back[64];
    MPI_Aint size, position = 0;
    int extent, i;

    memset(box, 0xee, sizeof box);
    memset(back, 0, sizeof back);
    OK(MPI_Pack_external_size("external32", 1, type, &size));
    if (size != length)
        check_failed(__FILE__, __LINE__, "%s has %d bytes, should have %d", name, (int)size, length);
    OK(MPI_Pack_external("external32", number, 1, type, box, sizeof box, &position));
    EQUAL(position, length);
    for (i = 0; i < length; i++)
        if (box[i] != want[i])
            check_failed(__FILE__, __LINE__, "%s: byte %d is %02x, should be %02x", name, i, box[i], want[i]);
    EQUAL(box[length], 0xee);
    position = 0;
    OK(MPI_Unpack_external("external32", box, length, &position, back, 1, type));
    EQUAL(position, length);
    OK(MPI_Type_size(type, &extent));
    if (type == MPI_LONG_DOUBLE)
        CHECK(*(long double *)(void *)back == *(const long double *)number);
    else
        CHECK(!memcmp(back, number, (size_t)extent));
}

#define BYTES(type, ctype, number, ...)                                                            \
    do {                                                                                           \
        ctype number_ = (number);                                                                  \
        const unsigned char want_[] = {__VA_ARGS__};                                               \
                                                                                                   \
        bytes(#type, type, &number_, (int)sizeof want_, want_);                                    \
    } while (0)

static void numbers(void)
{
    struct {
        double value;
        int index;
    } pair = {1.0, 7};
    unsigned char box[16];
    MPI_Aint position = 0;

    BYTES(MPI_CHAR, char, 'a', 'a');
    BYTES(MPI_SHORT, short, -2, 0xff, 0xfe);
    BYTES(MPI_INT, int, 0x01020304, 1, 2, 3, 4);
    BYTES(MPI_UNSIGNED, unsigned, 0xf0000001u, 0xf0, 0, 0, 1);
    BYTES(MPI_LONG, long, -3, 0xff, 0xff, 0xff, 0xfd);
    BYTES(MPI_LONG_LONG, long long, 0x0102030405060708LL, 1, 2, 3, 4, 5, 6, 7, 8);
    BYTES(MPI_FLOAT, float, -2.0f, 0xc0, 0, 0, 0);
    BYTES(MPI_DOUBLE, double, 1.5, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0);
    BYTES(MPI_LONG_DOUBLE, long double, -1.25L, 0xbf, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    BYTES(MPI_AINT, MPI_Aint, 9, 0, 0, 0, 0, 0, 0, 0, 9);
    BYTES(MPI_OFFSET, MPI_Offset, 10, 0, 0, 0, 0, 0, 0, 0, 10);
    BYTES(MPI_COUNT, MPI_Count, -1, 255, 255, 255, 255, 255, 255, 255, 255);
    BYTES(MPI_WCHAR, wchar_t, 0x20ac, 0x20, 0xac);
    BYTES(MPI_C_BOOL, _Bool, 1, 1);
    BYTES(MPI_INT16_T, short, 0x0102, 1, 2);
    BYTES(MPI_BYTE, char, 3, 3);
    BYTES(MPI_C_FLOAT_COMPLEX, float _Complex, 1.0f, 0x3f, 0x80, 0, 0, 0, 0, 0, 0);
    OK(MPI_Pack_external("external32", &pair, 1, MPI_DOUBLE_INT, box, sizeof box, &position));
    EQUAL(position, 12);
    CHECK(box[0] == 0x3f && box[1] == 0xf0 && box[11] == 7);
}

/* Elements of several kinds, with gaps, by the thousand. */
static void structs(void)
{
    enum { N = 5000 };
    struct thing {
        char letter;
        long number;
        float part[3];
        short small;
    } *out = get(N * sizeof *out), *in = get(N * sizeof *in);
    MPI_Aint where[4] = {offsetof(struct thing, letter), offsetof(struct thing, number), offsetof(struct thing, part),
                         offsetof(struct thing, small)};
    MPI_Datatype parts[4] = {MPI_CHAR, MPI_LONG, MPI_FLOAT, MPI_SHORT}, bare, type;
    MPI_Aint size, position = 3;
    unsigned char *box;
    int i;

    OK(MPI_Type_create_struct(4, (int[]){1, 1, 3, 1}, where, parts, &bare));
    OK(MPI_Type_create_resized(bare, 0, sizeof(struct thing), &type));
    OK(MPI_Type_commit(&type));
    OK(MPI_Type_free(&bare));
    for (i = 0; i < N; i++) {
        out[i].letter = (char)i;
        out[i].number = -i;
        out[i].part[0] = (float)i, out[i].part[1] = i * 0.5f, out[i].part[2] = -1;
        out[i].small = (short)(3 * i);
    }
    OK(MPI_Pack_external_size("external32", N, type, &size));
    EQUAL(size, N * (1 + 4 + 12 + 2));
    box = get((size_t)size + 3);
    OK(MPI_Pack_external("external32", out, N, type, box, size + 3, &position));
    EQUAL(position, size + 3);
    CHECK(box[3 + 19] == 1 && box[3 + 19 + 4] == 0xff && box[3 + 19 + 1] == 0xff);
    memset(in, 0x77, N * sizeof *in);
    position = 3;
    OK(MPI_Unpack_external("external32", box, size + 3, &position, in, N, type));
    EQUAL(position, size + 3);
    for (i = 0; i < N; i++)
        CHECK(in[i].letter == out[i].letter && in[i].number == out[i].number && in[i].part[1] == out[i].part[1] &&
              in[i].small == out[i].small);
    EQUAL(((unsigned char *)in)[1], 0x77);
#if AT_LEAST(4, 0)
    {
        MPI_Count wide, at = 0;

        OK(MPI_Pack_external_size_c("external32", (MPI_Count)1 << 31, MPI_DOUBLE, &wide));
        EQUAL(wide, (MPI_Count)1 << 34);
        OK(MPI_Pack_external_size_c("external32", N, type, &wide));
        EQUAL(wide, size);
        OK(MPI_Pack_external_c("external32", out, N, type, box, wide, &at));
        EQUAL(at, wide);
        at = 0;
        memset(in, 0, N * sizeof *in);
        OK(MPI_Unpack_external_c("external32", box, wide, &at, in, N, type));
        EQUAL(at, wide);
        EQUAL(in[N - 1].number, 1 - N);
    }
#endif
    OK(MPI_Type_free(&type));
    free(out);
    free(in);
    free(box);
}

static void mistakes(void)
{
    int x[4] = {0};
    char box[16];
    MPI_Aint position = 0, size;
    MPI_Datatype type;

    FAILS(MPI_Pack_external_size("external99", 1, MPI_INT, &size), MPI_ERR_UNSUPPORTED_DATAREP);
    FAILS(MPI_Pack_external("native", x, 1, MPI_INT, box, 16, &position), MPI_ERR_UNSUPPORTED_DATAREP);
    FAILS(MPI_Unpack_external("", box, 16, &position, x, 1, MPI_INT), MPI_ERR_UNSUPPORTED_DATAREP);
    FAILS(MPI_Pack_external_size("external32", -1, MPI_INT, &size), MPI_ERR_COUNT);
    FAILS(MPI_Pack_external_size("external32", 1, MPI_DATATYPE_NULL, &size), MPI_ERR_TYPE);
    OK(MPI_Type_contiguous(2, MPI_INT, &type));
    FAILS(MPI_Pack_external("external32", x, 1, type, box, 16, &position), MPI_ERR_TYPE);
    OK(MPI_Type_free(&type));
    CHECK(MPI_Pack_external("external32", x, 4, MPI_INT, box, 15, &position) != MPI_SUCCESS);
    CHECK(MPI_Unpack_external("external32", box, 7, &position, x, 2, MPI_INT) != MPI_SUCCESS);
    EQUAL(position, 0);
    OK(MPI_Pack_external("external32", x, 0, MPI_INT, box, 0, &position));
    EQUAL(position, 0);
}

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
    numbers();
    structs();
    mistakes();
    return test_end();
}
