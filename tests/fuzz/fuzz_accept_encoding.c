/* fuzz_accept_encoding.c - an Accept-Encoding that anybody sent; in one header or in one for each comma it
 * means the same. */
#include "apigw/apigw_encoding.h"
#include "fuzz_target.h"

#include <string.h>

static bool accepts(const struct shared_apigw_pair *headers, size_t count)
{
    struct shared_apigw_request request = {.headers = {headers, count}};
    return shared_apigw_accepts_gzip(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {NULL};
    char *text = shared_arena_copy(&arena, shared_slice_of(data, size));
    struct shared_apigw_pair whole = {"Accept-Encoding", text};
    bool gzip = accepts(&whole, 1);
    FUZZ_PROMISE(!gzip || strcasestr(text, "gzip") || strchr(text, '*'));
    size_t count = 0;
    struct shared_apigw_pair *headers = shared_arena_alloc(&arena, (strlen(text) + 1) * sizeof *headers);
    for (char *rest = text; rest;)
        headers[count++] = (struct shared_apigw_pair){"accept-encoding", strsep(&rest, ",")};
    FUZZ_PROMISE(accepts(headers, count) == gzip);
    shared_arena_clean_up(&arena);
    return 0;
}
