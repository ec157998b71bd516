#include "limit/limit.h"

#include "base/file.h"

#include <cjson/cJSON.h>
#include <string.h>

#define MOST_BYTES (1u << 20)
#define LARGEST_EXACT 9007199254740992.0 /* 2^53: cJSON keeps numbers as doubles */
#define COMMAND "aws lambda get-account-settings > FILE"
#define EXPECTED "expected a whole number from 0 to 2^53, as made by " COMMAND

static void delete_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static int read_count(const char *path, const cJSON *root, const char *section, const char *name,
                      uint64_t *value, struct shared_error *err)
{
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(root, section);
    if (!cJSON_IsObject(part))
        return shared_fail(err, SHARED_EINVAL, 0, "%s: %s %s: expected an object, as made by " COMMAND, path,
                           section, part ? "is no object" : "is missing");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(part, name);
    if (!cJSON_IsNumber(item))
        return shared_fail(err, SHARED_EINVAL, 0, "%s: %s.%s is %s: " EXPECTED, path, section, name,
                           !item                  ? "missing"
                           : cJSON_IsString(item) ? "a text"
                                                  : "no number");
    double number = item->valuedouble;
    if (!(number >= 0 && number <= LARGEST_EXACT) || number != (double)(uint64_t)number)
        return shared_fail(err, SHARED_EINVAL, 0, "%s: %s.%s is %.16g: " EXPECTED, path, section, name,
                           number);
    *value = (uint64_t)number;
    return 0;
}

int limit_region_parse(const char *path, const char *text, size_t size_bytes, struct limit_region *region,
                       struct shared_error *err)
{
    const char *end = NULL;
    cJSON *root __attribute__((cleanup(delete_json))) =
        memchr(text, '\0', size_bytes) ? NULL : cJSON_ParseWithLengthOpts(text, size_bytes + 1, &end, true);
    if (!root)
        return shared_fail(err, SHARED_EINVAL, 0,
                           "%s: not JSON (from byte %zu on): expected what " COMMAND " makes", path,
                           end ? (size_t)(end - text) : strlen(text));
    if (!cJSON_IsObject(root))
        return shared_fail(err, SHARED_EINVAL, 0, "%s: expected an object, as made by " COMMAND, path);
    *region = (struct limit_region){.account = path};
    int status = read_count(path, root, "AccountLimit", "TotalCodeSize", &region->limit_bytes, err);
    if (status == 0)
        status = read_count(path, root, "AccountUsage", "TotalCodeSize", &region->used_bytes, err);
    if (status == 0)
        status = read_count(path, root, "AccountUsage", "FunctionCount", &region->functions, err);
    const cJSON *limit = cJSON_GetObjectItemCaseSensitive(root, "AccountLimit");
    if (status == 0 && cJSON_GetObjectItemCaseSensitive(limit, "ConcurrentExecutions"))
        status = read_count(path, root, "AccountLimit", "ConcurrentExecutions", &region->concurrency, err);
    return status;
}

int limit_region_read(const char *path, struct shared_arena *arena, struct limit_region *region,
                      struct shared_error *err)
{
    struct shared_slice content;
    int status = file_read(path, MOST_BYTES, arena, &content, err);
    if (status < 0)
        return status;
    const char *kept = shared_arena_copy(arena, shared_slice_from_text(path));
    if (!kept)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
    return limit_region_parse(kept, content.data, content.size_bytes, region, err);
}
