#include "check/check_inner.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "image/archive.h"
#include "image/printable.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX ".gnu.warning."
#define ARCHIVE_LIMIT_BYTES ((size_t)1 << 30)

static int no_memory(const struct check_archive *archive, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", archive->path);
}

/* A text of the archive's for messages: without what would end a line. */
static const char *copy(struct shared_slice text, struct shared_arena *arena)
{
    char *copied = shared_arena_copy(arena, text);
    if (!copied)
        return NULL;
    printable_clean(copied, text.size_bytes);
    return copied;
}

static int add_warning(struct check_archive *archive, struct shared_slice member, struct shared_slice symbol,
                       struct shared_slice text, struct shared_arena *arena, struct shared_error *err)
{
    if (archive->count == archive->capacity) {
        size_t larger = archive->capacity ? 2 * archive->capacity : 128;
        struct check_link_warning *warnings = shared_arena_resize(
            arena, archive->warnings, archive->capacity * sizeof(*warnings), larger * sizeof(*warnings));
        if (!warnings)
            return no_memory(archive, err);
        archive->warnings = warnings;
        archive->capacity = larger;
    }
    while (text.size_bytes > 0 &&
           (text.data[text.size_bytes - 1] == '\0' || text.data[text.size_bytes - 1] == '\n'))
        text.size_bytes--;
    struct check_link_warning *warning = &archive->warnings[archive->count++];
    *warning = (struct check_link_warning){copy(member, arena), copy(symbol, arena), copy(text, arena)};
    return warning->member && warning->symbol && warning->text ? 0 : no_memory(archive, err);
}

static int read_object(struct check_archive *archive, struct shared_slice member, struct shared_slice content,
                       struct shared_arena *arena, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file object;
    if (!content.data || !memmem(content.data, content.size_bytes, PREFIX, strlen(PREFIX)))
        return 0;
    /* Bytecode and other things that archives hold are no ELF files. */
    if (elf_file_parse(archive->path, content, &scratch, &object, NULL) < 0)
        return 0;
    int status = 0;
    for (size_t i = 0; status == 0 && i < object.section_count; i++) {
        const struct elf_section *section = &object.sections[i];
        size_t size = strlen(PREFIX);
        if (section->header.sh_type != SHT_PROGBITS || section->name.size_bytes <= size ||
            memcmp(section->name.data, PREFIX, size) != 0)
            continue;
        struct shared_slice symbol =
            shared_slice_of(section->name.data + size, section->name.size_bytes - size);
        struct shared_slice text =
            elf_file_bytes(&object, section->header.sh_offset, section->header.sh_size);
        status = add_warning(archive, member, symbol, text, arena, err);
    }
    return status;
}

/* A member of a thin archive is a file beside it. */
static int read_member(struct check_archive *archive, const struct archive *reader,
                       const struct archive_member *member, struct shared_arena *arena,
                       struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice content = member->content;
    if (reader->thin) {
        const char *name = shared_arena_copy(&scratch, member->name);
        const char *folder = path_folder(&scratch, archive->path);
        const char *path = name && folder ? path_join(&scratch, folder, name) : NULL;
        int status =
            path ? file_read(path, ARCHIVE_LIMIT_BYTES, &scratch, &content, err) : no_memory(archive, err);
        if (status < 0)
            return status;
    }
    return read_object(archive, member->name, content, arena, err);
}

static int by_symbol(const void *a, const void *b)
{
    const struct check_link_warning *x = a, *y = b;
    int order = strcmp(x->symbol, y->symbol);
    return order ? order : strcmp(x->member, y->member);
}

static bool is_elf(struct shared_slice content)
{
    return content.size_bytes >= SELFMAG && memcmp(content.data, ELFMAG, SELFMAG) == 0;
}

static int read_archive(struct check_archive *archive, struct shared_arena *arena, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shared_slice content;
    struct archive reader;
    struct archive_member member;
    int status = file_read(archive->path, ARCHIVE_LIMIT_BYTES, &scratch, &content, err);
    if (status == 0 && is_elf(content)) /* bfd names members of a thin archive so */
        return read_object(archive, shared_slice_from_text(path_base(archive->path)), content, arena, err);
    if (status == 0)
        status = archive_open(archive->path, content, &reader, err);
    if (status < 0)
        return status;
    while ((status = archive_next(&reader, &member, err)) == 1) {
        status = read_member(archive, &reader, &member, arena, err);
        if (status < 0)
            return status;
    }
    if (archive->count > 0)
        qsort(archive->warnings, archive->count, sizeof(*archive->warnings), by_symbol);
    return status;
}

const struct check_archive *check_read_archive(struct check_plan *plan, const char *path)
{
    struct shared_error err = {0};
    for (struct check_archive *known = plan->archives; known; known = known->next)
        if (strcmp(known->path, path) == 0)
            return known;
    struct check_archive *archive = shared_arena_alloc(plan->arena, sizeof(*archive));
    const char *copied = shared_arena_copy(plan->arena, shared_slice_from_text(path));
    if (!archive || !copied)
        return NULL;
    *archive = (struct check_archive){.next = plan->archives, .path = copied};
    if (read_archive(archive, plan->arena, &err) < 0) {
        archive->failure = shared_arena_copy(plan->arena, shared_slice_from_text(err.text));
        archive->count = 0;
        if (!archive->failure)
            return NULL;
    }
    plan->archives = archive;
    return archive;
}
