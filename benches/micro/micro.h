/* What the programs of this folder share: clock, medians, and one way to print a figure.
 *
 * Each program runs under any MPI and prints lines of four columns, separated by tabs: name, size, value, unit.
 * Less is better where the unit is a time, more where it is a rate. */
#ifndef MICRO_H
#define MICRO_H

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of n values, which are put in order. */
static double median(double *values, int n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void report(const char *name, long size, double value, const char *unit)
{
    printf("%s\t%ld\t%.4g\t%s\n", name, size, value, unit);
    fflush(stdout);
}

/* Memory of a size in bytes, touched, so that no page is missing while the clock runs. */
static void *memory(size_t bytes)
{
    char *p = malloc(bytes ? bytes : 1);
    if (!p) {
        fprintf(stderr, "out of memory: %zu bytes\n", bytes);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    memset(p, 1, bytes);
    return p;
}

#endif
