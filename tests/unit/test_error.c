#include "check.h"

#include <errno.h>

static void test_message_with_errno(void)
{
    struct shared_error err;
    CHECK_NUMBER(shared_fail(&err, SHARED_EIO, ENOENT, "open %s", "x.so"), SHARED_EIO);
    CHECK_NUMBER(err.code, SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, ENOENT);
    CHECK_TEXT(err.text, "open x.so: No such file or directory");
}

static void test_wrap_puts_context_in_front(void)
{
    struct shared_error err;
    shared_fail(&err, SHARED_EPROTO, 0, "line 3");
    CHECK_NUMBER(shared_error_wrap(&err, "layer %s", "common"), SHARED_EPROTO);
    CHECK_TEXT(err.text, "layer common: line 3");
}

static void test_null_is_allowed(void)
{
    CHECK_NUMBER(shared_fail(NULL, SHARED_ENOMEM, 0, "x"), SHARED_ENOMEM);
    CHECK_NUMBER(shared_error_wrap(NULL, "x"), SHARED_EINVAL);
}

static void test_long_message_is_cut(void)
{
    char text[400];
    struct shared_error err;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    shared_fail(&err, SHARED_EINVAL, EIO, "%s", text);
    CHECK_NUMBER(strlen(err.text), SHARED_ERROR_TEXT_BYTES - 1);
    shared_error_wrap(&err, "%s", text);
    CHECK_NUMBER(strlen(err.text), SHARED_ERROR_TEXT_BYTES - 1);
}

static void test_every_code_has_a_name(void)
{
    for (int code = SHARED_OK; code >= SHARED_EFAULT; code--)
        CHECK(strcmp(shared_error_name((enum shared_error_code)code), "Unknown") != 0);
    CHECK_TEXT(shared_error_name((enum shared_error_code) - 1000), "Unknown");
}

int main(void)
{
    CHECK_RUN(test_message_with_errno);
    CHECK_RUN(test_wrap_puts_context_in_front);
    CHECK_RUN(test_null_is_allowed);
    CHECK_RUN(test_long_message_is_cut);
    CHECK_RUN(test_every_code_has_a_name);
    return check_report();
}
