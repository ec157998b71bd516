#include "check/check_inner.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "image/archive.h"
#include "image/link_map.h"

#include <string.h>

#define INPUT_LIMIT_BYTES ((size_t)1 << 30)

/*
 * gcc's and binutils' convention: an object without .note.GNU-stack, or with one that has SHF_EXECINSTR,
 * asks for it.
 */
static bool asks(const char *path, struct shared_slice content)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file object;
    if (!content.data || elf_file_parse(path, content, &scratch, &object, NULL) < 0 ||
        object.header.e_type != ET_REL)
        return false;
    for (size_t i = 0; i < object.section_count; i++)
        if (shared_slice_equal(object.sections[i].name, shared_slice_from_text(".note.GNU-stack")))
            return (object.sections[i].header.sh_flags & SHF_EXECINSTR) != 0;
    return true;
}

/* The content of a member; {NULL, 0} where there is none of that name. */
static struct shared_slice find_member(const char *path, struct shared_slice content,
                                       struct shared_slice name)
{
    struct archive archive;
    struct archive_member member;
    int status = archive_open(path, content, &archive, NULL);
    while (status == 0 && archive_next(&archive, &member, NULL) == 1)
        if (shared_slice_equal(member.name, name))
            return member.content;
    return shared_slice_of(NULL, 0);
}

const char *check_stack_input(struct check_work *work)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct link_map map;
    struct shared_slice content = {0}, read = {0}, member = {0};
    if (!work->input->paths.map || link_map_read(work->input->paths.map, &scratch, &map, NULL) < 0)
        return NULL;
    for (size_t i = 0; i < map.piece_count; i++) {
        const struct link_piece *piece = &map.pieces[i];
        bool known = shared_slice_equal(piece->file, read);
        if (piece->file.size_bytes == 0 || (known && shared_slice_equal(piece->member, member)))
            continue;
        const char *name = shared_arena_copy(&scratch, piece->file);
        const char *path = name ? path_join(&scratch, work->plan->manifest->folder, name) : NULL;
        if (!known && (!path || file_read(path, INPUT_LIMIT_BYTES, &scratch, &content, NULL) < 0))
            content = shared_slice_of(NULL, 0);
        read = piece->file;
        member = piece->member;
        if (!path || !asks(path, member.data ? find_member(path, content, member) : content))
            continue;
        return shared_arena_format(work->arena, member.data ? "%s(%.*s)" : "%s", path_base(name),
                                   (int)member.size_bytes, member.data);
    }
    return NULL;
}
