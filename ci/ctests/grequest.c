/* ranks: 1 2 */
/* Generalized requests: when which function is called, what they hear, and what becomes of their errors. */
#include "check.h"
#include <pthread.h>

struct work {
    int queries, frees, cancels, complete; /* calls; what the cancel function heard last */
    int query_code, free_code, cancel_code;
    MPI_Count elements;
    int inside; /* the query function calls MPI */
};

static int query(void *state, MPI_Status *status)
{
    struct work *work = state;

    work->queries++;
    CHECK(work->frees == 0);
    if (work->inside) {
        int out = 7, in = 0;

        OK(MPI_Sendrecv(&out, 1, MPI_INT, 0, 1, &in, 1, MPI_INT, 0, 1, MPI_COMM_SELF, MPI_STATUS_IGNORE));
        EQUAL(in, 7);
    }
    status->MPI_SOURCE = 3;
    status->MPI_TAG = 4;
    MPI_Status_set_elements_c(status, MPI_INT, work->elements);
    MPI_Status_set_cancelled(status, work->cancels > 0);
    return work->query_code;
}

static int release(void *state)
{
    struct work *work = state;

    work->frees++;
    return work->free_code;
}

static int cancel(void *state, int complete)
{
    struct work *work = state;

    work->cancels++;
    work->complete = complete;
    return work->cancel_code;
}

static MPI_Request start(struct work *work)
{
    MPI_Request request;

    memset(work, 0, sizeof *work);
    work->elements = 5;
    OK(MPI_Grequest_start(query, release, cancel, work, &request));
    CHECK(request != MPI_REQUEST_NULL);
    return request;
}

static void reported(const MPI_Status *status)
{
    int count = -1;

    EQUAL(status->MPI_SOURCE, 3);
    EQUAL(status->MPI_TAG, 4);
    OK(MPI_Get_count(status, MPI_INT, &count));
    EQUAL(count, 5);
}

static void one(void)
{
    struct work work;
    MPI_Request request = start(&work);
    MPI_Status status;
    int flag = -1, index = -1, i;

    OK(MPI_Test(&request, &flag, &status));
    EQUAL(flag, 0);
    OK(MPI_Request_get_status(request, &flag, &status));
    EQUAL(flag, 0);
    EQUAL(work.queries + work.frees + work.cancels, 0);
    OK(MPI_Grequest_complete(request));
    EQUAL(work.queries + work.frees, 0);
    FAILS(MPI_Grequest_complete(request), MPI_ERR_REQUEST);
    for (i = 1; i <= 3; i++) { /* asking for the status is no completion */
        memset(&status, 0x55, sizeof status);
        OK(MPI_Request_get_status(request, &flag, &status));
        EQUAL(flag, 1);
        reported(&status);
        EQUAL(work.queries, i);
        EQUAL(work.frees, 0);
    }
    status.MPI_ERROR = 77;
    OK(MPI_Wait(&request, &status));
    reported(&status);
    EQUAL(status.MPI_ERROR, 77);
    CHECK(request == MPI_REQUEST_NULL);
    EQUAL(work.queries, 4);
    EQUAL(work.frees, 1);

    /* Every other call that completes one; MPI_STATUS_IGNORE is no reason not to ask. */
    for (i = 0; i < 7; i++) {
        int n = -1, indices[1] = {-1};

        request = start(&work);
        work.inside = 1;
        OK(MPI_Grequest_complete(request));
        flag = 1;
        index = 0;
        n = 1;
        switch (i) {
            case 0: OK(MPI_Test(&request, &flag, MPI_STATUS_IGNORE)); break;
            case 1: OK(MPI_Waitany(1, &request, &index, MPI_STATUS_IGNORE)); break;
            case 2: OK(MPI_Testany(1, &request, &index, &flag, MPI_STATUS_IGNORE)); break;
            case 3: OK(MPI_Waitall(1, &request, MPI_STATUSES_IGNORE)); break;
            case 4: OK(MPI_Testall(1, &request, &flag, MPI_STATUSES_IGNORE)); break;
            case 5: OK(MPI_Waitsome(1, &request, &n, indices, MPI_STATUSES_IGNORE)); break;
            case 6: OK(MPI_Testsome(1, &request, &n, indices, MPI_STATUSES_IGNORE)); break;
        }
        EQUAL(flag, 1);
        EQUAL(index, 0);
        EQUAL(n, 1);
        CHECK(request == MPI_REQUEST_NULL);
        EQUAL(work.queries, 1);
        EQUAL(work.frees, 1);
    }
}

static void given_up(void)
{
    struct work work;
    MPI_Request request = start(&work), copy = request;

    OK(MPI_Request_free(&request)); /* before completion: the copy says that it is complete, and that frees it */
    CHECK(request == MPI_REQUEST_NULL);
    EQUAL(work.frees, 0);
    OK(MPI_Grequest_complete(copy));
    EQUAL(work.frees, 1);
    EQUAL(work.queries, 0);
    FAILS(MPI_Grequest_complete(copy), MPI_ERR_REQUEST);

    request = start(&work); /* after completion: at once */
    OK(MPI_Grequest_complete(request));
    EQUAL(work.frees, 0);
    OK(MPI_Request_free(&request));
    EQUAL(work.frees, 1);
    EQUAL(work.queries, 0);
}

static void cancelled(void)
{
    struct work work;
    MPI_Request request = start(&work);
    MPI_Status status;
    int flag = -1;

    OK(MPI_Cancel(&request));
    EQUAL(work.cancels, 1);
    EQUAL(work.complete, 0);
    OK(MPI_Grequest_complete(request));
    OK(MPI_Cancel(&request));
    EQUAL(work.cancels, 2);
    EQUAL(work.complete, 1);
    work.cancel_code = MPI_ERR_ARG;
    FAILS(MPI_Cancel(&request), MPI_ERR_ARG);
    OK(MPI_Wait(&request, &status));
    OK(MPI_Test_cancelled(&status, &flag));
    EQUAL(flag, 1);
}

static void errors(void)
{
    struct work work[3];
    MPI_Request request[3];
    MPI_Status status[3];
    int class, mine, i, n, indices[3];

    OK(MPI_Add_error_class(&class));
    OK(MPI_Add_error_code(class, &mine));
    request[0] = start(&work[0]);
    OK(MPI_Grequest_complete(request[0]));
    work[0].query_code = mine;
    EQUAL(MPI_Request_get_status(request[0], &n, &status[0]), mine);
    EQUAL(MPI_Wait(&request[0], &status[0]), mine);
    CHECK(request[0] == MPI_REQUEST_NULL);
    EQUAL(work[0].frees, 1);

    request[0] = start(&work[0]); /* both fail: free was called last */
    OK(MPI_Grequest_complete(request[0]));
    work[0].query_code = MPI_ERR_ARG;
    work[0].free_code = mine;
    EQUAL(MPI_Waitany(1, request, &n, &status[0]), mine);
    EQUAL(n, 0);
    CHECK(request[0] == MPI_REQUEST_NULL);

    request[0] = start(&work[0]); /* the later one of the two calls reports it */
    OK(MPI_Request_free(&(MPI_Request){request[0]}));
    work[0].free_code = mine;
    EQUAL(MPI_Grequest_complete(request[0]), mine);

    for (n = 0; n < 2; n++) {
        for (i = 0; i < 3; i++) {
            request[i] = start(&work[i]);
            OK(MPI_Grequest_complete(request[i]));
        }
        work[1].free_code = mine;
        memset(status, 0x55, sizeof status);
        if (n == 0) {
            FAILS(MPI_Waitall(3, request, status), MPI_ERR_IN_STATUS);
        } else {
            int count = -1;

            FAILS(MPI_Testsome(3, request, &count, indices, status), MPI_ERR_IN_STATUS);
            EQUAL(count, 3);
        }
        for (i = 0; i < 3; i++) {
            EQUAL(status[i].MPI_ERROR, i == 1 ? mine : MPI_SUCCESS);
            CHECK(request[i] == MPI_REQUEST_NULL);
            EQUAL(work[i].frees, 1);
        }
    }
    OK(MPI_Remove_error_code(mine));
    OK(MPI_Remove_error_class(class));
}

/* Beside messages, which are complete at other times. */
static void mixed(void)
{
    struct work work;
    MPI_Request request[3];
    MPI_Status status[3];
    int out = 5, in = 0, i, n;

    request[0] = start(&work);
    OK(MPI_Irecv(&in, 1, MPI_INT, (me + np - 1) % np, 0, MPI_COMM_WORLD, &request[1]));
    OK(MPI_Isend(&out, 1, MPI_INT, (me + 1) % np, 0, MPI_COMM_WORLD, &request[2]));
    for (i = 0; i < 2; i++) {
        OK(MPI_Waitany(3, request, &n, &status[0]));
        CHECK(n == 1 || n == 2);
    }
    OK(MPI_Testany(3, request, &n, &i, &status[0]));
    EQUAL(i, 0);
    EQUAL(in, 5);
    OK(MPI_Grequest_complete(request[0]));
    OK(MPI_Waitall(3, request, status));
    reported(&status[0]);
    EMPTY(status[1]);
}

#if AT_LEAST(4, 1)
static void many_statuses(void)
{
    struct work work[2];
    MPI_Request request[3];
    MPI_Status status[3];
    int i, flag, n, indices[3];

    request[0] = start(&work[0]);
    request[1] = MPI_REQUEST_NULL;
    request[2] = start(&work[1]);
    OK(MPI_Grequest_complete(request[2]));
    OK(MPI_Request_get_status_all(3, request, &flag, status));
    EQUAL(flag, 0);
    OK(MPI_Request_get_status_any(3, request, &i, &flag, status));
    EQUAL(flag, 1);
    EQUAL(i, 2);
    reported(&status[0]);
    OK(MPI_Request_get_status_some(3, request, &n, indices, status));
    EQUAL(n, 1);
    EQUAL(indices[0], 2);
    EQUAL(work[1].frees, 0);
    OK(MPI_Grequest_complete(request[0]));
    OK(MPI_Request_get_status_all(3, request, &flag, status));
    EQUAL(flag, 1);
    reported(&status[0]);
    EMPTY(status[1]);
    reported(&status[2]);
    OK(MPI_Waitall(3, request, MPI_STATUSES_IGNORE));
}
#endif

static void *completes(void *request)
{
    nap(50);
    OK(MPI_Grequest_complete(*(MPI_Request *)request));
    return NULL;
}

/* One thread sleeps in a call until another one says that the operation is complete. */
static void threads(void)
{
    struct work work;
    int i, n;

    for (i = 0; i < 4; i++) {
        MPI_Request request = start(&work), copy = request;
        MPI_Status status;
        pthread_t other;

        CHECK(pthread_create(&other, NULL, completes, &copy) == 0);
        if (i % 2) {
            OK(MPI_Wait(&request, &status));
        } else {
            OK(MPI_Waitany(1, &request, &n, &status));
        }
        reported(&status);
        CHECK(pthread_join(other, NULL) == 0);
    }
}

static void arguments(void)
{
    struct work work;
    MPI_Request request = MPI_REQUEST_NULL;
    int in;

    FAILS(MPI_Grequest_complete(request), MPI_ERR_REQUEST);
    FAILS(MPI_Grequest_start(NULL, release, cancel, &work, &request), MPI_ERR_ARG);
    FAILS(MPI_Grequest_start(query, NULL, cancel, &work, &request), MPI_ERR_ARG);
    FAILS(MPI_Grequest_start(query, release, NULL, &work, &request), MPI_ERR_ARG);
    OK(MPI_Irecv(&in, 1, MPI_INT, 0, 9, MPI_COMM_SELF, &request));
    FAILS(MPI_Grequest_complete(request), MPI_ERR_REQUEST);
    OK(MPI_Cancel(&request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    request = start(&work);
    FAILS(MPI_Start(&request), MPI_ERR_REQUEST);
    OK(MPI_Grequest_complete(request));
    OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
}

int main(int argc, char **argv)
{
    int provided = -1;

    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS)
        check_failed(__FILE__, __LINE__, "MPI_Init_thread failed");
    test_ready();
    one();
    given_up();
    cancelled();
    errors();
    mixed();
#if AT_LEAST(4, 1)
    many_statuses();
#endif
    if (provided == MPI_THREAD_MULTIPLE)
        threads();
    arguments();
    return test_end();
}
