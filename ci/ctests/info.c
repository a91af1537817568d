/* ranks: 1 2 */
/* Info objects: pairs of texts, in a stable order, copied whole. */
#include "check.h"

static void is(MPI_Info info, const char *key, const char *want)
{
    char value[MPI_MAX_INFO_VAL + 1];
    int flag = 0, length = MPI_MAX_INFO_VAL + 1;

#if AT_LEAST(4, 0)
    OK(MPI_Info_get_string(info, key, &length, value, &flag));
    if (flag)
        EQUAL(length, strlen(value) + 1);
#else
    OK(MPI_Info_get(info, key, length - 1, value, &flag));
#endif
    EQUAL(flag, want != NULL);
    if (want)
        CHECK(!strcmp(value, want));
}

#if AT_LEAST(4, 0)
/* What the hint `key` of a communicator is, or "". */
static const char *hint(MPI_Comm comm, const char *key)
{
    static char value[MPI_MAX_INFO_VAL + 1];
    int flag = 0, length = sizeof value;
    MPI_Info used;

    OK(MPI_Comm_get_info(comm, &used));
    OK(MPI_Info_get_string(used, key, &length, value, &flag));
    OK(MPI_Info_free(&used));
    return flag ? value : "";
}

/* A hint of the standard is reported as it was given; a duplicate begins without hints unless it is given some. */
static void hints(void)
{
    static const char *const promise = "mpi_assert_no_any_tag";
    MPI_Comm comm, copy;
    MPI_Info info;

    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, promise, "true"));
    OK(MPI_Comm_dup_with_info(MPI_COMM_WORLD, info, &comm));
    if (*hint(comm, promise)) { /* a library may ignore it, but then does not report it */
        CHECK(!strcmp(hint(comm, promise), "true"));
        OK(MPI_Comm_dup(comm, &copy));
        CHECK(strcmp(hint(copy, promise), "true"));
        OK(MPI_Comm_set_info(copy, info));
        CHECK(!strcmp(hint(copy, promise), "true"));
        OK(MPI_Info_set(info, promise, "false"));
        OK(MPI_Comm_set_info(copy, info));
        CHECK(!strcmp(hint(copy, promise), "false"));
        CHECK(!strcmp(hint(comm, promise), "true"));
        OK(MPI_Info_set(info, promise, "perhaps")); /* is no value, and changes nothing */
        OK(MPI_Comm_set_info(comm, info));
        CHECK(!strcmp(hint(comm, promise), "true"));
        OK(MPI_Comm_free(&copy));
    }
    CHECK(!*hint(comm, "no such hint"));
    CHECK(MPI_Comm_set_info(comm, MPI_INFO_NULL) == MPI_SUCCESS);
    OK(MPI_Comm_free(&comm));
    OK(MPI_Info_free(&info));
}
#endif

#if AT_LEAST(4, 1)
static int contains(const char *list, const char *kind)
{
    const char *at = strstr(list, kind);
    size_t length = strlen(kind);

    return at && (at == list || at[-1] == ',') && (at[length] == ',' || !at[length]);
}

/* What the session and the communicators from it support of what was asked for. */
static void memory_kinds(void)
{
    static const char *const key = "mpi_memory_alloc_kinds";
    MPI_Session session;
    MPI_Group group;
    MPI_Comm comm;
    MPI_Info info, used;
    char value[MPI_MAX_INFO_VAL + 1];
    int flag = 0, length = sizeof value;

    CHECK(contains(hint(MPI_COMM_WORLD, key), "system"));
    CHECK(contains(hint(MPI_COMM_WORLD, key), "mpi"));
    OK(MPI_Info_create(&info));
    OK(MPI_Info_set(info, key, "mpi:alloc_mem,no_such_kind"));
    OK(MPI_Session_init(info, MPI_ERRORS_RETURN, &session));
    OK(MPI_Session_get_info(session, &used));
    OK(MPI_Info_get_string(used, key, &length, value, &flag));
    CHECK(flag);
    CHECK(contains(value, "system"));
    CHECK(contains(value, "mpi"));
    CHECK(contains(value, "mpi:alloc_mem"));
    CHECK(!contains(value, "no_such_kind"));
    OK(MPI_Info_free(&used));
    OK(MPI_Group_from_session_pset(session, "mpi://SELF", &group));
    OK(MPI_Info_set(info, "mpi_assert_memory_alloc_kinds", "system"));
    OK(MPI_Comm_create_from_group(group, "kinds", info, MPI_ERRORS_RETURN, &comm));
    CHECK(contains(hint(comm, key), "mpi:alloc_mem"));
    CHECK(!strcmp(hint(comm, "mpi_assert_memory_alloc_kinds"), "system"));
    OK(MPI_Comm_free(&comm));
    OK(MPI_Group_free(&group));
    OK(MPI_Session_finalize(&session));
    OK(MPI_Info_free(&info));
}
#endif

int main(int argc, char **argv)
{
    MPI_Info info, copy, used;
    MPI_Comm comm;
    char key[MPI_MAX_INFO_KEY + 1], longest[MPI_MAX_INFO_VAL + 1], longest_key[MPI_MAX_INFO_KEY + 1];
    int n, i;

    test_begin(&argc, &argv);
    OK(MPI_Info_create(&info));
    OK(MPI_Info_get_nkeys(info, &n));
    EQUAL(n, 0);
    is(info, "nothing", NULL);
    OK(MPI_Info_set(info, "first", "1"));
    OK(MPI_Info_set(info, "second", "two words, and = signs"));
    OK(MPI_Info_set(info, "third", " "));
    OK(MPI_Info_set(info, "first", "one")); /* replaces */
    OK(MPI_Info_get_nkeys(info, &n));
    EQUAL(n, 3);
    is(info, "first", "one");
    is(info, "second", "two words, and = signs");
    is(info, "third", " ");
    is(info, "First", NULL); /* keys are what they are, letter by letter */
    for (i = 0; i < n; i++) {
        OK(MPI_Info_get_nthkey(info, i, key));
        CHECK(!strcmp(key, "first") || !strcmp(key, "second") || !strcmp(key, "third"));
    }
    CHECK(MPI_Info_get_nthkey(info, n, key) != MPI_SUCCESS);

    memset(longest, 'v', sizeof longest);
    longest[MPI_MAX_INFO_VAL - 1] = 0;
    memset(longest_key, 'k', sizeof longest_key);
    longest_key[MPI_MAX_INFO_KEY - 1] = 0;
    OK(MPI_Info_set(info, longest_key, longest));
    is(info, longest_key, longest);

    OK(MPI_Info_dup(info, &copy));
    OK(MPI_Info_delete(info, "second"));
    is(info, "second", NULL);
    is(copy, "second", "two words, and = signs");
    OK(MPI_Info_get_nkeys(copy, &n));
    EQUAL(n, 4);
    FAILS(MPI_Info_delete(info, "second"), MPI_ERR_INFO_NOKEY);
    CHECK(MPI_Info_set(MPI_INFO_NULL, "a", "b") != MPI_SUCCESS);
#if AT_LEAST(4, 0)
    { /* A buffer that is too short gets what fits, ended, and the length that would do. */
        char small[4];
        int length = 4, flag;

        OK(MPI_Info_get_string(copy, "second", &length, small, &flag));
        CHECK(flag && !strcmp(small, "two"));
        EQUAL(length, 23);
        length = 0;
        OK(MPI_Info_get_string(copy, "second", &length, NULL, &flag));
        CHECK(flag);
        EQUAL(length, 23);
    }
#endif
    /* An unknown hint does no harm, here or on a communicator. */
    OK(MPI_Comm_dup_with_info(MPI_COMM_WORLD, copy, &comm));
    OK(MPI_Comm_set_info(comm, info));
    OK(MPI_Comm_get_info(comm, &used));
    CHECK(used != MPI_INFO_NULL);
    OK(MPI_Info_free(&used));
    OK(MPI_Comm_free(&comm));
#if AT_LEAST(4, 0)
    hints();
#endif
#if AT_LEAST(4, 1)
    memory_kinds();
#endif
    OK(MPI_Info_get_nkeys(MPI_INFO_ENV, &n));
    CHECK(n >= 0);
    OK(MPI_Info_free(&info));
    OK(MPI_Info_free(&copy));
    CHECK(info == MPI_INFO_NULL);
    return test_end();
}
