#include "manifest/manifest_name.h"

#include "manifest/manifest_table.h"

#include <stddef.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME_BYTES 64

static const char *refuse(const char *name, const char *characters, const char *why)
{
    size_t size = strlen(name);
    return size < 1 || size > NAME_BYTES || strspn(name, characters) != size ? why : NULL;
}

/* Lambda API reference, CreateFunction, FunctionName: [a-zA-Z0-9-_]+, 64 characters (2025). */
const char *refuse_function_name(const char *name)
{
    return refuse(name, LETTERS DIGITS "_-", "must be 1 to 64 letters, digits, \"_\" or \"-\"");
}

/* A report lists where bytes come from: what is no library has these names there. */
const char *refuse_library_name(const char *name)
{
    if (strcmp(name, "own") == 0 || strcmp(name, "libc") == 0 || strcmp(name, "linker") == 0)
        return "is a word of the report (own, libc, linker); give the library another name";
    return refuse(name, LETTERS DIGITS "_-.+",
                  "must be 1 to 64 letters, digits, \"_\", \"-\", \".\" or \"+\"");
}

/* Lambda developer guide, "Working with Lambda environment variables", Reserved environment variables (2025).
 */
const char *const manifest_reserved_environment[] = {
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_METADATA_API",
    "AWS_LAMBDA_METADATA_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    NULL,
};

/* Lambda API reference, Environment, Variables: key pattern [a-zA-Z]([a-zA-Z0-9_])+ (2025). */
const char *refuse_environment_name(const char *name)
{
    for (const char *const *reserved = manifest_reserved_environment; *reserved; reserved++) {
        if (strcmp(name, *reserved) == 0)
            return "is set by Lambda itself and cannot be set here; remove it";
    }
    size_t size = strlen(name);
    if (size < 2 || !strchr(LETTERS, name[0]) || strspn(name, LETTERS DIGITS "_") != size)
        return "must be a letter and then at least one letter, digit or \"_\"";
    return NULL;
}

/* S3 user guide, "General purpose bucket naming rules": lower-case letters, digits, "." and "-"; older ones
 * had more. */
const char *refuse_bucket_name(const char *name)
{
    return *name && strspn(name, LETTERS DIGITS "._-") == strlen(name)
               ? NULL
               : "must be a bucket's name alone, without s3:// and folder";
}
