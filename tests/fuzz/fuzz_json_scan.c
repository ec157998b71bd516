/*
 * fuzz_json_scan.c - an event looked into without a parser, beside one.
 *
 * What the scanner takes as a value, cJSON must take too; names and values that it finds are those of cJSON's
 * tree. cJSON alone accepts some numbers ("01", "1.") and bytes below space in strings.
 */
#include "fuzz_target.h"
#include "json/json_scan.h"

#include <cjson/cJSON.h>
#include <string.h>

static bool inside(struct shared_slice part, struct shared_slice whole)
{
    return part.data >= whole.data && part.data + part.size_bytes <= whole.data + whole.size_bytes;
}

/* Unescaped, a text fits into as many bytes as it stood in, and is what it is. */
static void check_string(struct shared_slice string)
{
    size_t size;
    char *text = malloc(string.size_bytes + 1);
    if (!text)
        abort();
    bool is_string = shared_json_unescape(string, text, string.size_bytes, &size);
    FUZZ_PROMISE(is_string == (string.data[0] == '"'));
    if (is_string)
        FUZZ_PROMISE(shared_json_string_is(string, shared_slice_of(text, size), false));
    free(text);
}

/* A walk sees as many items as cJSON, each of which it would find again as a value. */
static void check_walk(struct shared_slice text, const cJSON *json)
{
    struct shared_json_walk walk = {.rest = text};
    struct shared_slice name, value;
    enum shared_json_step step;
    const cJSON *item = json->child;
    while ((step = shared_json_scan_next(&walk, cJSON_IsObject(json) ? &name : NULL, &value)) ==
           SHARED_JSON_ITEM) {
        FUZZ_PROMISE(item && inside(value, text));
        check_string(value);
        if (cJSON_IsObject(json))
            check_string(name);
        struct shared_slice again = value;
        FUZZ_PROMISE(shared_json_scan_value(&again).size_bytes == value.size_bytes && again.size_bytes == 0);
        item = item->next;
    }
    FUZZ_PROMISE(step == SHARED_JSON_END && !item && walk.rest.size_bytes == 0);
}

static void check_value(struct shared_slice value)
{
    check_string(value);
    if (memmem(value.data, value.size_bytes, "\\u", 2))
        return; /* cJSON refuses \u0000 and lone surrogates */
    char *text = malloc(value.size_bytes + 1);
    if (!text)
        abort();
    memcpy(text, value.data, value.size_bytes);
    text[value.size_bytes] = '\0';
    cJSON *json = cJSON_ParseWithOpts(text, NULL, 1);
    FUZZ_PROMISE(json != NULL);
    if (cJSON_IsObject(json) || cJSON_IsArray(json))
        check_walk(value, json);
    cJSON_Delete(json);
    free(text);
}

/* The first line is a path, what follows the text. */
static void check_path(struct shared_slice input)
{
    struct shared_slice rest = input, path = shared_slice_split(&rest, '\n');
    char text[256];
    if (path.size_bytes >= sizeof(text) || !rest.data)
        return;
    memcpy(text, path.data, path.size_bytes);
    text[path.size_bytes] = '\0';
    struct shared_slice found = shared_json_scan_path(rest, text, false);
    struct shared_slice loose = shared_json_scan_path(rest, text, true);
    FUZZ_PROMISE(!found.data || loose.data);
    FUZZ_PROMISE(!loose.data || inside(loose, rest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_slice input = shared_slice_of(data, size), rest = input;
    struct shared_json_walk object = {.rest = input}, array = {.rest = input};
    struct shared_slice name, value = shared_json_scan_value(&rest);
    if (value.data) {
        FUZZ_PROMISE(inside(value, input) && rest.data == value.data + value.size_bytes);
        check_value(value);
    } else {
        FUZZ_PROMISE(rest.data == input.data && rest.size_bytes == input.size_bytes);
    }
    while (shared_json_scan_next(&object, &name, &value) == SHARED_JSON_ITEM)
        FUZZ_PROMISE(inside(name, input) && inside(value, input));
    while (shared_json_scan_next(&array, NULL, &value) == SHARED_JSON_ITEM)
        FUZZ_PROMISE(inside(value, input));
    check_path(input);
    if (size > 0)
        check_string(input.data[0] == '"' && size > 1 && input.data[size - 1] == '"'
                         ? input
                         : shared_slice_of("0", 1));
    return 0;
}
