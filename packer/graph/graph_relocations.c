#include "graph/graph_inner.h"
#include "graph/relocation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int graph_add_reference(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err)
{
    if (work->reference_count == work->reference_capacity) {
        size_t larger = work->reference_capacity ? 2 * work->reference_capacity : 4096;
        struct graph_reference *references =
            shared_arena_resize(work->scratch, work->references,
                                work->reference_capacity * sizeof(*references), larger * sizeof(*references));
        if (!references)
            return graph_no_memory(work, err);
        work->references = references;
        work->reference_capacity = larger;
    }
    work->references[work->reference_count++] = (struct graph_reference){from, to};
    return 0;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Lists where references lead to in data, so that what stands there can be told apart. */
static int list_marks(struct graph_work *work, struct shared_error *err)
{
    work->marks = shared_arena_alloc(work->scratch, work->reference_count * sizeof(*work->marks));
    if (!work->marks)
        return graph_no_memory(work, err);
    work->mark_count = 0;
    for (size_t i = 0; i < work->reference_count; i++)
        work->marks[work->mark_count++] = work->references[i].to;
    qsort(work->marks, work->mark_count, sizeof(*work->marks), by_value);
    size_t kept = 0;
    for (size_t i = 0; i < work->mark_count; i++)
        if (kept == 0 || work->marks[kept - 1] != work->marks[i])
            work->marks[kept++] = work->marks[i];
    work->mark_count = kept;
    return 0;
}

/* The last mark that is not after an address. */
static uint64_t mark_before(const struct graph_work *work, uint64_t address)
{
    size_t low = 0, high = work->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (work->marks[middle] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? work->marks[low - 1] : address;
}

/* One section whose relocations are read. */
struct relocated {
    const struct elf_section *section;
    struct shared_slice bytes;
    bool in_code;
};

/* Sets what the symbol tells. False where the relocation has none that is defined. */
static bool resolve(const struct graph_work *work, uint64_t index, struct relocation *relocation,
                    Elf64_Sym *symbol)
{
    if (index == 0 || index >= work->symbol_count)
        return false;
    memcpy(symbol, work->symbols.data + index * sizeof(*symbol), sizeof(*symbol));
    if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= work->file->section_count)
        return false;
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    relocation->value = symbol->st_value + (type == STT_TLS ? work->tls_address : 0);
    relocation->section_symbol = type == STT_SECTION;
    return true;
}

/* "__start_NAME" and "__stop_NAME" stand for a whole section whose name is a C identifier. */
static int reference_section(struct graph_work *work, uint64_t from, const Elf64_Sym *symbol, bool *done,
                             struct shared_error *err)
{
    *done = false;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_NOTYPE || symbol->st_size != 0)
        return 0;
    const GElf_Shdr *header = &work->file->sections[symbol->st_shndx].header;
    struct shared_slice name = elf_text(work->texts, symbol->st_name);
    bool start = name.size_bytes > 8 && memcmp(name.data, "__start_", 8) == 0;
    bool stop = name.size_bytes > 7 && memcmp(name.data, "__stop_", 7) == 0;
    *done = start || stop || symbol->st_value == header->sh_addr + header->sh_size;
    int status = 0;
    for (size_t i = 0; (start || stop) && status == 0 && i < work->layout->runs.count; i++) {
        const struct image_run *run = &work->layout->runs.items[i];
        if (run->start >= header->sh_addr && run->start - header->sh_addr < header->sh_size)
            status = graph_add_reference(work, from, run->start, err);
    }
    return status;
}

static int read_one(struct graph_work *work, const struct relocated *target, const Elf64_Rela *rela,
                    struct shared_error *err)
{
    uint64_t skip = rela->r_offset - target->section->header.sh_addr;
    struct relocation relocation = {
        .place = rela->r_offset,
        .type = (uint32_t)ELF64_R_TYPE(rela->r_info),
        .addend = rela->r_addend,
        .in_code = target->in_code,
        .before = {target->bytes.data, skip < target->bytes.size_bytes ? skip : 0},
    };
    Elf64_Sym symbol;
    bool done;
    uint64_t to;
    if (!resolve(work, ELF64_R_SYM(rela->r_info), &relocation, &symbol))
        return 0;
    int status = reference_section(work, rela->r_offset, &symbol, &done, err);
    if (status < 0 || done)
        return status;
    enum relocation_form form = work->file->header.e_machine == EM_AARCH64
                                    ? relocation_arm64(&relocation, &to)
                                    : relocation_x86_64(&relocation, &to);
    if (form == RELOCATION_NONE)
        return 0;
    if (form == RELOCATION_DISTANCE)
        to -= rela->r_offset - mark_before(work, rela->r_offset);
    return graph_add_reference(work, rela->r_offset, to, err);
}

/* The section that a table of relocations is for; NULL where it is none of the program's own bytes: dynamic
 * relocations repeat others, and .eh_frame describes code, it does not need it. */
static const struct elf_section *relocated_section(const struct elf_file *file,
                                                   const struct elf_section *table)
{
    const GElf_Shdr *header = &table->header;
    if (header->sh_type != SHT_RELA || (header->sh_flags & SHF_ALLOC) != 0 || header->sh_info == 0 ||
        header->sh_info >= file->section_count || header->sh_entsize != sizeof(Elf64_Rela))
        return NULL;
    const struct elf_section *section = &file->sections[header->sh_info];
    if (!elf_section_is_loaded(section) ||
        shared_slice_equal(section->name, shared_slice_from_text(".eh_frame")))
        return NULL;
    return section;
}

static int read_tables(struct graph_work *work, bool in_code, size_t *count, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        const struct elf_section *section = relocated_section(file, &file->sections[i]);
        if (!section || ((section->header.sh_flags & SHF_EXECINSTR) != 0) != in_code)
            continue;
        const struct relocated target = {
            section, elf_file_bytes(file, section->header.sh_offset, section->header.sh_size), in_code};
        struct shared_slice table = elf_file_bytes(file, header->sh_offset, header->sh_size);
        for (size_t at = 0; table.size_bytes - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
            Elf64_Rela rela;
            memcpy(&rela, table.data + at, sizeof(rela));
            int status = read_one(work, &target, &rela, err);
            if (status < 0)
                return status;
            ++*count;
        }
    }
    return 0;
}

/* Code first: what it refers to in data is where tables begin, which those in the tables are relative to. */
int graph_read_relocations(struct graph_work *work, struct shared_error *err)
{
    size_t count = 0;
    int status = read_tables(work, true, &count, err);
    if (status == 0)
        status = list_marks(work, err);
    if (status == 0)
        status = read_tables(work, false, &count, err);
    if (status == 0)
        status = list_marks(work, err);
    if (status == 0 && count == 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "%s has no relocations: link it with -Wl,-q (--emit-relocs)", work->file->path);
    return status;
}
