/* Any bytes as an archive: its members and symbols lie in it, or there is a clear failure. */
#include "fuzz_target.h"

#include "oracle_archive.h"

#include <string.h>

static bool lies_in(struct shared_slice part, struct shared_slice whole)
{
    return part.size_bytes == 0 || (part.data >= whole.data && part.size_bytes <= whole.size_bytes &&
                                    part.data <= whole.data + (whole.size_bytes - part.size_bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct oracle_archive archive;
    struct shared_slice content = shared_slice_of(data, size);
    int status = oracle_archive_parse("lib.a", content, &arena, &archive, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    FUZZ_PROMISE(status == 0 || strstr(err.text, "lib.a: byte ") != NULL);
    for (size_t i = 0; status == 0 && i < archive.member_count; i++) {
        FUZZ_PROMISE(lies_in(archive.members[i].name, content));
        FUZZ_PROMISE(lies_in(archive.members[i].content, content));
        FUZZ_PROMISE(!archive.thin || archive.members[i].content.size_bytes == 0);
    }
    for (size_t i = 0; status == 0 && i < archive.symbol_count; i++) {
        FUZZ_PROMISE(lies_in(archive.symbols[i].name, content));
        FUZZ_PROMISE(archive.symbols[i].member < archive.member_count);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
