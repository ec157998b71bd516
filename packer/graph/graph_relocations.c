#include "graph/graph_inner.h"
#include "graph/relocation.h"

#include <string.h>

static int add_reference(const struct graph_work *work, struct shared_arena *arena,
                         struct graph_reference **items, size_t *count, size_t *capacity,
                         struct graph_reference reference, struct shared_error *err)
{
    if (*count == *capacity) {
        size_t larger = *capacity ? 2 * *capacity : 4096;
        struct graph_reference *references =
            shared_arena_resize(arena, *items, *capacity * sizeof(*references), larger * sizeof(*references));
        if (!references)
            return graph_no_memory(work, err);
        *items = references;
        *capacity = larger;
    }
    (*items)[(*count)++] = reference;
    return 0;
}

int graph_add_reference(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err)
{
    return add_reference(work, work->early, &work->references, &work->reference_count,
                         &work->reference_capacity, (struct graph_reference){from, to}, err);
}

int graph_add_end(struct graph_work *work, uint64_t from, uint64_t to, struct shared_error *err)
{
    return add_reference(work, work->scratch, &work->ends, &work->end_count, &work->end_capacity,
                         (struct graph_reference){from, to}, err);
}

/* One section whose relocations are read. */
struct relocated {
    const struct elf_section *section;
    struct shared_slice bytes;
    bool in_code;
};

/* Symbols that linkers define themselves: they stand at the ends of what is there for other reasons. */
static bool is_boundary(struct shared_slice name)
{
    static const char *const names[] = {
        "__init_array_start",
        "__init_array_end",
        "__fini_array_start",
        "__fini_array_end",
        "__preinit_array_start",
        "__preinit_array_end",
        "__rela_iplt_start",
        "__rela_iplt_end",
        "__ehdr_start",
        "__executable_start",
        "__bss_start",
        "_DYNAMIC",
        "_GLOBAL_OFFSET_TABLE_",
        "__GNU_EH_FRAME_HDR",
        "_end",
        "end",
        "_edata",
        "edata",
        "_etext",
        "etext",
        "__etext",
        "_PROCEDURE_LINKAGE_TABLE_",
        "__TMC_END__",
    };
    if (name.size_bytes == 0 || (name.data[0] != '_' && name.data[0] != 'e'))
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (shared_slice_equal(name, shared_slice_from_text(names[i])))
            return true;
    return false;
}

/* Sets what the symbol tells. False where the relocation has none that is defined, or leads to no bytes: to
 * thread-local zeros, which are at no address of the program's. */
static bool resolve(const struct graph_work *work, uint64_t index, struct relocation *relocation,
                    Elf64_Sym *symbol)
{
    if (index == 0 || index >= work->symbol_count)
        return false;
    memcpy(symbol, work->symbols.data + index * sizeof(*symbol), sizeof(*symbol));
    if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= work->file->section_count)
        return false;
    const GElf_Shdr *section = &work->file->sections[symbol->st_shndx].header;
    if (section->sh_size == 0 || (section->sh_type == SHT_NOBITS && (section->sh_flags & SHF_TLS) != 0))
        return false;
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    relocation->value = symbol->st_value + (type == STT_TLS ? work->tls_address : 0);
    relocation->section_symbol = type == STT_SECTION;
    relocation->section = symbol->st_shndx;
    return true;
}

/* "__start_NAME" and "__stop_NAME" stand for a whole section whose name is a C identifier. */
static int reference_section(struct graph_work *work, uint64_t from, const Elf64_Sym *symbol, bool *done,
                             struct shared_error *err)
{
    *done = false;
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    if (symbol->st_size != 0 || (type != STT_NOTYPE && type != STT_OBJECT))
        return 0;
    const GElf_Shdr *header = &work->file->sections[symbol->st_shndx].header;
    struct shared_slice name = elf_text(work->texts, symbol->st_name);
    bool start = name.size_bytes > 8 && memcmp(name.data, "__start_", 8) == 0;
    bool stop = name.size_bytes > 7 && memcmp(name.data, "__stop_", 7) == 0;
    *done = start || stop || is_boundary(name) || symbol->st_value == header->sh_addr + header->sh_size;
    uint32_t first = 0, end = 0;
    if (start || stop)
        graph_section_runs(work, header, &first, &end);
    int status = 0;
    for (uint32_t i = first; status == 0 && i < end; i++)
        status = graph_add_reference(work, from, work->layout->runs.items[i].start, err);
    return status;
}

static bool is_code(const struct graph_work *work, uint32_t run)
{
    const GElf_Shdr *section = run == GRAPH_NONE ? NULL : graph_run_section(work, run);
    return section && (section->sh_flags & SHF_EXECINSTR) != 0;
}

/* A jump table's entry is a distance from the table's start; any other one in data is from where it stands. */
static uint64_t settle_distance(const struct graph_work *work, uint32_t from_run,
                                const struct relocation *relocation, uint64_t sum)
{
    if (relocation->section_symbol && from_run != GRAPH_NONE) {
        uint64_t place = relocation->place;
        uint64_t to = sum - (place - graph_mark_before(work, from_run, place));
        uint32_t run = graph_run_at(work, to);
        if (is_code(work, run) && work->member_of[run] == work->member_of[from_run])
            return to;
    }
    return graph_settle_target(work, from_run, relocation, sum);
}

/* What a section's symbol may have meant instead. Of arm64's gcc numbers beside it call variables with symbols too. */
static int read_other(struct graph_work *work, const struct relocation *relocation, uint32_t from_run,
                      uint64_t to, struct shared_error *err)
{
    if (work->file->header.e_machine == EM_AARCH64)
        return 0;
    /* Where a number is beside them strings are called by symbols of their own (RIP's), and their addresses are no
     * operands in memory with a register beside them (32S): then a section's symbol means a table's end as well. */
    bool beside_number =
        relocation->in_code && (relocation->type == R_X86_64_PC32 || relocation->type == R_X86_64_32S);
    uint32_t run = graph_run_at(work, to);
    uint64_t other = is_code(work, run) ? to : graph_other_target(work, from_run, to, beside_number);
    if (other != to)
        return graph_add_reference(work, relocation->place, other, err);
    bool first = run != GRAPH_NONE && run > 0 && work->layout->runs.items[run].start == to;
    return first && !is_code(work, run) && work->layout->runs.items[run - 1].end == to
               ? graph_add_end(work, relocation->place, to - 1, err)
               : 0;
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
    uint32_t from_run = graph_run_at(work, rela->r_offset);
    if (form == RELOCATION_DISTANCE)
        to = settle_distance(work, from_run, &relocation, to);
    else
        to = graph_settle_target(work, from_run, &relocation, to);
    uint64_t resolver = graph_run_at(work, to) == GRAPH_NONE ? graph_stub_resolver(work, to) : 0;
    if (resolver != 0)
        to = resolver;
    graph_set_mark(work, to);
    status = graph_add_reference(work, rela->r_offset, to, err);
    return status < 0 || !relocation.section_symbol ? status
                                                    : read_other(work, &relocation, from_run, to, err);
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

/* Makes room for all references: a list that grew beside another would be copied again and again. Tables of a hostile
 * file may be the same bytes many times. */
static int make_room(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    uint64_t sum = 0;
    for (size_t i = 0; i < file->section_count; i++) {
        sum += relocated_section(file, &file->sections[i]) ? file->sections[i].header.sh_size : 0;
        if (sum > file->content.size_bytes)
            return shared_fail(err, SHARED_EPROTO, 0, "%s: its tables of relocations have more bytes than it",
                               file->path);
    }
    work->reference_capacity = (size_t)(sum / sizeof(Elf64_Rela)) + work->place_count + 1;
    work->references = shared_arena_alloc(work->early, work->reference_capacity * sizeof(*work->references));
    return work->references ? 0 : graph_no_memory(work, err);
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
    int status = make_room(work, err);
    if (status == 0)
        status = graph_list_resolvers(work, err);
    if (status == 0)
        status = graph_make_marks(work, err);
    if (status == 0)
        status = read_tables(work, true, &count, err);
    if (status == 0)
        status = read_tables(work, false, &count, err);
    if (status == 0 && count == 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "%s has no relocations: link it with -Wl,-q (--emit-relocs)", work->file->path);
    return status;
}
