#include "titles.h"

#include <cjson/cJSON.h>

#include <string.h>

/* Where in the file we are, for messages. */
struct place {
    size_t index;
    const char *id;
};

static int bad(struct place place, const char *field, const char *wanted, struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0, "titles.json: [%zu] (%.64s): %s: expected %s", place.index,
                       place.id, field, wanted);
}

static int read_text(const cJSON *item, struct place place, const char *field, const char **text,
                     struct shared_error *err)
{
    *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, field));
    return *text && **text ? 0 : bad(place, field, "a text", err);
}

static int read_texts(const cJSON *item, struct place place, const char *field, const cJSON **texts,
                      struct shared_error *err)
{
    *texts = cJSON_GetObjectItemCaseSensitive(item, field);
    if (!cJSON_IsArray(*texts))
        return bad(place, field, "an array of texts", err);
    const cJSON *text;
    cJSON_ArrayForEach(text, *texts)
    {
        if (!cJSON_IsString(text))
            return bad(place, field, "an array of texts", err);
    }
    return 0;
}

static int read_heights(const cJSON *item, struct place place, struct title *title, struct shared_error *err)
{
    const cJSON *heights = cJSON_GetObjectItemCaseSensitive(item, "renditions");
    const cJSON *height;
    cJSON_ArrayForEach(height, heights)
    {
        unsigned before = title->height_count ? title->heights[title->height_count - 1] : 0;
        if (!cJSON_IsNumber(height) || height->valueint <= (int)before ||
            title->height_count == TITLE_RENDITIONS_MAX)
            return bad(place, "renditions", "up to 8 heights in ascending order", err);
        title->heights[title->height_count++] = (unsigned)height->valueint;
    }
    return title->height_count ? 0 : bad(place, "renditions", "an array with a height at least", err);
}

/* Days from 1 January 1970 to a day of the Gregorian calendar; 477 leap days lie before 1970. */
static int64_t day_number(unsigned year, unsigned month, unsigned day)
{
    static const unsigned short days_before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    unsigned leaps = month > 2 ? year : year - 1;
    return 365 * ((int64_t)year - 1970) + leaps / 4 - leaps / 100 + leaps / 400 - 477 +
           days_before[month - 1] + day - 1;
}

/* "2024-12-31", the last day. */
static bool read_date(const char *text, int64_t *end_s)
{
    unsigned long long year, month, day;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        !shared_slice_to_number(shared_slice_of(text, 4), 9999, &year) || year < 1970 ||
        !shared_slice_to_number(shared_slice_of(text + 5, 2), 12, &month) || month < 1 ||
        !shared_slice_to_number(shared_slice_of(text + 8, 2), 31, &day) || day < 1)
        return false;
    *end_s = (day_number((unsigned)year, (unsigned)month, (unsigned)day) + 1) * 86400;
    return true;
}

static int read_dates(const cJSON *item, struct place place, struct title *title, struct shared_error *err)
{
    const cJSON *year = cJSON_GetObjectItemCaseSensitive(item, "year");
    if (!cJSON_IsNumber(year) || year->valueint < 1888 || year->valueint > 2100)
        return bad(place, "year", "a number from 1888 to 2100", err);
    title->year = (unsigned)year->valueint;
    const cJSON *until = cJSON_GetObjectItemCaseSensitive(item, "available_until");
    title->available_until_s = INT64_MAX;
    if (until && (!cJSON_IsString(until) || !read_date(until->valuestring, &title->available_until_s)))
        return bad(place, "available_until", "a date such as 2024-12-31", err);
    return 0;
}

/* The title is written once, here, so that an answer only copies it. */
static int write_json(const cJSON *item, struct shared_arena *arena, struct title *title,
                      struct shared_error *err)
{
    char *text = cJSON_PrintUnformatted(item);
    char *copy = text ? shared_arena_copy(arena, shared_slice_from_text(text)) : NULL;
    cJSON_free(text);
    if (!copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "titles.json: write %s", title->id);
    title->json = shared_slice_from_text(copy);
    return 0;
}

static int read_title(const cJSON *item, size_t index, struct shared_arena *arena, struct title *title,
                      struct shared_error *err)
{
    struct place place = {index, "no id"};
    int code = read_text(item, place, "id", &title->id, err);
    if (code < 0)
        return code;
    place.id = title->id;
    title->original_name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "original_title"));
    if ((code = read_text(item, place, "title", &title->name, err)) < 0 ||
        (code = read_dates(item, place, title, err)) < 0 ||
        (code = read_texts(item, place, "genres", &title->genres, err)) < 0 ||
        (code = read_texts(item, place, "directors", &title->directors, err)) < 0 ||
        (code = read_heights(item, place, title, err)) < 0)
        return code;
    return write_json(item, arena, title, err);
}

int titles_load(struct titles *titles, struct shared_slice json, struct shared_error *err)
{
    const char *end = NULL;
    titles->root = cJSON_ParseWithLengthOpts(json.data, json.size_bytes, &end, false);
    if (!titles->root)
        return shared_fail(err, SHARED_EPROTO, 0, "titles.json: no JSON from byte %zu on",
                           end ? (size_t)(end - json.data) : 0);
    if (!cJSON_IsArray(titles->root))
        return shared_fail(err, SHARED_EPROTO, 0, "titles.json: expected an array of titles");
    size_t count = (size_t)cJSON_GetArraySize(titles->root);
    titles->items = shared_arena_alloc(&titles->arena, count * sizeof(*titles->items));
    if (!titles->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "titles.json: read %zu titles", count);
    memset(titles->items, 0, count * sizeof(*titles->items));
    const cJSON *item;
    cJSON_ArrayForEach(item, titles->root)
    {
        int code = read_title(item, titles->count, &titles->arena, &titles->items[titles->count], err);
        if (code < 0)
            return code;
        titles->count++;
    }
    return 0;
}

void titles_clean_up(struct titles *titles)
{
    cJSON_Delete(titles->root);
    shared_arena_clean_up(&titles->arena);
    *titles = (struct titles){0};
}
