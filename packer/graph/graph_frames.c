#include "graph/graph_inner.h"

#include <string.h>

/*
 * .eh_frame: an entry belongs to the function that it describes, and what the entry refers to beyond that, a
 * table of cleanups and its reader (LSDA and personality), is needed by that function.
 */

struct frame_reader {
    struct graph_work *work;
    const struct elf_section *section;
    const Elf64_Rela *relocations; /* in a copy, by offset as linkers write them */
    size_t relocation_count;
    int status;
    struct shared_error *err;
};

/* The first relocation not before an address. */
static size_t first_from(const struct frame_reader *reader, uint64_t address)
{
    size_t low = 0, high = reader->relocation_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reader->relocations[middle].r_offset < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t target_of(const struct graph_work *work, const Elf64_Rela *relocation)
{
    Elf64_Sym symbol;
    uint64_t index = ELF64_R_SYM(relocation->r_info);
    if (index == 0 || index >= work->symbol_count)
        return GRAPH_NONE;
    memcpy(&symbol, work->symbols.data + index * sizeof(symbol), sizeof(symbol));
    return symbol.st_shndx == SHN_UNDEF
               ? GRAPH_NONE
               : graph_atom_at(work->graph, symbol.st_value + (uint64_t)relocation->r_addend);
}

static void add_needs(struct frame_reader *reader, uint32_t atom, uint64_t offset, uint64_t bytes)
{
    uint64_t address = reader->section->header.sh_addr + offset;
    for (size_t i = first_from(reader, address);
         i < reader->relocation_count && reader->relocations[i].r_offset < address + bytes; i++) {
        if (reader->status == 0)
            reader->status = graph_add_edge(reader->work, atom,
                                            target_of(reader->work, &reader->relocations[i]), reader->err);
    }
}

static void take_frame(void *user, const struct image_frame *frame)
{
    struct frame_reader *reader = user;
    uint32_t atom = graph_atom_at(reader->work->graph, frame->code);
    if (atom == GRAPH_NONE)
        return;
    reader->work->graph->atoms[atom].frame_bytes += (uint32_t)frame->bytes;
    add_needs(reader, atom, frame->offset, frame->bytes);
    uint32_t length;
    memcpy(&length,
           elf_file_bytes(reader->work->file, reader->section->header.sh_offset + frame->common, 4).data,
           sizeof(length));
    add_needs(reader, atom, frame->common, 4 + (uint64_t)length);
}

/* The relocations of the section, where the linker kept them: lld does not. */
static int find_relocations(struct frame_reader *reader, size_t index)
{
    const struct elf_file *file = reader->work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (header->sh_type != SHT_RELA || header->sh_info != index || (header->sh_flags & SHF_ALLOC) != 0)
            continue;
        size_t count = header->sh_size / sizeof(Elf64_Rela);
        Elf64_Rela *copy = shared_arena_alloc(reader->work->scratch, count * sizeof(*copy));
        if (!copy)
            return graph_no_memory(reader->work, reader->err);
        memcpy(copy, elf_file_bytes(file, header->sh_offset, header->sh_size).data, count * sizeof(*copy));
        reader->relocations = copy;
        reader->relocation_count = count;
    }
    return 0;
}

int graph_read_frames(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        struct frame_reader reader = {.work = work, .section = &file->sections[i], .err = err};
        if (!elf_section_is_loaded(reader.section) ||
            !shared_slice_equal(reader.section->name, shared_slice_from_text(".eh_frame")))
            continue;
        work->graph->frames_address = reader.section->header.sh_addr;
        work->graph->frames_bytes = reader.section->header.sh_size;
        int status = find_relocations(&reader, i);
        if (status < 0)
            return status;
        image_frames_each(file, reader.section, take_frame, &reader);
        if (reader.status < 0)
            return reader.status;
    }
    return 0;
}
