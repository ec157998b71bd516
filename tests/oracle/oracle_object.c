#include "oracle.h"

#include <string.h>

void *oracle_grow(struct shared_arena *arena, void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity ? 2 * *capacity : 256;
    items = shared_arena_resize(arena, items, *capacity * item_bytes, larger * item_bytes);
    if (items)
        *capacity = larger;
    return items;
}

int oracle_no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to mark what is live");
}

bool oracle_relocation(const struct oracle_object *object, uint32_t table, size_t i, Elf64_Rela *rela)
{
    const GElf_Shdr *header = &object->file.sections[table].header;
    if (i >= header->sh_size / sizeof(*rela))
        return false;
    memcpy(rela, object->file.content.data + header->sh_offset + i * sizeof(*rela), sizeof(*rela));
    return true;
}

static struct shared_slice section_bytes(const struct elf_file *file, size_t index)
{
    const GElf_Shdr *header = &file->sections[index].header;
    return elf_file_bytes(file, header->sh_offset, header->sh_type == SHT_NOBITS ? 0 : header->sh_size);
}

static bool is_bytecode(const struct elf_file *file)
{
    for (size_t i = 0; i < file->section_count; i++) {
        struct shared_slice name = file->sections[i].name;
        if (name.size_bytes > 9 && memcmp(name.data, ".gnu.lto_", 9) == 0)
            return true;
    }
    return false;
}

static size_t find_table(const struct elf_file *file, uint32_t type)
{
    for (size_t i = 1; i < file->section_count; i++)
        if (file->sections[i].header.sh_type == type)
            return i;
    return 0;
}

static int list_sections(struct oracle_link *link, struct oracle_object *object, struct shared_error *err)
{
    const struct elf_file *file = &object->file;
    object->section_count = file->section_count;
    object->sections = shared_arena_alloc(link->arena, file->section_count * sizeof(*object->sections));
    if (!object->sections)
        return oracle_no_memory(err);
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        object->sections[i] = (struct oracle_section){.name = file->sections[i].name,
                                                      .flags = header->sh_flags,
                                                      .size_bytes = header->sh_size,
                                                      .type = header->sh_type,
                                                      .relocations = ORACLE_NONE,
                                                      .next_in_group = ORACLE_NONE,
                                                      .first_of_code = ORACLE_NONE};
    }
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (header->sh_type == SHT_RELA && header->sh_info < file->section_count)
            object->sections[header->sh_info].relocations = (uint32_t)i;
    }
    return 0;
}

/* The section that a symbol stands in; with over 65,279 sections a table beside the symbols says it (gABI, SHN_XINDEX). */
static uint32_t section_of(const struct elf_file *file, const Elf64_Sym *symbol, size_t index, size_t numbers)
{
    uint32_t section = symbol->st_shndx;
    if (section == SHN_XINDEX && numbers != 0) {
        struct shared_slice table = section_bytes(file, numbers);
        if (index >= table.size_bytes / sizeof(section))
            return ORACLE_NONE;
        memcpy(&section, table.data + index * sizeof(section), sizeof(section));
    } else if (section >= SHN_LORESERVE) {
        return ORACLE_NONE;
    }
    return section != SHN_UNDEF && section < file->section_count ? section : ORACLE_NONE;
}

static int list_symbols(struct oracle_link *link, struct oracle_object *object, struct shared_error *err)
{
    const struct elf_file *file = &object->file;
    size_t table = find_table(file, object->shared ? SHT_DYNSYM : SHT_SYMTAB);
    size_t numbers = find_table(file, SHT_SYMTAB_SHNDX);
    if (table == 0 || file->sections[table].header.sh_link >= file->section_count)
        return 0;
    struct shared_slice bytes = section_bytes(file, table);
    struct shared_slice texts = section_bytes(file, file->sections[table].header.sh_link);
    object->symbol_count = bytes.size_bytes / sizeof(Elf64_Sym);
    object->symbols = shared_arena_alloc(link->arena, object->symbol_count * sizeof(*object->symbols));
    if (!object->symbols)
        return oracle_no_memory(err);
    for (size_t i = 0; i < object->symbol_count; i++) {
        Elf64_Sym symbol;
        memcpy(&symbol, bytes.data + i * sizeof(symbol), sizeof(symbol));
        object->symbols[i] = (struct oracle_symbol){
            .name = elf_text(texts, symbol.st_name),
            .value = symbol.st_value,
            .section = section_of(file, &symbol, i, object->shared ? 0 : numbers),
            .global = ORACLE_NONE,
            .bind = ELF64_ST_BIND(symbol.st_info),
            .type = ELF64_ST_TYPE(symbol.st_info),
            .visibility = ELF64_ST_VISIBILITY(symbol.st_other),
            .undefined = symbol.st_shndx == SHN_UNDEF,
            .common = symbol.st_shndx == SHN_COMMON,
        };
    }
    return 0;
}

/* The members of a COMDAT group whose name another object's has are left out; those of others go together. */
static int read_group(struct oracle_link *link, struct oracle_object *object, size_t index,
                      struct shared_error *err)
{
    const GElf_Shdr *header = &object->file.sections[index].header;
    struct shared_slice words = section_bytes(&object->file, index);
    uint32_t flags = 0, previous = ORACLE_NONE, first = ORACLE_NONE;
    if (words.size_bytes < sizeof(flags) || header->sh_info >= object->symbol_count)
        return 0;
    memcpy(&flags, words.data, sizeof(flags));
    const struct oracle_symbol *signature = &object->symbols[header->sh_info];
    struct shared_slice name = signature->type == STT_SECTION && signature->section != ORACLE_NONE
                                   ? object->sections[signature->section].name
                                   : signature->name;
    uint32_t *known = text_table_at(&link->groups, name);
    if (!known)
        return oracle_no_memory(err);
    bool discarded = (flags & GRP_COMDAT) != 0 && *known != TEXT_TABLE_NONE;
    if ((flags & GRP_COMDAT) != 0 && !discarded)
        *known = (uint32_t)link->object_count;
    for (size_t at = sizeof(flags); at + sizeof(uint32_t) <= words.size_bytes; at += sizeof(uint32_t)) {
        uint32_t section;
        memcpy(&section, words.data + at, sizeof(section));
        if (section >= object->section_count)
            continue;
        object->sections[section].discarded = discarded;
        if (previous != ORACLE_NONE)
            object->sections[previous].next_in_group = section;
        first = first == ORACLE_NONE ? section : first;
        previous = section;
    }
    if (previous != ORACLE_NONE)
        object->sections[previous].next_in_group = first;
    return 0;
}

/* A definition counts where there is none yet; one that is not weak goes before one that is, or before a common. */
static void define(struct oracle_link *link, struct oracle_global *global, const struct oracle_object *object,
                   uint32_t symbol)
{
    const struct oracle_symbol *item = &object->symbols[symbol];
    bool weak = item->bind == STB_WEAK;
    if (object->shared) {
        global->by_shared = true;
        if (global->object == ORACLE_NONE)
            global->archive = ORACLE_NONE;
        return;
    }
    bool better =
        global->object == ORACLE_NONE || (global->weak && !weak) || (global->common && !item->common);
    if (!better || (global->object != ORACLE_NONE && item->common && !global->weak))
        return;
    global->object = (uint32_t)link->object_count;
    global->symbol = symbol;
    global->weak = weak;
    global->common = item->common;
}

static int enter_symbols(struct oracle_link *link, struct oracle_object *object, struct shared_error *err)
{
    for (uint32_t i = 1; i < object->symbol_count; i++) {
        struct oracle_symbol *symbol = &object->symbols[i];
        if (symbol->bind == STB_LOCAL || symbol->name.size_bytes == 0)
            continue;
        symbol->global = oracle_global_of(link, symbol->name);
        if (symbol->global == ORACLE_NONE)
            return oracle_no_memory(err);
        struct oracle_global *global = &link->globals[symbol->global];
        bool discarded = symbol->section != ORACLE_NONE && object->sections[symbol->section].discarded;
        if (symbol->undefined || discarded) {
            global->wanted |= symbol->bind != STB_WEAK && !object->shared;
            global->for_shared |= object->shared;
        } else {
            define(link, global, object, i);
        }
    }
    return 0;
}

int oracle_object_add(struct oracle_link *link, const char *path, struct shared_slice member,
                      struct shared_slice content, struct shared_error *err)
{
    struct oracle_object *objects =
        oracle_grow(link->arena, link->objects, link->object_count, &link->object_capacity, sizeof(*objects));
    if (!objects)
        return oracle_no_memory(err);
    link->objects = objects;
    struct oracle_object *object = &objects[link->object_count];
    *object = (struct oracle_object){
        .path = path, .member = member, .common_needs = ORACLE_NONE, .table_needs = ORACLE_NONE};
    int status = elf_file_parse(path, content, link->arena, &object->file, err);
    if (status == 0 && is_bytecode(&object->file))
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "%s(%.*s) is bytecode for optimisation at link time",
                           path, (int)member.size_bytes, member.data);
    object->shared = object->file.header.e_type == ET_DYN;
    if (status == 0)
        status = list_sections(link, object, err);
    if (status == 0)
        status = list_symbols(link, object, err);
    for (size_t i = 0; status == 0 && !object->shared && i < object->section_count; i++)
        if (object->sections[i].type == SHT_GROUP)
            status = read_group(link, object, i, err);
    if (status == 0)
        status = enter_symbols(link, object, err);
    if (status == 0 && !object->shared)
        status = oracle_frames_read(link, object, err);
    if (status == 0)
        link->object_count++;
    return status;
}
