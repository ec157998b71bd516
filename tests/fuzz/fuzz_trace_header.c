/* Reads arbitrary bytes as the header of a trace: what comes of it is whole or empty. */
#include "fuzz_target.h"

#include <shared/trace.h>

#include <string.h>

static int only_hex(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdefABCDEF") >= size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_trace_header header;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    bool whole = shared_trace_header_read(&header, text);
    size_t root = strnlen(header.root, sizeof(header.root)),
           parent = strnlen(header.parent, sizeof(header.parent));
    FUZZ_PROMISE(root == 0 ||
                 (root == 35 && memcmp(header.root, "1-", 2) == 0 && only_hex(header.root + 2, 8) &&
                  header.root[10] == '-' && only_hex(header.root + 11, 24)));
    FUZZ_PROMISE(parent == 0 || (parent == 16 && only_hex(header.parent, 16)));
    FUZZ_PROMISE(whole == (root && parent && header.sampled));
    FUZZ_PROMISE(root == 0 || strstr(text, header.root));
    free(text);

    /* What is written out of it reads back. */
    struct shared_trace trace = {.header = header, .fd = 0};
    struct shared_segment segment;
    char out[SHARED_TRACE_HEADER_BYTES];
    shared_segment_open(&segment, &trace, NULL, "s", NULL);
    shared_segment_header(&segment, out);
    FUZZ_PROMISE(strnlen(out, sizeof(out)) < sizeof(out));
    FUZZ_PROMISE(shared_trace_header_read(&header, out) == (root > 0));
    FUZZ_PROMISE(root == 0 || strcmp(header.parent, segment.id) == 0);
    return 0;
}
