#include "json/json_scan.h"

#include <stdint.h>

static bool is_array(struct shared_slice text)
{
    return shared_slice_trim(text).size_bytes > 0 && *shared_slice_trim(text).data == '[';
}

static struct shared_slice element(struct shared_slice array, struct shared_slice place)
{
    unsigned long long index;
    struct shared_json_walk walk = {.rest = array};
    struct shared_slice value;
    if (!shared_slice_to_number(place, SIZE_MAX, &index))
        return shared_slice_of(NULL, 0);
    while (shared_json_scan_next(&walk, NULL, &value) == SHARED_JSON_ITEM) {
        if (index-- == 0)
            return value;
    }
    return shared_slice_of(NULL, 0);
}

static struct shared_slice member(struct shared_slice object, struct shared_slice wanted, bool ignore_case)
{
    struct shared_json_walk walk = {.rest = object};
    struct shared_slice name, value;
    while (shared_json_scan_next(&walk, &name, &value) == SHARED_JSON_ITEM) {
        if (shared_json_string_is(name, wanted, ignore_case))
            return value;
    }
    return shared_slice_of(NULL, 0);
}

struct shared_slice shared_json_scan_path(struct shared_slice text, const char *path, bool ignore_case)
{
    struct shared_slice rest = shared_slice_from_text(path);
    while (rest.data && text.data) {
        struct shared_slice name = shared_slice_split(&rest, '.');
        text = is_array(text) ? element(text, name) : member(text, name, ignore_case && !rest.data);
    }
    return text;
}
