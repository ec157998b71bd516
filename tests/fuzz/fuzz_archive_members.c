/* Any bytes as an archive: members lie within it, one after the other. */
#include "fuzz_target.h"

#include "image/archive.h"

#include <string.h>

static void check_within(struct shared_slice part, const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    FUZZ_PROMISE(part.size_bytes == 0 || (part.data >= text && part.data + part.size_bytes <= text + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_error err;
    struct archive archive;
    struct archive_member member;
    size_t last = 0;
    int status = archive_open("x.a", shared_slice_of(data, size), &archive, &err);
    while (status == 0 && (status = archive_next(&archive, &member, &err)) == 1) {
        status = 0; /* and on */
        check_within(member.name, data, size);
        check_within(member.content, data, size);
        FUZZ_PROMISE(member.offset > last && member.offset < size);
        last = member.offset;
    }
    FUZZ_PROMISE(status == 0 || (status == SHARED_EPROTO && strncmp(err.text, "x.a", 3) == 0));
    return 0;
}
