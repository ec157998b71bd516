#include "manifest/manifest_name.h"

#include "manifest/manifest_table.h"

#include <stdbool.h>
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
    static const char *const words[] = {"own", "libc", "linker", "lto"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(name, words[i]) == 0)
            return "is a word of the report (own, libc, linker, lto); give the library another name";
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

/* Lambda API reference, CreateFunction, Runtime (2025): names like nodejs22.x, python3.13, java21, dotnet8, ruby3.3. */
const char *refuse_runtime_name(const char *name)
{
    if (strncmp(name, "provided", strlen("provided")) == 0)
        return "is that of a program: remove it here and write it to \"target\"";
    const char *why = refuse(name, "abcdefghijklmnopqrstuvwxyz" DIGITS ".",
                             "must be a runtime of Lambda's, as \"nodejs22.x\" or \"python3.13\"");
    return why || strchr(DIGITS ".", name[0])
               ? "must be a runtime of Lambda's, as \"nodejs22.x\" or \"python3.13\""
               : NULL;
}

/* Lambda API reference, CreateFunction, Handler: [^\s]+, 128 characters (2025). */
const char *refuse_handler_name(const char *name)
{
    size_t size = strlen(name);
    return size < 1 || size > 128 || strcspn(name, " \t\r\n\v\f") != size
               ? "must be 1 to 128 characters without blanks, as \"index.handler\""
               : NULL;
}

/* Lambda API reference, LayerVersionArn: arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+. */
const char *refuse_layer_name(const char *name)
{
    static const char *const parts[] = {"arn",   LETTERS DIGITS "-",  "lambda", LETTERS DIGITS "-", DIGITS,
                                        "layer", LETTERS DIGITS "-_", DIGITS};
    static const char why[] = "must be a layer version's: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION";
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        bool word = i == 0 || i == 2 || i == 5, last = i + 1 == sizeof(parts) / sizeof(*parts);
        size_t size = strcspn(name, ":");
        if (size == 0 ||
            (word ? strncmp(name, parts[i], size) != 0 || parts[i][size] : strspn(name, parts[i]) < size))
            return why;
        if (name[size] != (last ? '\0' : ':') || (i == 4 && size != 12))
            return why;
        name += size + 1;
    }
    return NULL;
}
