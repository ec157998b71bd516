#include "image/elf_needs.h"

#include "image/elf_tables.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    const struct elf_tables *tables;
    const char *texts; /* a copy of the file's */
    struct elf_needs *needs;
    size_t capacity;
};

static int no_memory(const struct elf_file *file, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
}

/* A text of the copy; NULL where the offset leads out of it. */
static const char *text_at(const struct listing *listing, uint64_t offset)
{
    return elf_text(listing->tables->texts, offset).data ? listing->texts + offset : NULL;
}

static void add_need(void *user, uint64_t file_text, uint64_t version_text, unsigned index)
{
    struct listing *listing = user;
    const char *library = text_at(listing, file_text), *version = text_at(listing, version_text);
    if (library && version && listing->needs->need_count < listing->capacity)
        listing->needs->needs[listing->needs->need_count++] = (struct elf_need){library, version, index};
}

static int read_versions(const struct elf_file *file, struct listing *listing, struct shared_arena *arena,
                         struct shared_error *err)
{
    listing->capacity = listing->tables->versions_needed.size_bytes / sizeof(Elf64_Vernaux);
    listing->needs->needs = shared_arena_alloc(arena, listing->capacity * sizeof(struct elf_need));
    if (!listing->needs->needs)
        return no_memory(file, err);
    return elf_versions_each(file, listing->tables, add_need, listing, err);
}

static uint32_t find_need(const struct elf_needs *needs, unsigned version)
{
    for (uint32_t i = 0; version > VER_NDX_GLOBAL && i < needs->need_count; i++)
        if (needs->needs[i].index == version)
            return i;
    return ELF_NO_VERSION;
}

static int read_imports(const struct elf_file *file, const struct listing *listing,
                        struct shared_arena *arena, struct shared_error *err)
{
    struct elf_needs *needs = listing->needs;
    size_t count = elf_tables_symbol_count(listing->tables);
    needs->imports = shared_arena_alloc(arena, count * sizeof(*needs->imports));
    if (!needs->imports)
        return no_memory(file, err);
    for (size_t i = 1; i < count; i++) {
        unsigned version;
        Elf64_Sym symbol = elf_tables_symbol(listing->tables, i, &version);
        const char *name = text_at(listing, symbol.st_name);
        if (name && *name && symbol.st_shndx == SHN_UNDEF)
            needs->imports[needs->import_count++] = (struct elf_import){
                name, find_need(needs, version), ELF64_ST_BIND(symbol.st_info) == STB_WEAK};
    }
    return 0;
}

int elf_needs_read(const struct elf_file *file, struct shared_arena *arena, struct elf_needs *needs,
                   struct shared_error *err)
{
    struct elf_tables tables;
    struct listing listing = {.tables = &tables, .needs = needs};
    *needs = (struct elf_needs){0};
    int status = elf_tables_read(file, &tables, err);
    if (status < 0)
        return status;
    listing.texts = elf_tables_texts(&tables, arena);
    if (!listing.texts)
        return no_memory(file, err);
    needs->soname = tables.soname ? text_at(&listing, tables.soname) : NULL;
    needs->run_path = tables.run_path ? text_at(&listing, tables.run_path) : NULL;
    needs->search_path = tables.search_path ? text_at(&listing, tables.search_path) : NULL;
    needs->packed_relocations = tables.packed_relocations;
    needs->relocation_count = tables.relocation_bytes / sizeof(Elf64_Rela);
    status = elf_tables_needed(file, &tables, listing.texts, arena, &needs->needed, err);
    if (status == 0)
        status = read_versions(file, &listing, arena, err);
    return status < 0 ? status : read_imports(file, &listing, arena, err);
}
