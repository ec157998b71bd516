#include "apigw/apigw_split.h"
#include "base/url_decode.h"

#include <string.h>

static size_t count_pieces(const char *query)
{
    size_t count = 1;
    while ((query = strchr(query, '&'))) {
        count++;
        query++;
    }
    return count;
}

/* Cuts a piece into name and value where it stands; without a "=" the value is empty. */
static bool cut_piece(char *piece, struct shared_apigw_pair *pair)
{
    char *value = strchr(piece, '=');
    if (value)
        *value++ = '\0';
    *pair = (struct shared_apigw_pair){piece, value ? value : ""};
    return shared_url_decode(piece) && (!value || shared_url_decode(value));
}

int shared_apigw_split_query(const char *query, struct shared_arena *arena, struct shared_apigw_pairs *pairs,
                             struct shared_error *err)
{
    char *rest = shared_arena_copy(arena, shared_slice_from_text(query));
    struct shared_apigw_pair *items = shared_arena_alloc(arena, count_pieces(query) * sizeof *items);
    if (!rest || !items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for its names and values");

    size_t count = 0;
    char *piece;
    while ((piece = strsep(&rest, "&"))) {
        if (*piece && !cut_piece(piece, &items[count++]))
            return shared_fail(err, SHARED_EPROTO, 0, "it holds a NUL character (%%00)");
    }
    *pairs = (struct shared_apigw_pairs){items, count};
    return 0;
}
