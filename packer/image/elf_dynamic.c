#include "image/elf_dynamic.h"

#include "image/elf_tables.h"
#include "image/printable.h"

#include <string.h>

#ifndef DT_RELR
#define DT_RELR 36
#endif

static int fail_table(const struct elf_file *file, const char *tag, struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0, "%s: %s of its dynamic section leads to nothing in the file",
                       file->path, tag);
}

static int read_interpreter(const struct elf_file *file, struct shared_arena *arena,
                            struct elf_dynamic *dynamic, struct shared_error *err)
{
    const GElf_Phdr *segment = elf_file_segment(file, PT_INTERP);
    if (!segment)
        return 0;
    struct shared_slice text = elf_text(elf_file_bytes(file, segment->p_offset, segment->p_filesz), 0);
    if (text.size_bytes == 0)
        return shared_fail(err, SHARED_EPROTO, 0, "%s: PT_INTERP holds no path", file->path);
    char *copy = shared_arena_copy(arena, text);
    if (!copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
    printable_clean(copy, text.size_bytes);
    dynamic->interpreter = copy;
    return 0;
}

/* The entries before DT_NULL. */
static struct shared_slice entries(const struct elf_file *file)
{
    const GElf_Phdr *segment = elf_file_segment(file, PT_DYNAMIC);
    return segment ? elf_file_bytes(file, segment->p_offset, segment->p_filesz) : shared_slice_of(NULL, 0);
}

static bool take_entry(struct shared_slice *rest, Elf64_Dyn *entry)
{
    if (rest->size_bytes < sizeof(*entry))
        return false;
    memcpy(entry, rest->data, sizeof(*entry));
    *rest = shared_slice_of(rest->data + sizeof(*entry), rest->size_bytes - sizeof(*entry));
    return entry->d_tag != DT_NULL;
}

static struct shared_slice *table_of(struct elf_tables *tables, Elf64_Sxword tag, const char **name)
{
    switch (tag) {
    case DT_STRTAB:
        *name = "DT_STRTAB";
        return &tables->texts;
    case DT_SYMTAB:
        *name = "DT_SYMTAB";
        return &tables->symbols;
    case DT_VERSYM:
        *name = "DT_VERSYM";
        return &tables->symbol_versions;
    case DT_VERNEED:
        *name = "DT_VERNEED";
        return &tables->versions_needed;
    case DT_HASH:
        *name = "DT_HASH";
        return &tables->hash;
    case DT_GNU_HASH:
        *name = "DT_GNU_HASH";
        return &tables->gnu_hash;
    default:
        return NULL;
    }
}

/* The plain numbers. */
static void read_number(struct elf_tables *tables, const Elf64_Dyn *entry, uint64_t *text_bytes)
{
    switch (entry->d_tag) {
    case DT_NEEDED:
        tables->needed_count++;
        break;
    case DT_STRSZ:
        *text_bytes = entry->d_un.d_val;
        break;
    case DT_VERNEEDNUM:
        tables->versions_needed_count = entry->d_un.d_val;
        break;
    case DT_RELASZ:
    case DT_PLTRELSZ:
        tables->relocation_bytes += entry->d_un.d_val;
        break;
    case DT_SONAME:
        tables->soname = entry->d_un.d_val;
        break;
    case DT_RUNPATH:
        tables->run_path = entry->d_un.d_val;
        break;
    case DT_RPATH:
        tables->search_path = entry->d_un.d_val;
        break;
    case DT_RELR:
        tables->packed_relocations = true;
        break;
    default:
        break;
    }
}

int elf_tables_read(const struct elf_file *file, struct elf_tables *tables, struct shared_error *err)
{
    Elf64_Dyn entry;
    *tables = (struct elf_tables){0};
    uint64_t text_bytes = UINT64_MAX;
    for (struct shared_slice rest = entries(file); take_entry(&rest, &entry);) {
        const char *name;
        struct shared_slice *table = table_of(tables, entry.d_tag, &name);
        if (table) {
            *table = elf_file_at(file, entry.d_un.d_ptr);
            if (!table->data)
                return fail_table(file, name, err);
        }
        read_number(tables, &entry, &text_bytes);
    }
    if (text_bytes < tables->texts.size_bytes)
        tables->texts.size_bytes = text_bytes;
    return 0;
}

const char *elf_tables_texts(const struct elf_tables *tables, struct shared_arena *arena)
{
    char *texts = shared_arena_copy(arena, tables->texts);
    if (texts)
        printable_clean(texts, tables->texts.size_bytes);
    return texts;
}

/* Many entries may share one long text: the table is copied once, and they point into it. */
int elf_tables_needed(const struct elf_file *file, const struct elf_tables *tables, const char *texts,
                      struct shared_arena *arena, struct manifest_texts *needed, struct shared_error *err)
{
    Elf64_Dyn entry;
    needed->items = shared_arena_alloc(arena, tables->needed_count * sizeof(*needed->items));
    if (!needed->items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
    for (struct shared_slice rest = entries(file); take_entry(&rest, &entry);) {
        if (entry.d_tag != DT_NEEDED)
            continue;
        if (elf_text(tables->texts, entry.d_un.d_val).size_bytes == 0)
            return fail_table(file, "DT_NEEDED", err);
        needed->items[needed->count++] = texts + entry.d_un.d_val;
    }
    return 0;
}

static int read_needed(const struct elf_file *file, const struct elf_tables *tables,
                       struct shared_arena *arena, struct manifest_texts *needed, struct shared_error *err)
{
    if (tables->needed_count == 0)
        return 0;
    const char *texts = elf_tables_texts(tables, arena);
    return texts ? elf_tables_needed(file, tables, texts, arena, needed, err)
                 : shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", file->path);
}

int elf_dynamic_read(const struct elf_file *file, struct shared_arena *arena, struct elf_dynamic *dynamic,
                     struct shared_error *err)
{
    *dynamic = (struct elf_dynamic){0};
    struct elf_tables tables;
    int status = read_interpreter(file, arena, dynamic, err);
    if (status == 0)
        status = elf_tables_read(file, &tables, err);
    if (status == 0)
        status = read_needed(file, &tables, arena, &dynamic->needed, err);
    if (status == 0)
        status = elf_version_read(file, &tables, arena, dynamic, err);
    return status;
}
