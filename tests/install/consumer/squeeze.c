/* squeeze.c - a program that needs zlib because of what it calls of libshared. */
#include <shared/apigw_compress.h>

#include <string.h>

int main(void)
{
    static char body[4000];
    struct shared_arena arena;
    struct shared_apigw_pair accept = {"Accept-Encoding", "gzip"};
    struct shared_apigw_request request = {
        .source = SHARED_APIGW_HTTP, .headers = {&accept, 1}, .arena = &arena};
    struct shared_apigw_response response = {.body = {body, sizeof(body)}};
    shared_arena_init(&arena);
    memset(body, 'a', sizeof(body));
    int code = shared_apigw_compress(&request, &response, 0, NULL);
    size_t size = response.body.size_bytes;
    shared_arena_clean_up(&arena);
    return code == 0 && size < sizeof(body) / 10 ? 0 : 1;
}
