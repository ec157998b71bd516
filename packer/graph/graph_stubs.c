#include "graph/graph_inner.h"

#include <stdlib.h>
#include <string.h>

static int by_place(const void *a, const void *b)
{
    const struct graph_reference *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static bool has_dynamic(const GElf_Shdr *header)
{
    return header->sh_type == SHT_RELA && (header->sh_flags & SHF_ALLOC) != 0;
}

int graph_list_resolvers(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    uint32_t wanted = file->header.e_machine == EM_AARCH64 ? R_AARCH64_IRELATIVE : R_X86_64_IRELATIVE;
    size_t room = 0;
    for (size_t i = 0; i < file->section_count; i++)
        if (has_dynamic(&file->sections[i].header))
            room += file->sections[i].header.sh_size / sizeof(Elf64_Rela);
    /* Sections of a hostile file may all be the same bytes. */
    if (room > file->content.size_bytes / sizeof(Elf64_Rela))
        room = file->content.size_bytes / sizeof(Elf64_Rela);
    work->resolvers = shared_arena_alloc(work->scratch, room * sizeof(*work->resolvers));
    if (!work->resolvers)
        return graph_no_memory(work, err);
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (!has_dynamic(header))
            continue;
        struct shared_slice table = elf_file_bytes(file, header->sh_offset, header->sh_size);
        for (size_t at = 0; table.size_bytes - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
            Elf64_Rela rela;
            memcpy(&rela, table.data + at, sizeof(rela));
            if (ELF64_R_TYPE(rela.r_info) == wanted && work->resolver_count < room)
                work->resolvers[work->resolver_count++] =
                    (struct graph_reference){rela.r_offset, (uint64_t)rela.r_addend};
        }
    }
    qsort(work->resolvers, work->resolver_count, sizeof(*work->resolvers), by_place);
    return 0;
}

static uint64_t resolver_of(const struct graph_work *work, uint64_t place)
{
    size_t low = 0, high = work->resolver_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (work->resolvers[middle].from < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < work->resolver_count && work->resolvers[low].from == place ? work->resolvers[low].to : 0;
}

/* ENDBR64; MOV R11D, number (mold); BND; then JMP [RIP + displacement]. */
static uint64_t x86_64_place(struct shared_slice code, uint64_t address)
{
    size_t at = 0;
    if (code.size_bytes >= 4 && memcmp(code.data, "\xf3\x0f\x1e\xfa", 4) == 0)
        at = 4;
    if (code.size_bytes >= at + 6 && memcmp(code.data + at, "\x41\xbb", 2) == 0)
        at += 6;
    if (code.size_bytes > at && code.data[at] == '\xf2')
        at++;
    if (code.size_bytes < at + 6 || memcmp(code.data + at, "\xff\x25", 2) != 0)
        return 0;
    int32_t displacement;
    memcpy(&displacement, code.data + at + 2, sizeof(displacement));
    return address + at + 6 + (uint64_t)(int64_t)displacement;
}

/* BTI C; then ADRP X16, page; LDR X17, [X16, offset]. */
static uint64_t arm64_place(struct shared_slice code, uint64_t address)
{
    uint32_t words[3] = {0};
    size_t size = code.size_bytes < sizeof(words) ? code.size_bytes : sizeof(words);
    memcpy(words, code.data, size);
    size_t at = words[0] == 0xd503245f ? 1 : 0;
    uint32_t page = words[at], load = words[at + 1];
    if ((page & 0x9f00001f) != 0x90000010 || (load & 0xffc003ff) != 0xf9400211)
        return 0;
    uint64_t pages = (page >> 3 & 0x1ffffc) | (page >> 29 & 3);
    pages = (pages ^ 0x100000) - 0x100000;
    return ((address + 4 * at) & ~(uint64_t)0xfff) + (pages << 12) + (load >> 10 & 0xfff) * 8;
}

uint64_t graph_stub_resolver(const struct graph_work *work, uint64_t address)
{
    if (work->resolver_count == 0)
        return 0;
    struct shared_slice code = elf_file_at(work->file, address);
    if (!code.data)
        return 0;
    return resolver_of(work, work->file->header.e_machine == EM_AARCH64 ? arm64_place(code, address)
                                                                        : x86_64_place(code, address));
}
