#include "graph/graph_inner.h"

#include <stdlib.h>
#include <string.h>

static const struct elf_section *find_section(const struct elf_file *file, GElf_Word type)
{
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].header.sh_type == type)
            return &file->sections[i];
    return NULL;
}

/* Assemblers' own: "$x" and "$d" mark code and data on arm64, ".L…" are labels. */
static bool is_label(const char *name)
{
    return name[0] == '\0' || name[0] == '$' || (name[0] == '.' && name[1] == 'L');
}

/* Of several names of one address a global one of a function or an object goes first. */
static uint8_t rank_of(const Elf64_Sym *symbol)
{
    unsigned type = ELF64_ST_TYPE(symbol->st_info), bind = ELF64_ST_BIND(symbol->st_info);
    unsigned rank = type == STT_FUNC || type == STT_OBJECT || type == STT_GNU_IFUNC ? 8 : 0;
    rank += symbol->st_size > 0 ? 4 : 0;
    rank += bind == STB_GLOBAL ? 2 : bind == STB_WEAK ? 1 : 0;
    return (uint8_t)rank;
}

/* What a linker script defines (_end, __bss_start) names no bytes: global, without type and size, in data. */
static bool names_bytes(const Elf64_Sym *symbol, const struct elf_section *section, bool code)
{
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    if ((section->header.sh_flags & SHF_ALLOC) == 0 || type == STT_SECTION || type == STT_FILE)
        return false;
    return type != STT_NOTYPE || symbol->st_size > 0 || code || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
}

static int by_address(const void *a, const void *b)
{
    const struct graph_symbol *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void list_places(struct graph_work *work)
{
    const struct elf_file *file = work->file;
    for (size_t i = 1; i < work->symbol_count; i++) {
        Elf64_Sym symbol;
        memcpy(&symbol, work->symbols.data + i * sizeof(symbol), sizeof(symbol));
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= file->section_count)
            continue;
        const struct elf_section *section = &file->sections[symbol.st_shndx];
        bool code = (section->header.sh_flags & SHF_EXECINSTR) != 0;
        struct shared_slice name = elf_text(work->texts, symbol.st_name);
        if (name.size_bytes == 0 || is_label(name.data) || !names_bytes(&symbol, section, code))
            continue;
        uint64_t address = symbol.st_value;
        if (ELF64_ST_TYPE(symbol.st_info) == STT_TLS) {
            if (section->header.sh_type == SHT_NOBITS)
                continue;
            address += work->tls_address;
        }
        work->places[work->place_count++] =
            (struct graph_symbol){.address = address,
                                  .size_bytes = symbol.st_size,
                                  .name = name.data,
                                  .rank = rank_of(&symbol),
                                  .global = ELF64_ST_BIND(symbol.st_info) != STB_LOCAL,
                                  .code = code};
    }
}

int graph_read_symbols(struct graph_work *work, struct shared_error *err)
{
    const struct elf_file *file = work->file;
    const struct elf_section *table = find_section(file, SHT_SYMTAB);
    if (!table || table->header.sh_link >= file->section_count)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "%s has no symbols: give the program as it was linked, not stripped", file->path);
    const GElf_Shdr *texts = &file->sections[table->header.sh_link].header;
    if (texts->sh_type != SHT_STRTAB || table->header.sh_size / sizeof(Elf64_Sym) > GRAPH_NONE)
        return shared_fail(err, SHARED_EPROTO, 0, "%s: its symbols have no names", file->path);
    const GElf_Phdr *tls = elf_file_segment(file, PT_TLS);
    work->symbols = elf_file_bytes(file, table->header.sh_offset, table->header.sh_size);
    work->symbol_count = table->header.sh_size / sizeof(Elf64_Sym);
    work->texts = elf_file_bytes(file, texts->sh_offset, texts->sh_size);
    work->tls_address = tls ? tls->p_vaddr : 0;
    work->places = shared_arena_alloc(work->early, work->symbol_count * sizeof(*work->places));
    if (!work->places)
        return graph_no_memory(work, err);
    list_places(work);
    qsort(work->places, work->place_count, sizeof(*work->places), by_address);
    size_t kept = 0;
    for (size_t i = 0; i < work->place_count; i++) {
        if (kept == 0 || work->places[kept - 1].address != work->places[i].address)
            work->places[kept++] = work->places[i];
        else
            work->places[kept - 1].global |= work->places[i].global;
    }
    work->place_count = kept;
    return graph_index_make(&work->place_index, work->places, kept, sizeof(*work->places), work->early) < 0
               ? graph_no_memory(work, err)
               : 0;
}
