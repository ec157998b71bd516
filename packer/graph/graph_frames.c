#include "graph/graph_inner.h"

/*
 * .eh_frame: an entry belongs to the function that it describes, and what the entry refers to beyond that, a
 * table of cleanups and its reader (LSDA and personality), is needed by that function. The addresses are read from
 * the entries themselves: lld keeps no relocations of theirs.
 */

struct frame_reader {
    struct graph_work *work;
    int status;
    struct shared_error *err;
};

static void take_frame(void *user, const struct image_frame *frame)
{
    struct frame_reader *reader = user;
    const uint64_t needed[] = {frame->table, frame->personality};
    uint32_t atom = graph_atom_at(reader->work, frame->code);
    if (atom == GRAPH_NONE)
        return;
    reader->work->graph->atoms[atom].frame_bytes += (uint32_t)frame->bytes;
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]) && reader->status == 0; i++)
        if (needed[i] != 0)
            reader->status =
                graph_add_edge(reader->work, atom, graph_atom_at(reader->work, needed[i]), reader->err);
}

int graph_read_frames(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const struct elf_section *section = &file->sections[i];
        struct frame_reader reader = {.work = work, .err = err};
        if (!elf_section_is_loaded(section) ||
            !shared_slice_equal(section->name, shared_slice_from_text(".eh_frame")))
            continue;
        work->graph->frames_address = section->header.sh_addr;
        work->graph->frames_bytes = section->header.sh_size;
        image_frames_each(file, section, take_frame, &reader);
        if (reader.status < 0)
            return reader.status;
    }
    return 0;
}
