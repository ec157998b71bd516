/* fuzz_base64.c - any bytes decoded, and encoded and back. */
#include "base/base64.h"
#include "fuzz_target.h"

#include <string.h>

static void decode(struct shared_slice text)
{
    size_t size = 1, again = 1;
    char *plain = malloc(shared_base64_decoded_bytes(text.size_bytes) + 1);
    char *other = malloc(shared_base64_decoded_bytes(text.size_bytes) + 4);
    FUZZ_PROMISE(plain && other);
    if (shared_base64_decode(plain, &size, text)) {
        FUZZ_PROMISE(text.size_bytes % 4 == 0 && size <= shared_base64_decoded_bytes(text.size_bytes));
        FUZZ_PROMISE(shared_base64_encoded_bytes(size) == text.size_bytes);
        /* what the bits behind the last byte were is lost, nothing else */
        struct shared_arena arena = {NULL};
        struct shared_buffer buffer = {.arena = &arena};
        shared_base64_append(&buffer, shared_slice_of(plain, size));
        FUZZ_PROMISE(!buffer.failed && buffer.size_bytes == text.size_bytes);
        size_t whole = text.size_bytes < 4 ? 0 : text.size_bytes - 4;
        FUZZ_PROMISE(whole == 0 || memcmp(buffer.data, text.data, whole) == 0);
        FUZZ_PROMISE(shared_base64_decode(other, &again, shared_slice_of(buffer.data, buffer.size_bytes)));
        FUZZ_PROMISE(again == size && memcmp(plain, other, size) == 0);
        shared_arena_clean_up(&arena);
    }
    free(plain);
    free(other);
}

static void encode(struct shared_slice data)
{
    size_t size = shared_base64_encoded_bytes(data.size_bytes), decoded = 0;
    char *text = malloc(size + 1), *plain = malloc(shared_base64_decoded_bytes(size) + 1);
    FUZZ_PROMISE(text && plain);
    text[size] = '#';
    shared_base64_encode(text, data);
    FUZZ_PROMISE(text[size] == '#');
    FUZZ_PROMISE(shared_base64_decode(plain, &decoded, shared_slice_of(text, size)));
    FUZZ_PROMISE(shared_slice_equal(shared_slice_of(plain, decoded), data));
    free(text);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(shared_slice_of(data, size));
    encode(shared_slice_of(data, size));
    return 0;
}
