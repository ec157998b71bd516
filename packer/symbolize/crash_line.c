#include "symbolize/crash_line.h"

#include "base/cleanup.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* How often JSON may be packed into a text within JSON. */
#define NESTING_LIMIT 4

/* Bytes that are parsed, for each of a line: one made to be parsed anew from many of its braces does not
 * stop the log. */
#define EFFORT 16

struct finder {
    struct shared_arena *arena;
    struct crash_records *records;
    size_t effort_bytes; /* left */
    bool out_of_memory;
};

static void end_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static const char *copy_text(struct finder *finder, const cJSON *json)
{
    const char *text = cJSON_GetStringValue(json);
    const char *copy = text ? shared_arena_copy(finder->arena, shared_slice_from_text(text)) : NULL;
    finder->out_of_memory |= text && !copy;
    return copy;
}

/* NULL where it is none. */
static const char *read_build_id(struct finder *finder, const cJSON *json)
{
    const char *text = cJSON_GetStringValue(json);
    if (!text || strlen(text) % 2 != 0 || text[strspn(text, "0123456789abcdefABCDEF")])
        return NULL;
    char *copy = shared_arena_copy(finder->arena, shared_slice_from_text(text));
    finder->out_of_memory |= !copy;
    for (char *c = copy; c && *c; c++) {
        if (*c >= 'A' && *c <= 'F')
            *c = (char)(*c - 'A' + 'a');
    }
    return copy;
}

/* "0x" and up to 16 digits, "?" behind, a file and "+" before. Returns false where it is something else. */
static bool read_frame(const char *text, struct crash_frame *frame)
{
    const char *plus = strrchr(text, '+');
    const char *digits = plus ? plus + 1 : text;
    if (strncmp(digits, "0x", 2) != 0)
        return false;
    size_t count = strspn(digits + 2, "0123456789abcdefABCDEF");
    const char *rest = digits + 2 + count;
    *frame = (struct crash_frame){.in_program = !plus, .guessed = *rest == '?'};
    frame->address = strtoull(digits, NULL, 16);
    return count > 0 && count <= 16 && strcmp(rest, frame->guessed ? "?" : "") == 0;
}

static bool read_frames(struct finder *finder, const cJSON *list, struct crash_record *record)
{
    const cJSON *item;
    int count = cJSON_GetArraySize(list);
    record->frames = shared_arena_alloc(finder->arena, ((size_t)count + 1) * sizeof(*record->frames));
    if (!record->frames) {
        finder->out_of_memory = true;
        return false;
    }
    cJSON_ArrayForEach(item, list)
    {
        struct crash_frame *frame = &record->frames[record->frame_count];
        if (!cJSON_IsString(item) || !read_frame(item->valuestring, frame))
            return false;
        frame->text = copy_text(finder, item);
        record->frame_count++;
    }
    return true;
}

static void add(struct finder *finder, const struct crash_record *record)
{
    struct crash_records *records = finder->records;
    size_t size = sizeof(*records->items);
    struct crash_record *items = shared_arena_resize(finder->arena, records->items, records->count * size,
                                                     (records->count + 1) * size);
    if (!items) {
        finder->out_of_memory = true;
        return;
    }
    records->items = items;
    records->items[records->count++] = *record;
}

/* Returns whether an object is a crash. */
static bool read_record(struct finder *finder, const cJSON *object)
{
    const cJSON *frames = cJSON_GetObjectItemCaseSensitive(object, "frames");
    struct crash_record record = {0};
    if (!cJSON_IsObject(object) || !cJSON_IsArray(frames))
        return false;
    record.build_id = read_build_id(finder, cJSON_GetObjectItemCaseSensitive(object, "buildId"));
    if (!record.build_id || !read_frames(finder, frames, &record))
        return false;
    record.message = copy_text(finder, cJSON_GetObjectItemCaseSensitive(object, "message"));
    record.request_id = copy_text(finder, cJSON_GetObjectItemCaseSensitive(object, "requestId"));
    add(finder, &record);
    return true;
}

static bool may_hold(struct shared_slice text)
{
    static const char key[] = "buildId";
    return memmem(text.data, text.size_bytes, key, sizeof(key) - 1) != NULL;
}

static void find_in_text(struct finder *finder, struct shared_slice text, int nesting);

/* cJSON reads no deeper than CJSON_NESTING_LIMIT, 1,000. */
static void find_in_json(struct finder *finder, const cJSON *json, int nesting)
{
    if (cJSON_IsString(json) && nesting < NESTING_LIMIT)
        find_in_text(finder, shared_slice_from_text(json->valuestring), nesting + 1);
    if (read_record(finder, json))
        return;
    for (const cJSON *child = json->child; child; child = child->next)
        find_in_json(finder, child, nesting);
}

/* From each brace that begins no well-formed JSON the next one is tried. */
static void find_in_text(struct finder *finder, struct shared_slice text, int nesting)
{
    const char *end = text.data + text.size_bytes, *at = text.data;
    while (at && at < end && may_hold(shared_slice_of(at, (size_t)(end - at)))) {
        const char *brace = memchr(at, '{', (size_t)(end - at)), *stop = NULL;
        if (!brace || finder->effort_bytes == 0)
            return;
        CLEANUP(end_json) cJSON *json = cJSON_ParseWithLengthOpts(brace, (size_t)(end - brace), &stop, false);
        size_t used = stop > brace ? (size_t)(stop - brace) : 1;
        finder->effort_bytes -= used < finder->effort_bytes ? used : finder->effort_bytes;
        if (json)
            find_in_json(finder, json, nesting);
        at = json ? stop : brace + 1;
    }
}

int crash_line_read(struct shared_slice line, struct shared_arena *arena, struct crash_records *records,
                    struct shared_error *err)
{
    struct finder finder = {.arena = arena, .records = records, .effort_bytes = line.size_bytes * EFFORT};
    *records = (struct crash_records){0};
    find_in_text(&finder, line, 0);
    if (finder.out_of_memory)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the crashes of a line");
    return 0;
}
