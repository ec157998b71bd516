#include "graph/graph.h"

#include "base/cleanup.h"
#include "image/elf_file.h"

#include <string.h>
#include <zlib.h>

/* Bytes of the stream that are handed to zlib at a time: what they give is their share. */
#define STEP_BYTES 8

/* After so many bytes of the stream so many bytes of the file are there. */
struct step_end {
    uint64_t out, in;
};

struct shares {
    struct step_end *ends; /* the first is 0, 0 */
    size_t count;
    size_t at; /* the last one asked for */
};

/* Inflates the stream step by step; what comes out is only counted. */
static int measure(struct shares *shares, struct shared_slice stream, uint64_t file_bytes, const char *path,
                   struct shared_arena *scratch, struct shared_error *err)
{
    size_t window = 256u << 10;
    unsigned char *out = shared_arena_alloc(scratch, window);
    shares->ends = shared_arena_alloc(scratch, (stream.size_bytes / STEP_BYTES + 2) * sizeof(*shares->ends));
    z_stream z = {0};
    if (!out || !shares->ends || inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to look into the deflated %s", path);
    int status = Z_OK;
    uint64_t total = 0;
    shares->ends[shares->count++] = (struct step_end){0, 0};
    for (size_t in = 0; status == Z_OK && in < stream.size_bytes;) {
        size_t size = stream.size_bytes - in < STEP_BYTES ? stream.size_bytes - in : STEP_BYTES;
        z.next_in = (unsigned char *)(uintptr_t)stream.data + in;
        z.avail_in = (uInt)size;
        do {
            z.next_out = out;
            z.avail_out = (uInt)window;
            status = inflate(&z, Z_NO_FLUSH);
            total += window - z.avail_out;
        } while (status == Z_OK && z.avail_out == 0);
        if (status == Z_BUF_ERROR)
            status = Z_OK; /* it wants more */
        in += size;
        shares->ends[shares->count++] = (struct step_end){total, in};
    }
    inflateEnd(&z);
    return status == Z_STREAM_END && total == file_bytes
               ? 0
               : shared_fail(err, SHARED_EPROTO, 0, "the deflated bytes given are not those of %s", path);
}

/* Bytes of the stream up to an offset of the file; rising offsets are looked up at once. */
static uint64_t stream_before(struct shares *shares, uint64_t offset)
{
    if (shares->ends[shares->at].out > offset)
        shares->at = 0;
    while (shares->at + 1 < shares->count && shares->ends[shares->at + 1].out <= offset)
        shares->at++;
    const struct step_end *before = &shares->ends[shares->at];
    if (shares->at + 1 == shares->count)
        return before->in;
    const struct step_end *after = before + 1;
    return before->in + (after->in - before->in) * (offset - before->out) / (after->out - before->out);
}

static uint64_t share_of(struct shares *shares, uint64_t offset, uint64_t size_bytes)
{
    uint64_t before = stream_before(shares, offset);
    return stream_before(shares, offset + size_bytes) - before;
}

/* Where an address lies in the file. */
static bool find_offset(const struct elf_file *file, uint64_t address, uint64_t size_bytes, uint64_t *offset)
{
    for (size_t i = 0; i < file->segment_count; i++) {
        const GElf_Phdr *segment = &file->segments[i];
        uint64_t skip = address - segment->p_vaddr;
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr || skip > segment->p_filesz ||
            size_bytes > segment->p_filesz - skip)
            continue;
        *offset = segment->p_offset + skip;
        return true;
    }
    return false;
}

static void give(struct graph *graph, const struct elf_file *file, struct shares *shares)
{
    uint64_t offset, frames = 0;
    if (graph->frames_bytes > 0 && find_offset(file, graph->frames_address, graph->frames_bytes, &offset))
        frames = share_of(shares, offset, graph->frames_bytes);
    for (size_t i = 1; i < graph->atom_count; i++) {
        struct graph_atom *atom = &graph->atoms[i];
        uint64_t share = graph->frames_bytes ? frames * atom->frame_bytes / graph->frames_bytes : 0;
        if (!atom->zero && find_offset(file, atom->address, atom->size_bytes, &offset))
            share += share_of(shares, offset, atom->size_bytes);
        struct graph_member *member = &graph->members[atom->member];
        atom->deflated_bytes = (uint32_t)share;
        member->deflated_bytes += (uint32_t)share;
        graph->libraries[member->library].deflated_bytes += (uint32_t)share;
    }
}

int graph_share_deflated(struct graph *graph, const char *shipped, struct shared_slice stream,
                         struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct shares shares = {0};
    struct elf_file file;
    int status = elf_file_read(shipped, &scratch, &file, err);
    if (status == 0)
        status = measure(&shares, stream, file.content.size_bytes, shipped, &scratch, err);
    if (status < 0)
        return status;
    give(graph, &file, &shares);
    graph->deflated_bytes = stream.size_bytes;
    return 0;
}
