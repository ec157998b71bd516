/*
 * Any bytes as a program or shared object: what it asks of others and offers them. The seeds are those of
 * fuzz_elf.
 */
#include "fuzz_target.h"

#include "image/elf_needs.h"

#include <string.h>

static void check_needs(const struct elf_file *file, struct shared_arena *arena)
{
    struct shared_error err;
    struct elf_needs needs;
    int status = elf_needs_read(file, arena, &needs, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    if (status < 0)
        return;
    for (size_t i = 0; i < needs.needed.count; i++)
        FUZZ_PROMISE(strlen(needs.needed.items[i]) > 0);
    for (size_t i = 0; i < needs.need_count; i++)
        FUZZ_PROMISE(strlen(needs.needs[i].library) + strlen(needs.needs[i].version) <=
                     file->content.size_bytes);
    for (size_t i = 0; i < needs.import_count; i++) {
        FUZZ_PROMISE(strlen(needs.imports[i].symbol) > 0);
        FUZZ_PROMISE(needs.imports[i].need == ELF_NO_VERSION || needs.imports[i].need < needs.need_count);
    }
}

static void check_exports(const struct elf_file *file, struct shared_arena *arena)
{
    struct shared_error err;
    struct elf_export *exports = NULL;
    size_t count;
    int status = elf_exports_read(file, arena, &exports, &count, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO);
    for (size_t i = 0; status == 0 && i < count; i++) {
        FUZZ_PROMISE(strlen(exports[i].symbol) > 0 && exports[i].version != NULL);
        FUZZ_PROMISE(i == 0 || strcmp(exports[i - 1].symbol, exports[i].symbol) <= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct elf_file file;
    if (elf_file_parse("x", shared_slice_of(data, size), &arena, &file, &err) == 0) {
        check_needs(&file, &arena);
        check_exports(&file, &arena);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
