#include "link/build_id.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdint.h>
#include <string.h>

#define PROGRAM_LIMIT_BYTES ((size_t)1 << 30)

/* What a program has: a build id, else room for one. */
struct found {
    struct build_id id;
    size_t room_offset; /* in the file; 0: none */
};

static void end_elf(Elf **elf)
{
    elf_end(*elf);
}

static bool is_zero(const char *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++) {
        if (bytes[i])
            return false;
    }
    return true;
}

static void look_at_segment(Elf *elf, const GElf_Phdr *segment, struct found *found)
{
    GElf_Nhdr note;
    size_t at = 0, name, value;
    /* Notes are read as aligned to 4 bytes whatever the segment says: mold puts both kinds into one, and
     * of those aligned to 8 that programs have none has an odd number of words. */
    Elf_Data *data = elf_getdata_rawchunk(elf, (int64_t)segment->p_offset, segment->p_filesz, ELF_T_NHDR);
    while (data && found->id.size_bytes == 0 && (at = gelf_getnote(data, at, &note, &name, &value)) > 0) {
        const char *bytes = data->d_buf;
        if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
            memcmp(bytes + name, "GNU", sizeof("GNU")) != 0 || note.n_descsz > BUILD_ID_LIMIT_BYTES)
            continue;
        if (!is_zero(bytes + value, note.n_descsz)) {
            memcpy(found->id.bytes, bytes + value, note.n_descsz);
            found->id.size_bytes = note.n_descsz;
        } else if (note.n_descsz == sizeof(struct hash) && !found->room_offset) {
            found->room_offset = segment->p_offset + value;
        }
    }
}

/* False where it is no ELF file. */
static bool look(Elf *elf, struct found *found)
{
    size_t count = 0;
    GElf_Phdr segment;
    *found = (struct found){0};
    if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &count) < 0)
        return false;
    for (size_t i = 0; i < count && found->id.size_bytes == 0; i++) {
        if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_NOTE)
            look_at_segment(elf, &segment, found);
    }
    return true;
}

/* Where a program in memory has room that is to be filled; NULL: nowhere. */
static char *find_room(struct shared_slice program)
{
    struct found found;
    elf_version(EV_CURRENT);
    CLEANUP(end_elf) Elf *elf = elf_memory((char *)(uintptr_t)program.data, program.size_bytes);
    if (!look(elf, &found) || found.id.size_bytes > 0 || !found.room_offset)
        return NULL;
    return (char *)(uintptr_t)program.data + found.room_offset;
}

void build_id_fill(struct shared_slice program, struct build_id *id)
{
    char *room = find_room(program);
    *id = (struct build_id){0};
    if (!room)
        return;
    struct hash hash = hash_bytes(program);
    memcpy(room, &hash, sizeof(hash));
    memcpy(id->bytes, &hash, sizeof(hash));
    id->size_bytes = sizeof(hash);
}

int build_id_copy(const char *from, const char *to, const struct build_id *id, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena arena = {0};
    struct shared_slice program, old;
    if (id->size_bytes == 0)
        return file_copy(from, to, err);
    int status = file_read(from, PROGRAM_LIMIT_BYTES, &arena, &program, err);
    if (status < 0)
        return status;
    char *room = find_room(program);
    if (room)
        memcpy(room, id->bytes, sizeof(struct hash));
    if (file_read(to, PROGRAM_LIMIT_BYTES, &arena, &old, NULL) == 0 && shared_slice_equal(old, program))
        return 0;
    return file_write(to, program, err);
}

int build_id_read(const char *path, struct build_id *id, struct shared_error *err)
{
    struct found found;
    CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", path);
    elf_version(EV_CURRENT);
    CLEANUP(end_elf) Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    if (!look(elf, &found))
        return shared_fail(err, SHARED_EPROTO, 0, "%s is not a program: it is no ELF file", path);
    *id = found.id;
    return 0;
}
