/* heat: how heat spreads over a square plate, computed by any number of ranks.
 *
 *     mpirun -n 4 heat [picture.png [cells [iterations]]]
 *
 * The plate is a grid of cells x cells. It is cut into tiles, one a rank, as square
 * as the number of ranks allows. In each iteration a cell moves towards the mean of
 * its four neighbours; cells at a tile's rim need their neighbours' values from
 * another rank, so the ranks exchange their rims ("halos") first:
 *
 *     - rows lie together in memory and travel as plain doubles;
 *     - columns are strided: an MPI vector type picks them out, without a copy;
 *     - MPI_Irecv and MPI_Isend let all four directions travel at once, and while
 *       they do, the rank computes the inside of its tile, which needs no halo.
 *
 * The heated shapes keep their temperature, so the picture settles into a steady
 * glow; the residual, the largest change of any cell, tells how near it is. In the
 * end rank 0 collects the tiles and writes the picture.
 */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "png.h"

enum { NORTH, SOUTH, WEST, EAST, SIDES };

struct tile {
    int cells;               /* the whole plate's width and height */
    int row, col;            /* the plate's row and column of this tile's first cell */
    int rows, cols;          /* this tile's size, without its halo */
    int neighbour[SIDES];    /* ranks; MPI_PROC_NULL at the plate's rim */
    double *now, *next;      /* (rows + 2) x (cols + 2): the tile and a halo one cell wide */
    unsigned char *held;     /* 1: this cell is a heater or a cooler and never changes */
    MPI_Datatype column;
};

/* A cell's place in the tile's arrays; 0 and rows + 1 (or cols + 1) are the halo. */
static size_t at(const struct tile *t, int r, int c)
{
    return (size_t)r * (size_t)(t->cols + 2) + (size_t)c;
}

/* The first of `cells` that belongs to part `i` of `parts`, as even as it goes. */
static int first_of(int cells, int parts, int i)
{
    return (int)((long long)cells * i / parts);
}

/* The most nearly square way to lay out `size` ranks. */
static void layout(int size, int *down, int *across)
{
    int d;

    *down = 1;
    for (d = 1; d * d <= size; d++)
        if (size % d == 0)
            *down = d;
    *across = size / *down;
}

/* The plate at the start: a hot spiral of five arms around a cold eye, a ring of small
 * heaters around it, cold walls. `x` and `y` run from -1 to 1. Returns 1 for a cell that
 * is held at that temperature. */
static int initial(double x, double y, double *heat)
{
    const double tau = 6.28318530717958647692;
    double radius = sqrt(x * x + y * y), angle = atan2(y, x);
    double arm = cos(5.0 * (angle - 3.2 * radius));
    int i;

    *heat = 0.0;
    if (radius < 0.06)
        return 1;
    if (radius > 0.12 && radius < 0.62 && arm > 0.93) {
        *heat = 1.0 - 0.55 * (radius - 0.12) / 0.5;
        return 1;
    }
    for (i = 0; i < 15; i++) {
        double hx = x - 0.82 * cos(tau * i / 15), hy = y - 0.82 * sin(tau * i / 15);

        if (hx * hx + hy * hy < 0.028 * 0.028) {
            *heat = i % 3 == 0 ? 1.0 : 0.55;
            return 1;
        }
    }
    *heat = 0.25 * exp(-3.0 * radius * radius);
    return 0;
}

static void *allocate(size_t count, size_t each)
{
    void *p = calloc(count ? count : 1, each);

    if (!p) {
        fprintf(stderr, "heat: out of memory\n");
        exit(EXIT_FAILURE); /* a rank that leaves without MPI_Finalize takes the job with it */
    }
    return p;
}

/* Which cells of the plate `rank` of `size` owns: row, column, rows, columns. */
static void part_of(int cells, int size, int rank, int part[4])
{
    int down, across;

    layout(size, &down, &across);
    part[0] = first_of(cells, down, rank / across);
    part[1] = first_of(cells, across, rank % across);
    part[2] = first_of(cells, down, rank / across + 1) - part[0];
    part[3] = first_of(cells, across, rank % across + 1) - part[1];
}

static void tile_create(struct tile *t, int cells, int rank, int size)
{
    int down, across, part[4], r, c;
    size_t area;

    layout(size, &down, &across);
    part_of(cells, size, rank, part);
    t->cells = cells;
    t->row = part[0];
    t->col = part[1];
    t->rows = part[2];
    t->cols = part[3];
    /* A send to MPI_PROC_NULL does nothing, so the plate's rim needs no special case. */
    t->neighbour[NORTH] = rank >= across ? rank - across : MPI_PROC_NULL;
    t->neighbour[SOUTH] = rank / across < down - 1 ? rank + across : MPI_PROC_NULL;
    t->neighbour[WEST] = rank % across > 0 ? rank - 1 : MPI_PROC_NULL;
    t->neighbour[EAST] = rank % across < across - 1 ? rank + 1 : MPI_PROC_NULL;

    area = (size_t)(t->rows + 2) * (size_t)(t->cols + 2);
    t->now = allocate(area, sizeof *t->now);
    t->next = allocate(area, sizeof *t->next);
    t->held = allocate(area, sizeof *t->held);
    for (r = 1; r <= t->rows; r++)
        for (c = 1; c <= t->cols; c++) {
            double x = 2.0 * (t->col + c - 0.5) / cells - 1.0;
            double y = 2.0 * (t->row + r - 0.5) / cells - 1.0;

            t->held[at(t, r, c)] = (unsigned char)initial(x, y, &t->now[at(t, r, c)]);
        }
    MPI_Type_vector(t->rows, 1, t->cols + 2, MPI_DOUBLE, &t->column);
    MPI_Type_commit(&t->column);
}

static void tile_free(struct tile *t)
{
    MPI_Type_free(&t->column);
    free(t->now);
    free(t->next);
    free(t->held);
}

/* A message's tag is the side of the tile that it leaves by. */
static void exchange_start(struct tile *t, MPI_Request request[2 * SIDES])
{
    MPI_Comm world = MPI_COMM_WORLD;
    double *u = t->now;
    const int *to = t->neighbour;

    MPI_Irecv(&u[at(t, 0, 1)], t->cols, MPI_DOUBLE, to[NORTH], SOUTH, world, &request[0]);
    MPI_Irecv(&u[at(t, t->rows + 1, 1)], t->cols, MPI_DOUBLE, to[SOUTH], NORTH, world, &request[1]);
    MPI_Irecv(&u[at(t, 1, 0)], 1, t->column, to[WEST], EAST, world, &request[2]);
    MPI_Irecv(&u[at(t, 1, t->cols + 1)], 1, t->column, to[EAST], WEST, world, &request[3]);

    MPI_Isend(&u[at(t, 1, 1)], t->cols, MPI_DOUBLE, to[NORTH], NORTH, world, &request[4]);
    MPI_Isend(&u[at(t, t->rows, 1)], t->cols, MPI_DOUBLE, to[SOUTH], SOUTH, world, &request[5]);
    MPI_Isend(&u[at(t, 1, 1)], 1, t->column, to[WEST], WEST, world, &request[6]);
    MPI_Isend(&u[at(t, 1, t->cols)], 1, t->column, to[EAST], EAST, world, &request[7]);
}

/* Computes the cells of rows r0..r1 and columns c0..c1; returns the largest change. */
static double relax(struct tile *t, int r0, int r1, int c0, int c1)
{
    double largest = 0.0;
    int r, c;

    for (r = r0; r <= r1; r++) {
        const double *u = &t->now[at(t, r, 0)];
        const double *north = u - (t->cols + 2), *south = u + (t->cols + 2);
        const unsigned char *held = &t->held[at(t, r, 0)];
        double *next = &t->next[at(t, r, 0)];

        for (c = c0; c <= c1; c++) {
            double mean = 0.25 * (north[c] + south[c] + u[c - 1] + u[c + 1]);
            double change;

            next[c] = held[c] ? u[c] : mean;
            change = fabs(next[c] - u[c]);
            largest = change > largest ? change : largest;
        }
    }
    return largest;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* One iteration; returns the largest change of any cell of this tile. */
static double iterate(struct tile *t)
{
    MPI_Request request[2 * SIDES];
    double change, *swap;
    int rows = t->rows, cols = t->cols;

    exchange_start(t, request);
    change = relax(t, 2, rows - 1, 2, cols - 1);
    MPI_Waitall(2 * SIDES, request, MPI_STATUSES_IGNORE);

    /* The rim: first and last row whole, then what is left of the columns. A tile that is
     * one cell high or wide has only one of each. */
    if (rows > 0 && cols > 0) {
        change = larger(change, relax(t, 1, 1, 1, cols));
        if (rows > 1)
            change = larger(change, relax(t, rows, rows, 1, cols));
        change = larger(change, relax(t, 2, rows - 1, 1, 1));
        if (cols > 1)
            change = larger(change, relax(t, 2, rows - 1, cols, cols));
    }
    swap = t->now;
    t->now = t->next;
    t->next = swap;
    return change;
}

/* The whole plate on rank 0, row by row (NULL on the others). */
static double *gather(const struct tile *t, int rank, int size)
{
    size_t cells = (size_t)t->cells;
    double *mine = allocate((size_t)t->rows * (size_t)t->cols, sizeof *mine);
    double *all = NULL, *plate = NULL;
    int *count = NULL, *start = NULL;
    int i, r, part[4];

    for (r = 0; r < t->rows; r++)
        memcpy(mine + (size_t)r * (size_t)t->cols, &t->now[at(t, r + 1, 1)], (size_t)t->cols * sizeof *mine);
    if (rank == 0) {
        all = allocate(cells * cells, sizeof *all);
        plate = allocate(cells * cells, sizeof *plate);
        count = allocate((size_t)size, sizeof *count);
        start = allocate((size_t)size, sizeof *start);
        for (i = 0; i < size; i++) {
            part_of(t->cells, size, i, part);
            count[i] = part[2] * part[3];
            start[i] = i ? start[i - 1] + count[i - 1] : 0;
        }
    }
    MPI_Gatherv(mine, t->rows * t->cols, MPI_DOUBLE, all, count, start, MPI_DOUBLE, 0, MPI_COMM_WORLD);

    /* Tiles arrive one after another; the picture wants whole rows. */
    for (i = 0; rank == 0 && i < size; i++) {
        part_of(t->cells, size, i, part);
        for (r = 0; r < part[2]; r++)
            memcpy(plate + (size_t)(part[0] + r) * cells + part[1],
                   all + start[i] + (size_t)r * (size_t)part[3], (size_t)part[3] * sizeof *plate);
    }
    free(mine);
    free(all);
    free(count);
    free(start);
    return plate;
}

/* From black over violet and orange to a pale yellow. */
static void colour(double heat, unsigned char rgb[3])
{
    static const double stop[][3] = {{0, 0, 4},     {28, 16, 68},   {79, 18, 123},  {129, 37, 129}, {181, 54, 122},
                                     {229, 80, 100}, {251, 135, 97}, {254, 194, 135}, {252, 253, 191}};
    const int last = (int)(sizeof stop / sizeof *stop) - 1;
    /* The root lifts the faint glow far from the heaters out of the dark. */
    double place = last * sqrt(heat < 0.0 ? 0.0 : heat > 1.0 ? 1.0 : heat);
    int i = place >= last ? last - 1 : (int)place, k;

    for (k = 0; k < 3; k++)
        rgb[k] = (unsigned char)(stop[i][k] + (place - i) * (stop[i + 1][k] - stop[i][k]) + 0.5);
}

static int write_picture(const char *path, const double *plate, int cells)
{
    size_t i, area = (size_t)cells * (size_t)cells;
    unsigned char *rgb = allocate(area, 3);
    int failed;

    for (i = 0; i < area; i++)
        colour(plate[i], rgb + 3 * i);
    failed = png_write(path, rgb, (unsigned)cells, (unsigned)cells);
    free(rgb);
    return failed;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "heat.png";
    int cells = argc > 2 ? atoi(argv[2]) : 600;
    int iterations = argc > 3 ? atoi(argv[3]) : 2000;
    int rank, size, down, across, i, failed = 0;
    double start, seconds, change = 0.0, residual = 0.0, *plate;
    struct tile tile;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    layout(size, &down, &across);
    if (cells < across || cells > 16384 || iterations < 0) {
        if (rank == 0)
            fprintf(stderr, "usage: heat [picture.png [cells [iterations]]]   (%d to 16384 cells)\n", across);
        MPI_Finalize();
        return 2;
    }
    tile_create(&tile, cells, rank, size);
    if (rank == 0)
        printf("grid        %d x %d cells, in %d x %d tiles\nranks       %d\n", cells, cells, down, across, size);

    MPI_Barrier(MPI_COMM_WORLD);
    start = MPI_Wtime();
    for (i = 0; i < iterations; i++)
        change = iterate(&tile);
    MPI_Allreduce(&change, &residual, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    seconds = MPI_Wtime() - start;

    plate = gather(&tile, rank, size);
    if (rank == 0) {
        printf("iterations  %d\nresidual    %.3e\ntime        %.3f s\n", iterations, residual, seconds);
        if (seconds > 0.0)
            printf("speed       %.1f million cell updates per second\n",
                   1e-6 * cells * cells * iterations / seconds);
        failed = write_picture(path, plate, cells);
        if (failed)
            perror(path);
        else
            printf("picture     %s\n", path);
        free(plate);
    }
    tile_free(&tile);
    MPI_Bcast(&failed, 1, MPI_INT, 0, MPI_COMM_WORLD);
    MPI_Finalize();
    return failed ? 1 : 0;
}
