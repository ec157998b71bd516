#include "apigw/apigw_split.h"

#include <string.h>

static const struct shared_slice cookie_name = SHARED_SLICE_LITERAL("cookie");

static bool is_cookie(const struct shared_apigw_pair *header)
{
    return shared_slice_equal_ignore_case(shared_slice_from_text(header->name), cookie_name);
}

static size_t count_cookies(const struct shared_apigw_pairs *headers)
{
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++) {
        if (!is_cookie(&headers->items[i]))
            continue;
        count++;
        for (const char *at = headers->items[i].value; (at = strchr(at, ';')); at++)
            count++;
    }
    return count;
}

/* RFC 6265, section 5.4: pairs parted by "; ". One without "=" is taken for a name. */
static size_t cut_cookies(char *text, struct shared_apigw_pair *items)
{
    size_t count = 0;
    char *piece;
    while ((piece = strsep(&text, ";"))) {
        struct shared_slice trimmed = shared_slice_trim(shared_slice_from_text(piece));
        if (trimmed.size_bytes == 0)
            continue;
        piece += trimmed.data - piece;
        piece[trimmed.size_bytes] = '\0';
        char *value = strchr(piece, '=');
        if (value)
            *value++ = '\0';
        items[count++] = (struct shared_apigw_pair){piece, value ? value : ""};
    }
    return count;
}

int shared_apigw_split_cookies(const struct shared_apigw_pairs *headers, struct shared_arena *arena,
                               struct shared_apigw_pairs *cookies, struct shared_error *err)
{
    size_t count = count_cookies(headers);
    *cookies = (struct shared_apigw_pairs){NULL, 0};
    if (count == 0)
        return 0;
    struct shared_apigw_pair *items = shared_arena_alloc(arena, count * sizeof *items);
    size_t filled = 0;
    for (size_t i = 0; items && i < headers->count; i++) {
        if (!is_cookie(&headers->items[i]))
            continue;
        char *text = shared_arena_copy(arena, shared_slice_from_text(headers->items[i].value));
        if (!text)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the cookies");
        filled += cut_cookies(text, items + filled);
    }
    if (!items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the cookies");
    *cookies = (struct shared_apigw_pairs){items, filled};
    return 0;
}
