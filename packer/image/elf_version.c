#include "image/elf_tables.h"
#include "image/glibc_version.h"
#include "image/printable.h"

#include <string.h>

/* LSB Core 5.0, chapter 10.7, "Symbol Versioning". */

#define RELR_VERSION "2.36" /* glibc's NEWS for 2.36: "Support for DT_RELR relative relocation format" */
#define RELR_SYMBOL "GLIBC_ABI_DT_RELR"

struct newest {
    uint64_t number;
    struct shared_slice text; /* "2.34" */
    unsigned index;           /* what symbols of this version have in .gnu.version */
};

static bool take_record(struct shared_slice table, uint64_t offset, void *record, size_t size_bytes)
{
    if (offset > table.size_bytes || size_bytes > table.size_bytes - offset)
        return false;
    memcpy(record, table.data + offset, size_bytes);
    return true;
}

static void consider(struct newest *newest, struct shared_slice name, unsigned index)
{
    static const struct shared_slice prefix = SHARED_SLICE_LITERAL("GLIBC_");
    struct shared_slice text = {0};
    uint64_t number;
    if (shared_slice_equal(name, shared_slice_from_text(RELR_SYMBOL))) {
        text = shared_slice_from_text(RELR_VERSION);
        index = 0;
    } else if (name.size_bytes > prefix.size_bytes &&
               memcmp(name.data, prefix.data, prefix.size_bytes) == 0) {
        text = shared_slice_of(name.data + prefix.size_bytes, name.size_bytes - prefix.size_bytes);
    }
    if (glibc_version_number(text, &number) && number > newest->number)
        *newest = (struct newest){number, text, index};
}

int elf_versions_each(const struct elf_file *file, const struct elf_tables *tables, elf_version_visit *visit,
                      void *user, struct shared_error *err)
{
    struct shared_slice table = tables->versions_needed;
    /* Hostile records may overlap; those of a linker do not, so there are at most this many. */
    size_t records_left = table.size_bytes / sizeof(Elf64_Vernaux);
    uint64_t offset = 0;
    Elf64_Verneed library;
    for (uint64_t i = 0; i < tables->versions_needed_count; i++) {
        if (!take_record(table, offset, &library, sizeof(library)))
            return shared_fail(err, SHARED_EPROTO, 0, "%s: .gnu.version_r is cut off", file->path);
        uint64_t place = offset + library.vn_aux;
        for (unsigned j = 0; j < library.vn_cnt; j++) {
            Elf64_Vernaux version;
            if (records_left-- == 0 || !take_record(table, place, &version, sizeof(version)))
                return shared_fail(err, SHARED_EPROTO, 0, "%s: .gnu.version_r is cut off", file->path);
            visit(user, library.vn_file, version.vna_name, version.vna_other & ELF_VERSION_MASK);
            place += version.vna_next;
        }
        if (library.vn_next == 0)
            break;
        offset += library.vn_next;
    }
    return 0;
}

struct search {
    const struct elf_tables *tables;
    struct newest newest;
};

static void visit_version(void *user, uint64_t file_text, uint64_t version_text, unsigned index)
{
    struct search *search = user;
    (void)file_text;
    consider(&search->newest, elf_text(search->tables->texts, version_text), index);
}

static size_t table_bytes(const struct elf_tables *tables, struct shared_slice table)
{
    const struct shared_slice others[] = {tables->texts,           tables->symbols, tables->symbol_versions,
                                          tables->versions_needed, tables->hash,    tables->gnu_hash};
    size_t bytes = table.size_bytes;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (others[i].data > table.data && (size_t)(others[i].data - table.data) < bytes)
            bytes = (size_t)(others[i].data - table.data);
    return bytes;
}

size_t elf_tables_symbol_count(const struct elf_tables *tables)
{
    size_t symbols = table_bytes(tables, tables->symbols) / sizeof(Elf64_Sym);
    size_t versions = table_bytes(tables, tables->symbol_versions) / sizeof(Elf64_Versym);
    return symbols < versions ? symbols : versions;
}

Elf64_Sym elf_tables_symbol(const struct elf_tables *tables, size_t index, unsigned *version)
{
    Elf64_Versym word;
    Elf64_Sym symbol;
    memcpy(&word, tables->symbol_versions.data + index * sizeof(word), sizeof(word));
    memcpy(&symbol, tables->symbols.data + index * sizeof(symbol), sizeof(symbol));
    *version = word & ELF_VERSION_MASK;
    return symbol;
}

/* The first symbol of a version; {NULL, 0} where there is none. */
static struct shared_slice find_symbol(const struct elf_tables *tables, unsigned index)
{
    size_t count = elf_tables_symbol_count(tables);
    for (size_t i = 1; i < count; i++) {
        unsigned version;
        Elf64_Sym symbol = elf_tables_symbol(tables, i, &version);
        if (version == index)
            return elf_text(tables->texts, symbol.st_name);
    }
    return shared_slice_of(NULL, 0);
}

int elf_version_read(const struct elf_file *file, const struct elf_tables *tables, struct shared_arena *arena,
                     struct elf_dynamic *dynamic, struct shared_error *err)
{
    struct search search = {.tables = tables};
    int status = elf_versions_each(file, tables, visit_version, &search, err);
    if (status < 0)
        return status;
    struct newest newest = search.newest;
    /* Some linkers pack relocations without asking for the version; a static-pie program relocates itself. */
    if (tables->packed_relocations && dynamic->interpreter)
        consider(&newest, shared_slice_from_text(RELR_SYMBOL), 0);
    if (newest.number == 0)
        return 0;
    struct shared_slice symbol =
        newest.index == 0 ? shared_slice_from_text(RELR_SYMBOL) : find_symbol(tables, newest.index);
    char *name = shared_arena_copy(arena, symbol);
    dynamic->glibc = shared_arena_copy(arena, newest.text);
    if (!dynamic->glibc || !name)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
    printable_clean(name, symbol.size_bytes);
    dynamic->glibc_symbol = symbol.size_bytes ? name : NULL;
    return 0;
}
