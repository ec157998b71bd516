/*
 * error.h - the one way in which a function of this library says what went wrong.
 *
 * A function that can fail returns 0 or a negative code and takes, as its last argument, a pointer to a
 * struct shared_error of the caller's, which may be NULL. Nothing is allocated and nothing is kept between
 * calls, so every function here may be called from any thread.
 *
 *     if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
 *         return shared_error_wrap(err, "read the request");
 */
#ifndef SHARED_ERROR_H
#define SHARED_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* Codes are negative, so that "< 0" tests for failure. Their values may be relied upon. */
enum shared_error_code {
    SHARED_OK = 0,
    SHARED_EINVAL = -1,       /* an argument or a piece of input is not acceptable */
    SHARED_ENOMEM = -2,       /* memory is exhausted */
    SHARED_EIO = -3,          /* the operating system refused or a connection broke; sys_errno says why */
    SHARED_EPROTO = -4,       /* a peer or a file does not keep to its format */
    SHARED_ETOOBIG = -5,      /* a limit would be exceeded */
    SHARED_ENOTFOUND = -6,    /* what was asked for is not there */
    SHARED_EUNSUPPORTED = -7, /* well-formed, but not something this library does */
    SHARED_ETIMEDOUT = -8,    /* it took longer than allowed */
    SHARED_EFAULT = -9        /* an HTTP fault that has to travel as an error, see shared/fault.h */
};

/* Bytes of a message, its terminating NUL included. A longer message is cut. */
#define SHARED_ERROR_TEXT_BYTES 240

struct shared_error {
    enum shared_error_code code;
    int sys_errno; /* errno of the failed system call, or 0 */
    char text[SHARED_ERROR_TEXT_BYTES];
};

/*
 * Records a failure: formats the message as printf does and appends ": " and the description of sys_errno
 * where that is not 0. err may be NULL. Returns code, so that "return shared_fail(…);" is all a caller needs.
 */
int shared_fail(struct shared_error *err, enum shared_error_code code, int sys_errno, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Adds context in front of the message that err holds: "layer common: open x.so: No such file or directory".
 * err may be NULL. Returns the code that err holds, or SHARED_EINVAL where err is NULL.
 */
int shared_error_wrap(struct shared_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The name of a code as it appears in logs and as errorType after "Function.": letters only, such as
 * "NotFound". Never NULL: an unknown code is "Unknown". The text is static.
 */
const char *shared_error_name(enum shared_error_code code);

#ifdef __cplusplus
}
#endif

#endif
