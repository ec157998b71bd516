#include "image/elf_needs.h"

#include "image/elf_tables.h"

#include <stdlib.h>
#include <string.h>

/* LSB Core 5.0, chapter 10.7, "Symbol Versioning": Elf64_Verdef. */

#define INDEX_COUNT (ELF_VERSION_MASK + 1)
#define HIDDEN 0x8000 /* not for links: kept for programs of old */

static const struct elf_section *find_section(const struct elf_file *file, GElf_Word type)
{
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].header.sh_type == type)
            return &file->sections[i];
    return NULL;
}

static struct shared_slice bytes_of(const struct elf_file *file, const struct elf_section *section)
{
    return section ? elf_file_bytes(file, section->header.sh_offset, section->header.sh_size)
                   : shared_slice_of(NULL, 0);
}

/* Names of versions by index, as offsets of texts. */
static void read_definitions(const struct elf_file *file, uint64_t *names)
{
    const struct elf_section *section = find_section(file, SHT_GNU_verdef);
    struct shared_slice table = bytes_of(file, section);
    uint64_t at = 0;
    for (uint64_t i = 0; section && i < section->header.sh_info; i++) {
        Elf64_Verdef definition;
        Elf64_Verdaux name;
        if (at > table.size_bytes || table.size_bytes - at < sizeof(definition))
            return;
        memcpy(&definition, table.data + at, sizeof(definition));
        uint64_t aux = at + definition.vd_aux;
        if (aux > table.size_bytes || table.size_bytes - aux < sizeof(name))
            return;
        memcpy(&name, table.data + aux, sizeof(name));
        names[definition.vd_ndx & ELF_VERSION_MASK] = name.vda_name;
        if (definition.vd_next == 0)
            return;
        at += definition.vd_next;
    }
}

static int by_symbol(const void *a, const void *b)
{
    const struct elf_export *x = a, *y = b;
    int order = strcmp(x->symbol, y->symbol);
    return order ? order : strcmp(x->version, y->version);
}

struct tables {
    struct shared_slice symbols, versions, texts;
    const char *copy; /* of texts */
    const uint64_t *names;
};

/* Adds the symbol where it is one that links take. */
static size_t add(const struct tables *tables, size_t index, struct elf_export *exports, size_t count)
{
    Elf64_Sym symbol;
    Elf64_Versym version = VER_NDX_GLOBAL;
    memcpy(&symbol, tables->symbols.data + index * sizeof(symbol), sizeof(symbol));
    if (tables->versions.size_bytes / sizeof(version) > index)
        memcpy(&version, tables->versions.data + index * sizeof(version), sizeof(version));
    struct shared_slice name = elf_text(tables->texts, symbol.st_name);
    if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL || name.size_bytes == 0 ||
        (version & HIDDEN) != 0)
        return count;
    uint64_t text = tables->names[version & ELF_VERSION_MASK];
    bool versioned = version > VER_NDX_GLOBAL && elf_text(tables->texts, text).data;
    exports[count] = (struct elf_export){tables->copy + symbol.st_name, versioned ? tables->copy + text : ""};
    return count + 1;
}

int elf_exports_read(const struct elf_file *file, struct shared_arena *arena, struct elf_export **exports,
                     size_t *count, struct shared_error *err)
{
    const struct elf_section *symbols = find_section(file, SHT_DYNSYM);
    *count = 0;
    if (!symbols || symbols->header.sh_link >= file->section_count)
        return 0;
    struct elf_tables elf;
    int status = elf_tables_read(file, &elf, err);
    if (status < 0)
        return status;
    struct tables tables = {bytes_of(file, symbols), bytes_of(file, find_section(file, SHT_GNU_versym)),
                            elf.texts, elf_tables_texts(&elf, arena), NULL};
    uint64_t *names = shared_arena_alloc(arena, INDEX_COUNT * sizeof(*names));
    size_t most = tables.symbols.size_bytes / sizeof(Elf64_Sym);
    *exports = shared_arena_alloc(arena, most * sizeof(**exports));
    if (!tables.copy || !names || !*exports)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
    memset(names, 0xff, INDEX_COUNT * sizeof(*names));
    read_definitions(file, names);
    tables.names = names;
    for (size_t i = 1; i < most; i++)
        *count = add(&tables, i, *exports, *count);
    qsort(*exports, *count, sizeof(**exports), by_symbol);
    return 0;
}
