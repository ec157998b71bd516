#include "layer/layer_elf.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#define MOST_SEGMENTS 1024
#define MOST_DYNAMIC_BYTES ((size_t)1 << 20)
#define MOST_NEEDED 4096

struct reading {
    int fd;
    struct shared_arena *arena;
    Elf64_Phdr *segments;
    size_t segment_count;
    Elf64_Dyn *dynamic;
    size_t dynamic_count;
    uint64_t texts; /* offset in the file; 0: none */
    uint64_t text_bytes;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read shared objects");
}

static bool read_at(const struct reading *reading, uint64_t offset, void *data, size_t size_bytes)
{
    size_t done = 0;
    while (done < size_bytes && offset + done <= INT64_MAX - size_bytes) {
        ssize_t size = pread(reading->fd, (char *)data + done, size_bytes - done, (off_t)(offset + done));
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return false;
        done += (size_t)size;
    }
    return done == size_bytes;
}

/* Returns 1 where the file is nothing to us. */
static int read_segments(struct reading *reading, struct shared_error *err)
{
    Elf64_Ehdr header;
    if (!read_at(reading, 0, &header, sizeof(header)) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_type != ET_DYN || header.e_phentsize != sizeof(*reading->segments) ||
        header.e_phnum > MOST_SEGMENTS)
        return 1;
    size_t bytes = header.e_phnum * sizeof(*reading->segments);
    reading->segments = shared_arena_alloc(reading->arena, bytes);
    reading->segment_count = header.e_phnum;
    if (!reading->segments)
        return no_memory(err);
    return read_at(reading, header.e_phoff, reading->segments, bytes) ? 0 : 1;
}

static int read_dynamic(struct reading *reading, struct shared_error *err)
{
    const Elf64_Phdr *segment = NULL;
    for (size_t i = 0; !segment && i < reading->segment_count; i++)
        if (reading->segments[i].p_type == PT_DYNAMIC)
            segment = &reading->segments[i];
    if (!segment || segment->p_filesz > MOST_DYNAMIC_BYTES)
        return 1;
    reading->dynamic_count = segment->p_filesz / sizeof(*reading->dynamic);
    reading->dynamic = shared_arena_alloc(reading->arena, segment->p_filesz);
    if (!reading->dynamic)
        return no_memory(err);
    return read_at(reading, segment->p_offset, reading->dynamic,
                   reading->dynamic_count * sizeof(*reading->dynamic))
               ? 0
               : 1;
}

static uint64_t offset_of(const struct reading *reading, uint64_t address)
{
    for (size_t i = 0; i < reading->segment_count; i++) {
        const Elf64_Phdr *segment = &reading->segments[i];
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            address - segment->p_vaddr < segment->p_filesz)
            return segment->p_offset + (address - segment->p_vaddr);
    }
    return 0;
}

static void find_texts(struct reading *reading)
{
    for (size_t i = 0; i < reading->dynamic_count && reading->dynamic[i].d_tag != DT_NULL; i++) {
        if (reading->dynamic[i].d_tag == DT_STRTAB)
            reading->texts = offset_of(reading, reading->dynamic[i].d_un.d_ptr);
        if (reading->dynamic[i].d_tag == DT_STRSZ)
            reading->text_bytes = reading->dynamic[i].d_un.d_val;
    }
}

/* *text is NULL where none ends within the table, or within the length of a path. */
static int read_text(const struct reading *reading, uint64_t at, const char **text, struct shared_error *err)
{
    char bytes[PATH_MAX];
    *text = NULL;
    if (!reading->texts || at >= reading->text_bytes)
        return 0;
    size_t size = reading->text_bytes - at < sizeof(bytes) ? reading->text_bytes - at : sizeof(bytes);
    if (!read_at(reading, reading->texts + at, bytes, size) || !memchr(bytes, '\0', size))
        return 0;
    *text = shared_arena_copy(reading->arena, shared_slice_from_text(bytes));
    return *text ? 0 : no_memory(err);
}

static int read_entries(const struct reading *reading, struct layer_elf *elf, struct shared_error *err)
{
    int status = 0;
    size_t count = reading->dynamic_count < MOST_NEEDED ? reading->dynamic_count : MOST_NEEDED;
    elf->needed.items = shared_arena_alloc(reading->arena, count * sizeof(*elf->needed.items));
    if (!elf->needed.items)
        return no_memory(err);
    for (size_t i = 0; status == 0 && i < count && reading->dynamic[i].d_tag != DT_NULL; i++) {
        const Elf64_Dyn *entry = &reading->dynamic[i];
        const char *text = NULL;
        if (entry->d_tag == DT_NEEDED || entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH)
            status = read_text(reading, entry->d_un.d_val, &text, err);
        if (text && entry->d_tag == DT_NEEDED)
            elf->needed.items[elf->needed.count++] = text;
        else if (text)
            elf->paths[entry->d_tag == DT_RUNPATH] = text;
    }
    return status;
}

int layer_elf_read(const char *path, struct shared_arena *arena, struct layer_elf *elf,
                   struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    uint64_t size_bytes;
    *elf = (struct layer_elf){0};
    if (file_open(path, &fd, &size_bytes, NULL) < 0)
        return 0;
    struct reading reading = {.fd = fd, .arena = arena};
    int status = read_segments(&reading, err);
    if (status == 0)
        status = read_dynamic(&reading, err);
    if (status != 0)
        return status < 0 ? status : 0;
    find_texts(&reading);
    elf->shared_object = true;
    return read_entries(&reading, elf, err);
}
