#include "oracle.h"

#include <string.h>

#ifndef SHF_GNU_RETAIN
#define SHF_GNU_RETAIN (1u << 21)
#endif

struct place {
    uint32_t object, section;
};

struct marking {
    struct oracle_link *link;
    struct place *queue;
    size_t count, capacity;
    struct text_table identifiers; /* sections whose name is one, as a list */
    uint32_t *next_of_name;        /* of each section of all objects */
    uint32_t *first_section;       /* of each object, as a number among those of all */
    struct place *places;          /* by that number */
    int status;
    struct shared_error *err;
};

static struct oracle_section *section_at(const struct marking *marking, struct place place)
{
    return &marking->link->objects[place.object].sections[place.section];
}

static void mark(struct marking *marking, struct place place)
{
    struct oracle_section *section = section_at(marking, place);
    if (section->live || section->discarded || marking->status < 0)
        return;
    struct place *queue =
        oracle_grow(marking->link->arena, marking->queue, marking->count, &marking->capacity, sizeof(*queue));
    if (!queue) {
        marking->status = oracle_no_memory(marking->err);
        return;
    }
    section->live = true;
    marking->queue = queue;
    queue[marking->count++] = place;
}

static bool begins(struct shared_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size_bytes >= size && memcmp(text.data, prefix, size) == 0;
}

static bool equals(struct shared_slice text, const char *other)
{
    return shared_slice_equal(text, shared_slice_from_text(other));
}

static bool is_identifier(struct shared_slice name)
{
    for (size_t i = 0; i < name.size_bytes; i++) {
        char c = name.data[i];
        if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (i > 0 && c >= '0' && c <= '9')))
            return false;
    }
    return name.size_bytes > 0;
}

/* GNU ld's KEEP, lld's isReserved, mold's is_init_fini. */
static bool is_started(const struct oracle_section *section)
{
    struct shared_slice name = section->name;
    if (section->type == SHT_INIT_ARRAY || section->type == SHT_FINI_ARRAY ||
        section->type == SHT_PREINIT_ARRAY)
        return true;
    return equals(name, ".init") || equals(name, ".fini") || equals(name, ".jcr") ||
           begins(name, ".init_array") || begins(name, ".fini_array") || begins(name, ".preinit_array") ||
           begins(name, ".ctors") || begins(name, ".dtors");
}

static bool is_root(const struct marking *marking, const struct oracle_section *section)
{
    if (is_started(section) || (section->flags & SHF_GNU_RETAIN) != 0)
        return true;
    if (section->type == SHT_NOTE)
        return marking->link->linker == ORACLE_MOLD || (section->flags & SHF_GROUP) == 0;
    return marking->link->linker == ORACLE_MOLD && is_identifier(section->name);
}

/* Whether __start_ and __stop_ of a section's name keep it: lld does it for glibc's alone (-z start-stop-gc). */
static bool is_found_by_name(const struct marking *marking, const struct oracle_section *section)
{
    return is_identifier(section->name) &&
           (marking->link->linker != ORACLE_LLD || begins(section->name, "__libc_"));
}

static void add_edge(struct marking *marking, struct place from, struct place to)
{
    struct oracle_link *link = marking->link;
    struct oracle_edge *edges =
        oracle_grow(link->arena, link->edges, link->edge_count, &link->edge_capacity, sizeof(*edges));
    if (!edges) {
        marking->status = oracle_no_memory(marking->err);
        return;
    }
    link->edges = edges;
    edges[link->edge_count++] = (struct oracle_edge){from.object, from.section, to.object, to.section};
}

/* All sections of a name, for a symbol "__start_NAME" or "__stop_NAME" that no input defines. */
static void mark_named(struct marking *marking, const struct place *from, struct shared_slice symbol)
{
    size_t skip = begins(symbol, "__start_") ? 8 : begins(symbol, "__stop_") ? 7 : 0;
    if (skip == 0 || symbol.size_bytes == skip)
        return;
    uint32_t *first =
        text_table_at(&marking->identifiers, shared_slice_of(symbol.data + skip, symbol.size_bytes - skip));
    for (uint32_t i = first ? *first : TEXT_TABLE_NONE; i != TEXT_TABLE_NONE; i = marking->next_of_name[i]) {
        if (section_at(marking, marking->places[i])->discarded)
            continue;
        if (from)
            add_edge(marking, *from, marking->places[i]);
        mark(marking, marking->places[i]);
    }
}

/* Where a symbol of an object leads to. False: to no section of the inputs. */
static bool find_target(const struct marking *marking, uint32_t object, uint64_t symbol, struct place *to)
{
    const struct oracle_object *from = &marking->link->objects[object];
    if (symbol == 0 || symbol >= from->symbol_count)
        return false;
    const struct oracle_symbol *item = &from->symbols[symbol];
    to->object = object;
    to->section = item->section;
    if (item->global != ORACLE_NONE) {
        const struct oracle_global *global = &marking->link->globals[item->global];
        if (global->object == ORACLE_NONE)
            return false;
        to->object = global->object;
        to->section = marking->link->objects[global->object].symbols[global->symbol].section;
    }
    return to->section != ORACLE_NONE && !section_at(marking, *to)->discarded;
}

static void follow_symbol(struct marking *marking, struct place from, uint64_t symbol)
{
    const struct oracle_object *object = &marking->link->objects[from.object];
    struct place to;
    if (find_target(marking, from.object, symbol, &to)) {
        add_edge(marking, from, to);
        mark(marking, to);
    } else if (symbol < object->symbol_count && object->symbols[symbol].global != ORACLE_NONE) {
        mark_named(marking, &from, object->symbols[symbol].name);
    }
}

static void follow(struct marking *marking, struct place place)
{
    const struct oracle_object *object = &marking->link->objects[place.object];
    const struct oracle_section *section = &object->sections[place.section];
    Elf64_Rela rela;
    bool frames = equals(section->name, ".eh_frame");
    for (size_t i = 0; !frames && section->relocations != ORACLE_NONE &&
                       oracle_relocation(object, section->relocations, i, &rela);
         i++)
        if (ELF64_R_TYPE(rela.r_info) != 0)
            follow_symbol(marking, place, ELF64_R_SYM(rela.r_info));
    for (uint32_t need = section->first_of_code; need != ORACLE_NONE; need = object->needs[need].next)
        follow_symbol(marking, place, object->needs[need].symbol);
    if (section->first_of_code != ORACLE_NONE)
        for (uint32_t need = object->common_needs; need != ORACLE_NONE; need = object->needs[need].next)
            follow_symbol(marking, place, object->needs[need].symbol);
    struct place next = {place.object, section->next_in_group};
    if (next.section != ORACLE_NONE && marking->link->linker != ORACLE_MOLD)
        mark(marking, next);
}

static int list_places(struct marking *marking)
{
    struct oracle_link *link = marking->link;
    size_t count = 0;
    for (size_t i = 0; i < link->object_count; i++)
        count += link->objects[i].section_count;
    marking->places = shared_arena_alloc(link->arena, (count + 1) * sizeof(*marking->places));
    marking->next_of_name = shared_arena_alloc(link->arena, (count + 1) * sizeof(*marking->next_of_name));
    if (!marking->places || !marking->next_of_name)
        return oracle_no_memory(marking->err);
    uint32_t number = 0;
    for (uint32_t i = 0; i < link->object_count; i++) {
        const struct oracle_object *object = &link->objects[i];
        for (uint32_t k = 0; !object->shared && k < object->section_count; k++, number++) {
            marking->places[number] = (struct place){i, k};
            if (!is_found_by_name(marking, &object->sections[k]) ||
                (object->sections[k].flags & SHF_ALLOC) == 0)
                continue;
            uint32_t *first = text_table_at(&marking->identifiers, object->sections[k].name);
            if (!first)
                return oracle_no_memory(marking->err);
            marking->next_of_name[number] = *first;
            *first = number;
        }
    }
    return 0;
}

static void mark_global(struct marking *marking, const struct oracle_global *global)
{
    if (global->object == ORACLE_NONE)
        return;
    const struct oracle_object *object = &marking->link->objects[global->object];
    uint32_t section = object->symbols[global->symbol].section;
    if (section != ORACLE_NONE)
        mark(marking, (struct place){global->object, section});
}

/* What an object's frames keep on their own: in lld tables of cleanups also of functions that are dropped, and in lld
 * and mold who reads tables wherever an object has a frame that names it. */
static void mark_frames(struct marking *marking, uint32_t object)
{
    const struct oracle_object *item = &marking->link->objects[object];
    struct place to;
    if (marking->link->linker == ORACLE_BFD)
        return;
    for (uint32_t need = item->common_needs; need != ORACLE_NONE; need = item->needs[need].next)
        if (find_target(marking, object, item->needs[need].symbol, &to))
            mark(marking, to);
    if (marking->link->linker != ORACLE_LLD)
        return;
    for (uint32_t need = item->table_needs; need != ORACLE_NONE; need = item->needs[need].next)
        if (find_target(marking, object, item->needs[need].symbol, &to) &&
            (section_at(marking, to)->flags & (SHF_EXECINSTR | SHF_GROUP | SHF_LINK_ORDER)) == 0)
            mark(marking, to);
}

static void mark_roots(struct marking *marking)
{
    struct oracle_link *link = marking->link;
    for (uint32_t i = 0; i < link->object_count; i++) {
        const struct oracle_object *object = &link->objects[i];
        for (uint32_t k = 1; !object->shared && k < object->section_count; k++)
            if ((object->sections[k].flags & SHF_ALLOC) != 0 && is_root(marking, &object->sections[k]))
                mark(marking, (struct place){i, k});
        mark_frames(marking, i);
    }
    for (size_t i = 0; i < link->global_count; i++)
        if (link->globals[i].for_shared || equals(link->globals[i].name, "_start") ||
            equals(link->globals[i].name, "_init") || equals(link->globals[i].name, "_fini"))
            mark_global(marking, &link->globals[i]);
}

int oracle_mark(struct oracle_link *link, struct shared_error *err)
{
    struct marking marking = {.link = link, .err = err};
    marking.identifiers.arena = link->arena;
    marking.status = list_places(&marking);
    if (marking.status == 0)
        mark_roots(&marking);
    for (size_t next = 0; marking.status == 0 && next < marking.count; next++)
        follow(&marking, marking.queue[next]);
    return marking.status;
}
