#include "titles.h"

#include <cjson/cJSON.h>

#include <string.h>

const struct title *titles_find(const struct titles *titles, const char *id)
{
    for (size_t i = 0; i < titles->count; i++)
        if (strcmp(titles->items[i].id, id) == 0)
            return &titles->items[i];
    return NULL;
}

static int read_number(const char *name, const char *value, unsigned least, unsigned most, unsigned *number,
                       struct shared_error *err)
{
    unsigned long long read = 0;
    if (!shared_slice_to_number(shared_slice_from_text(value), most, &read) || read < least)
        return shared_fail(err, SHARED_EINVAL, 0, "%s: expected a number from %u to %u", name, least, most);
    *number = (unsigned)read;
    return 0;
}

int title_query_set(struct title_query *query, const char *name, const char *value, struct shared_error *err)
{
    if (strcmp(name, "year") == 0)
        return read_number(name, value, 1888, 2100, &query->year, err);
    if (strcmp(name, "limit") == 0) {
        unsigned limit = 0;
        int code = read_number(name, value, 1, TITLE_LIMIT_MAX, &limit, err);
        query->limit = limit;
        return code;
    }
    const char **text = strcmp(name, "genre") == 0 ? &query->genre
                        : strcmp(name, "q") == 0   ? &query->text
                                                   : NULL;
    if (!text)
        return shared_fail(err, SHARED_EINVAL, 0, "unknown parameter; known are genre, limit, q and year");
    if (!*value)
        return shared_fail(err, SHARED_EINVAL, 0, "%s: expected a text", name);
    *text = value;
    return 0;
}

/* Lower case for ASCII and, after their first byte in UTF-8, for the letters U+00C0 to U+00DE. */
static unsigned char fold(const char *text, size_t i)
{
    unsigned char c = (unsigned char)text[i];
    bool latin1 = i > 0 && (unsigned char)text[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97;
    return latin1 || (c >= 'A' && c <= 'Z') ? c + 0x20 : c;
}

static bool contains(const char *text, const char *part)
{
    size_t size = strlen(text), part_size = strlen(part);
    for (size_t start = 0; start + part_size <= size; start++) {
        size_t i = 0;
        while (i < part_size && fold(text, start + i) == fold(part, i))
            i++;
        if (i == part_size)
            return true;
    }
    return false;
}

static bool any_text(const cJSON *texts, const char *wanted, bool (*matches)(const char *, const char *))
{
    const cJSON *text;
    cJSON_ArrayForEach(text, texts)
    {
        if (matches(text->valuestring, wanted))
            return true;
    }
    return false;
}

static bool same(const char *text, const char *wanted)
{
    return strcmp(text, wanted) == 0;
}

static bool matches_query(const struct title *title, const struct title_query *query)
{
    if (query->year && query->year != title->year)
        return false;
    if (query->genre && !any_text(title->genres, query->genre, same))
        return false;
    return !query->text || contains(title->name, query->text) ||
           (title->original_name && contains(title->original_name, query->text)) ||
           any_text(title->directors, query->text, contains);
}

size_t titles_select(const struct titles *titles, const struct title_query *query, const struct title **found)
{
    size_t count = 0;
    for (size_t i = 0; i < titles->count; i++) {
        if (!matches_query(&titles->items[i], query))
            continue;
        if (count < query->limit)
            found[count] = &titles->items[i];
        count++;
    }
    return count;
}
