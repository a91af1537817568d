/* What two hosts' TCP can do without any MPI, in the figures of `net`.
 *
 *     sockets PORT          on one host: waits for the other one
 *     sockets HOST PORT     on the other: measures, and prints
 *
 * Both sides try again and again rather than sleep, as an MPI with a processor for each rank does. `rate` is not measured: a
 * burst of small messages is whatever its sender makes of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 15, LARGE = 1 << 20, DEPTH = 16 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void put(int fd, const char *data, long size)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            die("send");
        if (n > 0) {
            data += n;
            size -= n;
        }
    }
}

static void get(int fd, char *data, long size)
{
    while (size > 0) {
        ssize_t n = recv(fd, data, size, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            die("recv");
        if (n > 0) {
            data += n;
            size -= n;
        }
    }
}

static void ping_pong(int fd, int first, char *data, long size, int times)
{
    double rounds[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < times; i++) {
            if (first)
                put(fd, data, size);
            get(fd, data, size);
            if (!first)
                put(fd, data, size);
        }
        if (round >= 0)
            rounds[round] = (now() - start) / times / 2;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_value);
    if (first)
        printf("latency\t%ld\t%.4g\tus\n", size, rounds[ROUNDS / 2] * 1e6);
}

static void stream(int fd, int first, char *data, int times)
{
    double rounds[ROUNDS];
    char word = 0;
    for (int round = -1; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < times; i++) {
            for (int j = 0; j < DEPTH; j++) {
                if (first)
                    put(fd, data + (long)j * LARGE, LARGE);
                else
                    get(fd, data + (long)j * LARGE, LARGE);
            }
            if (first)
                get(fd, &word, 1);
            else
                put(fd, &word, 1);
        }
        if (round >= 0)
            rounds[round] = (now() - start) / times;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_value);
    if (first)
        printf("bandwidth\t%d\t%.4g\tMB/s\n", LARGE, DEPTH * (double)LARGE / rounds[ROUNDS / 2] / 1e6);
}

static int connected(int argc, char **argv)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = argc == 2 ? AI_PASSIVE : 0};
    struct addrinfo *at;
    int on = 1, fd;
    if (getaddrinfo(argc == 2 ? NULL : argv[1], argv[argc - 1], &hints, &at)) {
        fprintf(stderr, "sockets: no such host or port\n");
        exit(1);
    }
    if (argc == 2) {
        int door = socket(at->ai_family, SOCK_STREAM, 0);
        setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (door < 0 || bind(door, at->ai_addr, at->ai_addrlen) || listen(door, 1) || (fd = accept(door, NULL, NULL)) < 0)
            die("cannot be called");
    } else {
        /* The other side may not be there yet. */
        for (int tries = 0;; tries++) {
            fd = socket(at->ai_family, SOCK_STREAM, 0);
            if (fd >= 0 && !connect(fd, at->ai_addr, at->ai_addrlen))
                break;
            if (tries == 500)
                die("cannot call");
            close(fd);
            usleep(10000);
        }
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: sockets [HOST] PORT\n");
        return 2;
    }
    int fd = connected(argc, argv), first = argc == 3;
    char *data = malloc((long)DEPTH * LARGE);
    if (!data)
        die("memory");
    memset(data, 1, (long)DEPTH * LARGE);
    ping_pong(fd, first, data, 8, 400);
    ping_pong(fd, first, data, 1 << 10, 400);
    ping_pong(fd, first, data, 64 << 10, 50);
    ping_pong(fd, first, data, LARGE, 5);
    stream(fd, first, data, 3);
    return 0;
}
