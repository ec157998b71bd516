#include "link/cut_sections.h"

#include "base/file.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* A program over the unzipped limit is refused later, with that limit's name; this only bounds what is read.
 */
#define PROGRAM_LIMIT_BYTES ((size_t)1 << 30)

static bool is_elf64(struct shared_slice file, Elf64_Ehdr *header)
{
    if (file.size_bytes < sizeof(*header))
        return false;
    memcpy(header, file.data, sizeof(*header));
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
           header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_phentsize == sizeof(Elf64_Phdr) &&
           header->e_phnum != PN_XNUM && header->e_phoff <= file.size_bytes &&
           header->e_phnum <= (file.size_bytes - header->e_phoff) / sizeof(Elf64_Phdr);
}

/* Where the last segment ends, or the size of the file where a segment claims more. */
static size_t end_of_segments(struct shared_slice file, const Elf64_Ehdr *header)
{
    size_t end = header->e_phoff + header->e_phnum * sizeof(Elf64_Phdr);
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        memcpy(&segment, file.data + header->e_phoff + i * sizeof(segment), sizeof(segment));
        if (segment.p_type == PT_NULL || segment.p_filesz == 0)
            continue;
        if (segment.p_offset > file.size_bytes || segment.p_filesz > file.size_bytes - segment.p_offset)
            return file.size_bytes;
        if (segment.p_offset + segment.p_filesz > end)
            end = segment.p_offset + segment.p_filesz;
    }
    return end;
}

static struct shared_slice cut(struct shared_slice file)
{
    Elf64_Ehdr header;
    if (!is_elf64(file, &header))
        return file;
    size_t end = end_of_segments(file, &header);
    if (end >= file.size_bytes)
        return file;
    header.e_shoff = 0;
    header.e_shnum = 0;
    header.e_shentsize = 0;
    header.e_shstrndx = SHN_UNDEF;
    memcpy((char *)file.data, &header, sizeof(header));
    return shared_slice_of(file.data, end);
}

/* A file that is there may be of a run that was killed before it came to this; one of another user's cannot be changed,
 * and need not where it is executable. */
static int make_executable(const char *path, struct shared_error *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 07777) == 0755)
        return 0;
    return chmod(path, 0755) == 0 ? 0 : shared_fail(err, SHARED_EIO, errno, "make %s executable", path);
}

int cut_sections(const char *from, const char *to, struct shared_arena *arena, struct build_id *id,
                 struct shared_error *err)
{
    struct shared_slice file, old;
    int status = file_read(from, PROGRAM_LIMIT_BYTES, arena, &file, err);
    if (status < 0)
        return status;
    file = cut(file);
    build_id_fill(file, id);
    if (file_read(to, PROGRAM_LIMIT_BYTES, arena, &old, NULL) < 0 || !shared_slice_equal(old, file))
        status = file_write(to, file, err);
    return status == 0 ? make_executable(to, err) : status;
}
