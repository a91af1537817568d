/* ranks: 1 2 */
/* Datatypes made and asked by the functions that count with MPI_Count (MPI 4.0). */
#include "check.h"

#if AT_LEAST(4, 0)
#define INTS *(MPI_Count)sizeof(int)

/* What MPI_Type_get_envelope_c and MPI_Type_get_contents_c should say. */
static void made(MPI_Datatype type, int combiner, int integers, const int *ints, int large, const MPI_Count *counts)
{
    MPI_Count n_integers, n_addresses, n_large, n_types, got_counts[16];
    MPI_Aint addresses[1];
    MPI_Datatype old[4];
    int got, small[3], got_ints[16], i;

    OK(MPI_Type_get_envelope_c(type, &n_integers, &n_addresses, &n_large, &n_types, &got));
    EQUAL(got, combiner);
    EQUAL(n_integers, integers);
    EQUAL(n_addresses, 0);
    EQUAL(n_large, large);
    OK(MPI_Type_get_contents_c(type, integers, 0, large, n_types, got_ints, addresses, got_counts, old));
    for (i = 0; i < integers; i++)
        EQUAL(got_ints[i], ints[i]);
    for (i = 0; i < large; i++)
        EQUAL(got_counts[i], counts[i]);
    CHECK(old[0] == MPI_INT);
    FAILS(MPI_Type_get_envelope(type, &small[0], &small[1], &small[2], &got), MPI_ERR_TYPE);
    FAILS(MPI_Type_get_contents(type, 16, 0, 4, got_ints, addresses, old), MPI_ERR_TYPE);
    CHECK(MPI_Type_get_contents_c(type, integers, 0, large - 1, n_types, got_ints, addresses, got_counts, old) !=
          MPI_SUCCESS);
}

#define WIDE(...) (int)(sizeof((MPI_Count[]){__VA_ARGS__}) / sizeof(MPI_Count)), (MPI_Count[]){__VA_ARGS__}

/* Packs what the type takes out of 0, 1, 2, ... and compares. */
static void takes(MPI_Datatype *type, int n, const int *want)
{
    int memory[64], got[64], i;
    char box[sizeof got];
    MPI_Count size, room, position = 0;

    OK(MPI_Type_commit(type));
    OK(MPI_Type_size_c(*type, &size));
    EQUAL(size, n * (int)sizeof(int));
    for (i = 0; i < 64; i++)
        memory[i] = i;
    OK(MPI_Pack_size_c(1, *type, MPI_COMM_WORLD, &room));
    CHECK(room >= size && room <= (MPI_Count)sizeof box);
    OK(MPI_Pack_c(memory, 1, *type, box, room, &position, MPI_COMM_WORLD));
    room = position;
    position = 0;
    OK(MPI_Unpack_c(box, room, &position, got, n, MPI_INT, MPI_COMM_WORLD));
    EQUAL(position, room);
    for (i = 0; i < n; i++)
        EQUAL(got[i], want[i]);
    OK(MPI_Type_free(type));
}

#define TAKES(type, ...) takes(type, (int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int)), (int[]){__VA_ARGS__})

static void constructors(void)
{
    MPI_Count lengths[2] = {2, 1}, places[2] = {4, 0}, bytes[2] = {4 INTS, 0};
    MPI_Count sizes[2] = {3, 4}, parts[2] = {2, 2}, starts[2] = {1, 1}, lb, extent;
    MPI_Datatype type, olds[2] = {MPI_INT, MPI_INT};

    OK(MPI_Type_contiguous_c(3, MPI_INT, &type));
    made(type, MPI_COMBINER_CONTIGUOUS, 0, NULL, WIDE(3));
    TAKES(&type, 0, 1, 2);
    OK(MPI_Type_vector_c(2, 2, 3, MPI_INT, &type));
    made(type, MPI_COMBINER_VECTOR, 0, NULL, WIDE(2, 2, 3));
    TAKES(&type, 0, 1, 3, 4);
    OK(MPI_Type_create_hvector_c(2, 1, 5 INTS, MPI_INT, &type));
    made(type, MPI_COMBINER_HVECTOR, 0, NULL, WIDE(2, 1, 5 INTS));
    TAKES(&type, 0, 5);
    OK(MPI_Type_indexed_c(2, lengths, places, MPI_INT, &type));
    made(type, MPI_COMBINER_INDEXED, 0, NULL, WIDE(2, 2, 1, 4, 0));
    TAKES(&type, 4, 5, 0);
    OK(MPI_Type_create_hindexed_c(2, lengths, bytes, MPI_INT, &type));
    made(type, MPI_COMBINER_HINDEXED, 0, NULL, WIDE(2, 2, 1, 4 INTS, 0));
    TAKES(&type, 4, 5, 0);
    OK(MPI_Type_create_indexed_block_c(2, 2, places, MPI_INT, &type));
    made(type, MPI_COMBINER_INDEXED_BLOCK, 0, NULL, WIDE(2, 2, 4, 0));
    TAKES(&type, 4, 5, 0, 1);
    OK(MPI_Type_create_hindexed_block_c(2, 1, bytes, MPI_INT, &type));
    made(type, MPI_COMBINER_HINDEXED_BLOCK, 0, NULL, WIDE(2, 1, 4 INTS, 0));
    TAKES(&type, 4, 0);
    OK(MPI_Type_create_struct_c(2, lengths, bytes, olds, &type));
    made(type, MPI_COMBINER_STRUCT, 0, NULL, WIDE(2, 2, 1, 4 INTS, 0));
    TAKES(&type, 4, 5, 0);
    OK(MPI_Type_create_subarray_c(2, sizes, parts, starts, MPI_ORDER_C, MPI_INT, &type));
    made(type, MPI_COMBINER_SUBARRAY, 2, (int[]){2, MPI_ORDER_C}, WIDE(3, 4, 2, 2, 1, 1));
    TAKES(&type, 5, 6, 9, 10);
    OK(MPI_Type_create_resized_c(MPI_INT, -2 INTS, 7 INTS, &type));
    made(type, MPI_COMBINER_RESIZED, 0, NULL, WIDE(-2 INTS, 7 INTS));
    OK(MPI_Type_get_extent_c(type, &lb, &extent));
    EQUAL(lb, -2 INTS);
    EQUAL(extent, 7 INTS);
    OK(MPI_Type_get_true_extent_c(type, &lb, &extent));
    EQUAL(lb, 0);
    EQUAL(extent, 1 INTS);
    TAKES(&type, 0);
}

/* A duplicate has no counts; the type it was made from has its own. */
static void duplicate(void)
{
    MPI_Datatype type, dup, old[1];
    int integers, addresses, types, combiner;
    MPI_Count n[4];

    OK(MPI_Type_contiguous_c(3, MPI_INT, &type));
    OK(MPI_Type_dup(type, &dup));
    OK(MPI_Type_free(&type));
    OK(MPI_Type_get_envelope(dup, &integers, &addresses, &types, &combiner));
    CHECK(combiner == MPI_COMBINER_DUP && integers == 0 && addresses == 0 && types == 1);
    OK(MPI_Type_get_contents(dup, 0, 0, 1, NULL, NULL, old));
    OK(MPI_Type_get_envelope_c(old[0], &n[0], &n[1], &n[2], &n[3], &combiner));
    CHECK(combiner == MPI_COMBINER_CONTIGUOUS && n[2] == 1);
    OK(MPI_Type_free(&old[0]));
    OK(MPI_Type_free(&dup));
}

/* More than an int holds: the old functions say MPI_UNDEFINED, the new ones how many. */
static void beyond_int(void)
{
    const MPI_Count many = (MPI_Count)3 << 30;
    MPI_Datatype type, gap;
    MPI_Count count;
    MPI_Aint lb, extent;
    MPI_Status status;
    int n;

    OK(MPI_Type_contiguous_c(many, MPI_INT, &type));
    OK(MPI_Type_size(type, &n));
    EQUAL(n, MPI_UNDEFINED);
    OK(MPI_Type_size_c(type, &count));
    EQUAL(count, many * 4);
    OK(MPI_Type_size_x(type, &count));
    EQUAL(count, many * 4);
    OK(MPI_Type_get_extent(type, &lb, &extent));
    EQUAL(extent, many * 4);
    OK(MPI_Pack_size_c(2, type, MPI_COMM_WORLD, &count));
    CHECK(count >= many * 8);
    OK(MPI_Pack_size(2, type, MPI_COMM_WORLD, &n));
    EQUAL(n, MPI_UNDEFINED);
    OK(MPI_Type_create_hvector_c(2, 1, many * 8, MPI_INT, &gap));
    OK(MPI_Type_get_true_extent_c(gap, &count, &count));
    EQUAL(count, many * 8 + 4);
    memset(&status, 0, sizeof status);
    OK(MPI_Status_set_elements_c(&status, MPI_INT, many));
    OK(MPI_Get_count(&status, MPI_INT, &n));
    EQUAL(n, MPI_UNDEFINED);
    OK(MPI_Get_elements(&status, MPI_INT, &n));
    EQUAL(n, MPI_UNDEFINED);
    OK(MPI_Get_count_c(&status, MPI_INT, &count));
    EQUAL(count, many);
    OK(MPI_Get_elements_c(&status, type, &count));
    EQUAL(count, many);
    OK(MPI_Get_elements_x(&status, type, &count));
    EQUAL(count, many);
    OK(MPI_Get_count(&status, type, &n));
    EQUAL(n, 1);
    OK(MPI_Status_set_elements_c(&status, type, many + 7));
    OK(MPI_Get_elements_c(&status, type, &count));
    EQUAL(count, many + 7);
    OK(MPI_Get_count(&status, type, &n));
    EQUAL(n, MPI_UNDEFINED);
    OK(MPI_Type_free(&type));
    OK(MPI_Type_free(&gap));
    /* What no memory holds is an error, not a wrong number. */
    CHECK(MPI_Type_contiguous_c((MPI_Count)1 << 62, MPI_DOUBLE, &type) != MPI_SUCCESS);
    CHECK(MPI_Type_vector_c((MPI_Count)1 << 40, 1, (MPI_Count)1 << 40, MPI_INT, &type) != MPI_SUCCESS);
    FAILS(MPI_Type_contiguous_c(-1, MPI_INT, &type), MPI_ERR_COUNT);
}
#endif

int main(int argc, char **argv)
{
    test_begin(&argc, &argv);
#if AT_LEAST(4, 0)
    constructors();
    duplicate();
    beyond_int();
#endif
    return test_end();
}
