#include "image/image.h"

#include "base/cleanup.h"
#include "image/elf_dynamic.h"
#include "image/image_attribute.h"

#include <inttypes.h>

static bool is_entry_segment(const struct elf_file *file, const GElf_Phdr *segment)
{
    return segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
           file->header.e_entry >= segment->p_vaddr &&
           file->header.e_entry - segment->p_vaddr < segment->p_filesz;
}

static int check_entry(const struct elf_file *file, struct shared_error *err)
{
    if (file->header.e_entry == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "%s is a library, not a program: it has no entry point",
                           file->path);
    for (size_t i = 0; i < file->segment_count; i++)
        if (is_entry_segment(file, &file->segments[i]))
            return 0;
    return shared_fail(err, SHARED_EPROTO, 0, "%s: its entry point 0x%" PRIx64 " is not in executable code",
                       file->path, file->header.e_entry);
}

/* The kernel's own conditions (fs/binfmt_elf.c), and the target's architecture. */
static int check_program(const struct manifest *manifest, const struct elf_file *file,
                         struct shared_arena *scratch, struct shared_error *err)
{
    GElf_Half wanted = manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    GElf_Half machine = file->header.e_machine;
    if (machine != wanted) {
        const char *name = elf_machine_name(machine, scratch);
        return shared_fail(err, SHARED_EINVAL, 0, "%s is for %s; the target is %s", file->path,
                           name ? name : "another machine",
                           manifest_architecture_name(manifest->architecture));
    }
    switch (file->header.e_type) {
    case ET_EXEC:
    case ET_DYN:
        return check_entry(file, err);
    case ET_REL:
        return shared_fail(err, SHARED_EINVAL, 0, "%s is an object, not a program: link it", file->path);
    default:
        return shared_fail(err, SHARED_EINVAL, 0, "%s is no program: its ELF type is %u", file->path,
                           file->header.e_type);
    }
}

static int check_same(const struct elf_file *shipped, const struct elf_file *unstripped,
                      struct shared_error *err)
{
    const GElf_Ehdr *a = &shipped->header, *b = &unstripped->header;
    if (a->e_type == b->e_type && a->e_machine == b->e_machine && a->e_entry == b->e_entry)
        return 0;
    return shared_fail(err, SHARED_EPROTO, 0, "%s is not the stripped copy of %s: strip it again",
                       shipped->path, unstripped->path);
}

static int read_files(const struct manifest *manifest, const struct image_paths *paths,
                      struct shared_arena *scratch, struct elf_file *shipped, struct elf_file *unstripped,
                      struct shared_error *err)
{
    int status = elf_file_read(paths->shipped, scratch, shipped, err);
    if (status == 0)
        status = check_program(manifest, shipped, scratch, err);
    *unstripped = *shipped;
    if (status < 0 || !paths->unstripped)
        return status;
    status = elf_file_read(paths->unstripped, scratch, unstripped, err);
    return status < 0 ? status : check_same(shipped, unstripped, err);
}

static int read_origins(const struct manifest *manifest, const struct manifest_function *function,
                        const struct image_paths *paths, const struct elf_file *unstripped,
                        struct shared_arena *scratch, struct shared_arena *arena, struct image *image,
                        struct shared_error *err)
{
    struct link_map map;
    struct image_origins origins;
    int status = image_origins_init(&origins, manifest, function, scratch, arena, err);
    if (status == 0 && paths->map)
        status = link_map_read(paths->map, scratch, &map, err);
    if (status == 0)
        status = image_attribute(unstripped, paths->map, paths->map ? &map : NULL, image->file_bytes, scratch,
                                 &origins, err);
    if (status < 0)
        return status;
    image_origins_sort(&origins);
    image->origins = origins.items;
    image->origin_count = origins.count;
    return 0;
}

int image_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct image *image,
               struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct elf_file shipped, unstripped;
    struct elf_dynamic dynamic;
    *image = (struct image){0};
    int status = read_files(manifest, paths, &scratch, &shipped, &unstripped, err);
    if (status == 0)
        status = elf_dynamic_read(&shipped, arena, &dynamic, err);
    if (status < 0)
        return status;
    image->file_bytes = shipped.content.size_bytes;
    image->needed = dynamic.needed;
    image->interpreter = dynamic.interpreter;
    image->glibc = dynamic.glibc;
    image->glibc_symbol = dynamic.glibc_symbol;
    return read_origins(manifest, function, paths, &unstripped, &scratch, arena, image, err);
}
