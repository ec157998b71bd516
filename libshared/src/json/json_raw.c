#include "json/json_raw.h"

#include <stdbool.h>

/* Where the string that begins at text[at] ends, behind its quote. */
static size_t string_end(struct shared_slice text, size_t at)
{
    for (at++; at < text.size_bytes && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at < text.size_bytes ? at + 1 : text.size_bytes;
}

/* The place of the next byte among stops, outside of strings and of what is nested. */
static size_t find_stop(struct shared_slice text, size_t at, char stop, char other_stop)
{
    size_t depth = 0;
    while (at < text.size_bytes) {
        char c = text.data[at];
        if (c == '"') {
            at = string_end(text, at);
            continue;
        }
        if (depth == 0 && (c == stop || c == other_stop))
            return at;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth > 0)
            depth--;
        at++;
    }
    return at;
}

struct shared_slice shared_json_member_text(struct shared_slice object, size_t index)
{
    const struct shared_slice none = {NULL, 0};
    size_t at = 0;
    while (at < object.size_bytes && object.data[at] != '{')
        at++;
    while (at < object.size_bytes) {
        size_t colon = find_stop(object, at + 1, ':', '}');
        size_t end = find_stop(object, colon + 1, ',', '}');
        if (end >= object.size_bytes || object.data[colon] != ':')
            return none;
        if (index-- == 0)
            return shared_slice_of(object.data + colon + 1, end - colon - 1);
        at = end;
    }
    return none;
}

size_t shared_json_compact(char *out, struct shared_slice text)
{
    size_t size = 0, at = 0;
    while (at < text.size_bytes) {
        size_t end = text.data[at] == '"' ? string_end(text, at) : at + 1;
        bool is_space = (unsigned char)text.data[at] <= ' ';
        for (; at < end; at++)
            if (!is_space)
                out[size++] = text.data[at];
    }
    return size;
}
