#include "layer/lock_field.h"

#include "base/path.h"
#include "base/text_width.h"
#include "layer/lock_file.h"
#include "layer/lock_value.h"
#include "manifest/manifest.h"
#include "manifest/manifest_name.h"

#include <string.h>

#define LARGEST_EXACT (UINT64_C(1) << 53) /* that tools which keep numbers as doubles give back */
#define SHOWN_COLUMNS 40

int lock_read_bytes(struct lock_reader *reader, void *value)
{
    return lock_number(reader, LOCK_MOST_BYTES, value);
}

int lock_read_count(struct lock_reader *reader, void *value)
{
    return lock_number(reader, LARGEST_EXACT, value);
}

int lock_read_truth(struct lock_reader *reader, void *value)
{
    return lock_truth(reader, value);
}

int lock_read_hash(struct lock_reader *reader, void *value)
{
    size_t at = reader->token.at;
    struct shared_slice text;
    int status = lock_plain(reader, &text);
    if (status == 0 && !lock_hash_read(text, value))
        return lock_fail(reader, at, "must be 32 hex digits in lower case");
    return status;
}

int lock_read_attached(struct lock_reader *reader, void *value)
{
    size_t at = reader->token.at;
    struct lock_attached *attached = value;
    struct shared_slice text;
    struct hash hash;
    int status = lock_plain(reader, &text);
    if (status == 0 && text.size_bytes > 0 && !lock_hash_read(text, &hash))
        return lock_fail(reader, at,
                         "must be 32 hex digits in lower case, or \"\" where there are no layers");
    if (status == 0 && text.size_bytes > 0)
        hash_to_text(&hash, attached->digest);
    attached->known = status == 0;
    return status;
}

/* A text of few bytes that fits a rule, into an array. */
static int read_array(struct lock_reader *reader, bool (*is_valid)(struct shared_slice text),
                      const char *what, char *array)
{
    size_t at = reader->token.at;
    struct shared_slice text;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    if (!is_valid(text))
        return lock_fail(reader, at, "must be %s", what);
    memcpy(array, text.data, text.size_bytes);
    array[text.size_bytes] = '\0';
    return 0;
}

int lock_read_sha256(struct lock_reader *reader, void *value)
{
    return read_array(reader, lock_sha256_is_valid, "a SHA-256 in base64, 44 characters", value);
}

int lock_read_date(struct lock_reader *reader, void *value)
{
    return read_array(reader, lock_date_is_valid, "a date, as 2026-11-23", value);
}

int lock_read_kind(struct lock_reader *reader, void *value)
{
    size_t at = reader->token.at;
    struct shared_slice text;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    bool layer = shared_slice_equal(text, shared_slice_from_text("layer"));
    if (!layer && !shared_slice_equal(text, shared_slice_from_text("function")))
        return lock_fail(reader, at, "must be \"function\" or \"layer\"");
    *(enum lock_kind *)value = layer ? LOCK_LAYER : LOCK_FUNCTION;
    return 0;
}

static int read_name(struct lock_reader *reader, const char *(*refuse)(const char *name), void *value)
{
    size_t at = reader->token.at;
    const char *text;
    int status = lock_text(reader, &text);
    if (status < 0)
        return status;
    const char *why = refuse(text);
    if (why)
        return lock_fail(reader, at, "\"%.*s\" %s", (int)text_fit(text, SHOWN_COLUMNS), text, why);
    *(const char **)value = text;
    return 0;
}

int lock_read_project(struct lock_reader *reader, void *value)
{
    return read_name(reader, refuse_function_name, value);
}

static const char *refuse_architecture(const char *name)
{
    for (int i = ARCHITECTURE_X86_64; i <= ARCHITECTURE_ARM64; i++)
        if (strcmp(name, manifest_architecture_name((enum manifest_architecture)i)) == 0)
            return NULL;
    return "must be x86_64 or arm64";
}

int lock_read_architecture(struct lock_reader *reader, void *value)
{
    return read_name(reader, refuse_architecture, value);
}

const char *lock_refuse_place(const char *place)
{
    const char *why;
    return path_is_safe_place(place, &why) ? NULL : why;
}

int lock_read_place(struct lock_reader *reader, void *value)
{
    return read_name(reader, lock_refuse_place, value);
}

int lock_read_layer_name(struct lock_reader *reader, void *value)
{
    return read_name(reader, lock_refuse_layer_name, value);
}
