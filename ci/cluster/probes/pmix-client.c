/* A PMIx client by dlopen alone, without PMIx's header: all that a runtime needs to start under `srun --mpi=pmix` and prterun.
   It gives its card away, waits for all, and prints what it was told and its neighbour's card. LIBPMIX names the library
   (libpmix.so.2). Proven with the libraries 4.2.2 and 5.0.11, against Slurm 22.05 and prterun 5.0.11.

   cc -Wall pmix-client.c -o pmix-client -ldl */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The structures of PMIx's ABI, whose sizes have not changed since version 2. */
typedef struct {
    char nspace[256];
    uint32_t rank;
} process_t;

typedef struct {
    uint16_t type;
    union {
        char *string;
        uint16_t uint16;
        uint32_t uint32;
        uint8_t flag;
        char padding[24];
    } data;
} value_t;

typedef struct {
    char key[512];
    uint32_t flags;
    value_t value;
} info_t;

_Static_assert(sizeof(process_t) == 260 && sizeof(value_t) == 32 && sizeof(info_t) == 552, "not PMIx's ABI");

enum { TYPE_BOOL = 1, TYPE_STRING = 3, TYPE_UINT16 = 13, TYPE_UINT32 = 14 };
enum { SCOPE_GLOBAL = 3 };
#define RANK_WILDCARD ((uint32_t)-2)

static int (*pmix_init)(process_t *, info_t *, size_t);
static int (*pmix_put)(uint8_t, const char *, value_t *);
static int (*pmix_commit)(void);
static int (*pmix_fence)(const process_t *, size_t, const info_t *, size_t);
static int (*pmix_get)(const process_t *, const char *, const info_t *, size_t, value_t **);
static int (*pmix_finalize)(const info_t *, size_t);
static const char *(*pmix_error)(int);

static void load(void)
{
    const char *library = getenv("LIBPMIX");
    void *handle = dlopen(library ? library : "libpmix.so.2", RTLD_NOW | RTLD_GLOBAL);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    struct {
        const char *name;
        void *place;
    } functions[] = {
        {"PMIx_Init", &pmix_init},   {"PMIx_Put", &pmix_put}, {"PMIx_Commit", &pmix_commit},
        {"PMIx_Fence", &pmix_fence}, {"PMIx_Get", &pmix_get}, {"PMIx_Finalize", &pmix_finalize},
        {"PMIx_Error_string", &pmix_error},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(handle, functions[i].name);
        if (!function) {
            fprintf(stderr, "%s\n", dlerror());
            exit(1);
        }
        memcpy(functions[i].place, &function, sizeof function);
    }
}

static void check(const char *what, int code)
{
    if (code) {
        fprintf(stderr, "%s: %d %s\n", what, code, pmix_error(code));
        exit(1);
    }
}

/* A number that is known of a process. Servers give the same key different types: the value says which. */
static unsigned number(const process_t *process, const char *key)
{
    value_t *value;
    check(key, pmix_get(process, key, NULL, 0, &value));
    if (value->type == TYPE_UINT16)
        return value->data.uint16;
    if (value->type == TYPE_UINT32)
        return value->data.uint32;
    fprintf(stderr, "%s has the type %d\n", key, value->type);
    exit(1);
}

static const char *text(const process_t *process, const char *key)
{
    value_t *value;
    check(key, pmix_get(process, key, NULL, 0, &value));
    if (value->type == TYPE_STRING)
        return value->data.string;
    fprintf(stderr, "%s has the type %d\n", key, value->type);
    exit(1);
}

int main(void)
{
    load();
    process_t me;
    check("PMIx_Init", pmix_init(&me, NULL, 0));
    process_t job = me;
    job.rank = RANK_WILDCARD;
    unsigned size = number(&job, "pmix.job.size"), local_size = number(&job, "pmix.local.size");

    char card[64];
    snprintf(card, sizeof card, "card-of-%u", me.rank);
    value_t value = {.type = TYPE_STRING, .data.string = card};
    info_t collect = {.key = "pmix.collect", .value = {.type = TYPE_BOOL, .data.flag = 1}};
    check("PMIx_Put", pmix_put(SCOPE_GLOBAL, "my.card", &value));
    check("PMIx_Commit", pmix_commit());
    check("PMIx_Fence", pmix_fence(NULL, 0, &collect, 1));

    process_t neighbour = me;
    neighbour.rank = (me.rank + 1) % size;
    printf("rank %u of %u, on its node %u of %u, node %u, peers %s, nodes %s, neighbour has %s\n", me.rank, size,
           number(&me, "pmix.lrank"), local_size, number(&me, "pmix.nodeid"), text(&job, "pmix.lpeers"),
           text(&job, "pmix.nlist"), text(&neighbour, "my.card"));
    fflush(stdout);
    /* No rank leaves while others read: under prterun, a Get from one that has finalized never returns. */
    check("PMIx_Fence", pmix_fence(NULL, 0, NULL, 0));
    check("PMIx_Finalize", pmix_finalize(NULL, 0));
    return 0;
}
