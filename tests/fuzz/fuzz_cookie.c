/*
 * fuzz_cookie.c - a Cookie header that anybody sent, and a Set-Cookie made of anything.
 *
 * Lines: flags, Cookie, name, domain, path; the rest is the value. What is made can split no header, and
 * gives its value back.
 */
#include "apigw/apigw_split.h"
#include "fuzz_target.h"

#include <shared/apigw_cookie.h>

#include <string.h>

static char *take_line(char **rest)
{
    char *line = strsep(rest, "\n");
    return line ? line : (char *)"";
}

static struct shared_apigw_pairs split(const char *header, struct shared_arena *arena)
{
    struct shared_apigw_pair pair = {"Cookie", header};
    struct shared_apigw_pairs headers = {&pair, 1}, cookies;
    FUZZ_PROMISE(shared_apigw_split_cookies(&headers, arena, &cookies, NULL) == 0);
    return cookies;
}

static void read_cookies(const char *header, struct shared_arena *arena)
{
    struct shared_apigw_pairs cookies = split(header, arena);
    struct shared_apigw_request request = {.cookies = cookies, .arena = arena};
    size_t size = 0;
    for (size_t i = 0; i < cookies.count; i++) {
        const struct shared_apigw_pair *cookie = &cookies.items[i];
        FUZZ_PROMISE(!strchr(cookie->name, ';') && !strchr(cookie->name, '=') && !strchr(cookie->value, ';'));
        FUZZ_PROMISE(shared_apigw_cookie(&request, cookie->name));
        const char *text = shared_apigw_cookie_text(&request, cookie->name);
        FUZZ_PROMISE(!text || strlen(text) <= strlen(shared_apigw_cookie(&request, cookie->name)));
        size += strlen(cookie->name) + strlen(cookie->value);
    }
    FUZZ_PROMISE(size <= strlen(header));
}

static void check_made(const struct shared_apigw_cookie_attributes *cookie, const char *text,
                       struct shared_arena *arena)
{
    size_t size = strlen(text), pair = strcspn(text, ";");
    FUZZ_PROMISE(size <= 4096 && strncmp(text, cookie->name, strlen(cookie->name)) == 0);
    for (size_t i = 0; i < size; i++)
        FUZZ_PROMISE(text[i] >= 0x20 && text[i] < 0x7F);
    struct shared_apigw_request request = {
        .cookies = split(shared_arena_copy(arena, shared_slice_of(text, pair)), arena), .arena = arena};
    const char *value = shared_apigw_cookie_text(&request, cookie->name);
    FUZZ_PROMISE(request.cookies.count == 1 && value && strcmp(value, cookie->value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {NULL};
    char *rest = shared_arena_copy(&arena, shared_slice_of(data, size));
    const char *flags = take_line(&rest), *made = NULL;
    read_cookies(take_line(&rest), &arena);
    unsigned flag = *flags ? (unsigned char)*flags : 0;
    struct shared_apigw_cookie_attributes cookie = {.name = take_line(&rest),
                                                    .domain = take_line(&rest),
                                                    .path = take_line(&rest),
                                                    .value = rest ? rest : "",
                                                    .max_age_s = (int)flag - 50,
                                                    .secure = flag & 1,
                                                    .http_only = flag & 2,
                                                    .partitioned = flag & 4,
                                                    .same_site = (enum shared_same_site)(flag >> 3 & 3)};
    cookie.domain = *cookie.domain ? cookie.domain : NULL;
    cookie.path = *cookie.path ? cookie.path : NULL;
    struct shared_error err = {0};
    int code = shared_apigw_cookie_format(&cookie, &arena, &made, &err);
    FUZZ_PROMISE(code == 0 || code == SHARED_EINVAL || code == SHARED_ETOOBIG);
    FUZZ_PROMISE((code == 0) == (made != NULL) && err.code == code);
    if (made)
        check_made(&cookie, made, &arena);
    shared_arena_clean_up(&arena);
    return 0;
}
