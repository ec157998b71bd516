#include "manifest/json_locate.h"

#include "manifest/json_token.h"

#include <stdbool.h>
#include <string.h>

/* How many items stand before the wanted one in the text's order; *found where it was met. */
static size_t count_before(const cJSON *item, const cJSON *wanted, bool *found)
{
    size_t count = 0;
    for (; item && !*found; item = item->next) {
        if (item == wanted) {
            *found = true;
            return count;
        }
        count += 1 + count_before(item->child, wanted, found);
    }
    return count;
}

size_t json_locate(struct shared_slice text, const cJSON *root, const cJSON *item)
{
    bool found = false;
    size_t before = count_before(root, item, &found);
    size_t start = 0;
    bool named = false;
    for (struct json_token token = json_token_next(text, 0); token.kind != JSON_TOKEN_END;) {
        struct json_token next = json_token_next(text, token.at + token.size_bytes);
        char mark = token.kind == JSON_TOKEN_MARK ? text.data[token.at] : '\0';
        bool name =
            token.kind == JSON_TOKEN_STRING && next.kind == JSON_TOKEN_MARK && text.data[next.at] == ':';
        if (name)
            start = token.at;
        else if (!mark || mark == '{' || mark == '[') {
            if (!named)
                start = token.at;
            if (before-- == 0)
                break;
        }
        named = name || (named && mark == ':');
        token = next;
    }
    return json_line(text, start);
}

static bool is_plain(const char *name)
{
    return *name &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$") == strlen(name);
}

/* A character of a quoted name, with the backslash that a quote or another backslash gets; control characters
 * would break a message's line. */
static size_t quoted_character(char c, char out[2])
{
    bool escaped = c == '"' || c == '\\';
    if ((unsigned char)c < 0x20 || c == 0x7F)
        c = '?';
    out[0] = escaped ? '\\' : c;
    out[1] = c;
    return escaped ? 2 : 1;
}

/* The bytes of path that a name takes at its start; 0 where it is another name. */
static size_t match_name(const char *path, const char *name)
{
    const char *p = path;
    if (is_plain(name)) {
        p += *p == '.';
        size_t size = strlen(name);
        bool whole = strncmp(p, name, size) == 0 && strchr(".[", p[size]);
        return whole ? (size_t)(p - path) + size : 0;
    }
    if (strncmp(p, "[\"", 2) != 0)
        return 0;
    for (p += 2; *name; name++) {
        char quoted[2];
        size_t size = quoted_character(*name, quoted);
        if (strncmp(p, quoted, size) != 0)
            return 0;
        p += size;
    }
    return strncmp(p, "\"]", 2) == 0 ? (size_t)(p - path) + 2 : 0;
}

static size_t match_index(const char *path, size_t index)
{
    size_t value = 0;
    const char *p = path;
    if (*p++ != '[' || *p < '0' || *p > '9')
        return 0;
    for (; *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (size_t)(*p - '0');
    return *p == ']' && value == index ? (size_t)(p - path) + 1 : 0;
}

const cJSON *json_find(const cJSON *root, const char *path)
{
    const cJSON *item = root;
    while (*path) {
        size_t index = 0, size = 0;
        const cJSON *child = item->child;
        for (; child; child = child->next, index++) {
            size = cJSON_IsArray(item) ? match_index(path, index) : match_name(path, child->string);
            if (size > 0)
                break;
        }
        if (!child)
            return item;
        item = child;
        path += size;
    }
    return item;
}

char *json_path_member(struct shared_arena *arena, const char *path, const char *name)
{
    if (is_plain(name))
        return shared_arena_format(arena, "%s%s%s", path, *path ? "." : "", name);
    size_t before = strlen(path);
    char *result = shared_arena_alloc(arena, before + 2 * strlen(name) + sizeof("[\"\"]"));
    if (!result)
        return NULL;
    memcpy(result, path, before);
    char *p = stpcpy(result + before, "[\"");
    for (; *name; name++) {
        char quoted[2];
        size_t size = quoted_character(*name, quoted);
        memcpy(p, quoted, size);
        p += size;
    }
    strcpy(p, "\"]");
    return result;
}

char *json_path_element(struct shared_arena *arena, const char *path, size_t index)
{
    return shared_arena_format(arena, "%s[%zu]", path, index);
}
