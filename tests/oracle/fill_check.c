#include "fill_check.h"

#include "oracle.h"

#include <string.h>

enum { UNKNOWN, PART, TABLE, HEADER };

/* Where an address lies in what ships; false: nowhere. */
static bool offset_of(const struct elf_file *shipped, uint64_t address, uint64_t *offset)
{
    struct shared_slice bytes = elf_file_at(shipped, address);
    *offset = bytes.data ? (uint64_t)(bytes.data - shipped->content.data) : 0;
    return bytes.data != NULL;
}

static void set(const struct elf_file *shipped, unsigned char *kinds, uint64_t address, uint64_t size,
                int kind)
{
    uint64_t offset;
    if (size > 0 && offset_of(shipped, address, &offset) && size <= shipped->content.size_bytes - offset)
        memset(kinds + offset, kind, size);
}

/* Instructions that do nothing (Intel SDM, NOP: "Recommended Multi-Byte Sequence"), INT3, and arm64's NOP, as bytes. */
static bool is_fill(unsigned char byte)
{
    static const unsigned char fills[] = {0x00, 0x90, 0xcc, 0x66, 0x2e, 0x0f, 0x1f,
                                          0x84, 0x80, 0x40, 0x44, 0x20, 0x03, 0xd5};
    return memchr(fills, byte, sizeof(fills)) != NULL;
}

/* Whether a section has parts: any of them begins in it. */
static bool has_parts(const struct graph *graph, const GElf_Shdr *header)
{
    for (size_t i = 1; i < graph->atom_count; i++)
        if (graph->atoms[i].address - header->sh_addr < header->sh_size && !graph->atoms[i].zero)
            return true;
    return false;
}

int fill_count(const struct graph *graph, const struct elf_file *shipped, const struct elf_file *unstripped,
               struct shared_arena *arena, struct fill_count *count, struct shared_error *err)
{
    size_t size = shipped->content.size_bytes;
    unsigned char *kinds = shared_arena_alloc(arena, size);
    uint64_t frames = 0;
    if (!kinds)
        return oracle_no_memory(err);
    memset(kinds, UNKNOWN, size);
    memset(kinds, HEADER, sizeof(Elf64_Ehdr) + shipped->segment_count * sizeof(Elf64_Phdr));
    for (size_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        frames += atom->frame_bytes;
        if (!atom->zero)
            set(shipped, kinds, atom->address, atom->size_bytes, PART);
    }
    for (size_t i = 0; i < unstripped->section_count; i++) {
        const GElf_Shdr *header = &unstripped->sections[i].header;
        if (elf_section_is_loaded(&unstripped->sections[i]) && !has_parts(graph, header))
            set(shipped, kinds, header->sh_addr, header->sh_size, TABLE);
    }
    *count = (struct fill_count){0};
    for (size_t i = 0; i < size; i++) {
        count->table_bytes += kinds[i] == TABLE;
        count->padding_bytes += kinds[i] == UNKNOWN;
        count->meaningful += kinds[i] == UNKNOWN && !is_fill((unsigned char)shipped->content.data[i]);
    }
    count->table_bytes -= frames;
    return 0;
}
