#include "share/share.h"

#include <stdlib.h>
#include <string.h>

/* An atom of one of the programs, with what makes it the same as another's. */
struct copy {
    const char *library, *member, *section, *name; /* name "": none */
    uint64_t size_bytes;
    uint32_t order; /* among those of one program that are equal but for it */
    uint32_t program;
    struct share_bytes bytes;
};

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to compare the functions");
}

static int compare_content(const struct copy *a, const struct copy *b)
{
    int order = strcmp(a->library, b->library);
    if (order == 0)
        order = strcmp(a->member, b->member);
    if (order == 0)
        order = strcmp(a->name, b->name);
    if (order == 0)
        order = strcmp(a->section, b->section);
    return order ? order : (a->size_bytes > b->size_bytes) - (a->size_bytes < b->size_bytes);
}

static int by_content(const void *a, const void *b)
{
    const struct copy *x = a, *y = b;
    int order = compare_content(x, y);
    if (order == 0)
        order = (x->order > y->order) - (x->order < y->order);
    return order ? order : (x->program > y->program) - (x->program < y->program);
}

/* Those of a program that are equal, in the order of their addresses. */
static int by_content_and_place(const void *a, const void *b)
{
    const struct copy *x = a, *y = b;
    int order = compare_content(x, y);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static size_t list_program(const struct share_program *program, uint32_t index, struct copy *copies)
{
    const struct graph *graph = program->graph;
    size_t count = 0;
    for (uint32_t i = 1; i < graph->atom_count; i++) {
        const struct graph_atom *atom = &graph->atoms[i];
        const struct graph_member *member = &graph->members[atom->member];
        const struct share_bytes bytes = {graph_atom_bytes(atom), atom->deflated_bytes};
        if (atom->member == 0 || bytes.file == 0)
            continue;
        copies[count++] = (struct copy){
            .library = graph_text(graph, graph->libraries[member->library].name),
            .member = graph_text(graph, member->name),
            .section = graph_text(graph, atom->section),
            .name = atom->named ? graph_text(graph, atom->name) : "",
            .size_bytes = atom->size_bytes,
            .order = i,
            .program = index,
            .bytes = bytes,
        };
    }
    qsort(copies, count, sizeof(*copies), by_content_and_place);
    uint32_t order = 0;
    for (size_t i = 0; i < count; i++) {
        order = i > 0 && compare_content(&copies[i - 1], &copies[i]) == 0 ? order + 1 : 0;
        copies[i].order = order;
    }
    return count;
}

static void add(struct share_bytes *sum, const struct share_bytes *bytes)
{
    sum->file += bytes->file;
    sum->zip += bytes->zip;
}

static struct share_bytes largest(const struct copy *copies, size_t count)
{
    struct share_bytes most = {0};
    for (size_t i = 0; i < count; i++) {
        most.file = copies[i].bytes.file > most.file ? copies[i].bytes.file : most.file;
        most.zip = copies[i].bytes.zip > most.zip ? copies[i].bytes.zip : most.zip;
    }
    return most;
}

static struct share_library *library_of(struct share *share, const char *name)
{
    for (size_t i = share->library_count; i > 0; i--)
        if (strcmp(share->libraries[i - 1].name, name) == 0)
            return &share->libraries[i - 1];
    struct share_library *library = &share->libraries[share->library_count++];
    *library = (struct share_library){.name = name, .least_file = UINT64_MAX};
    return library;
}

/* Copies of one symbol; there may be one alone. */
static void add_symbol(struct share *share, const struct copy *copies, size_t count)
{
    struct share_library *library = library_of(share, copies[0].library);
    struct share_bytes all = {0}, once = largest(copies, count);
    for (size_t i = 0; i < count; i++)
        add(&all, &copies[i].bytes);
    const struct share_bytes copy = {all.file - once.file, all.zip - once.zip};
    add(&library->all, &all);
    add(&library->once, &once);
    add(&library->copy, &copy);
    add(&share->copy, &copy);
    if (count > 1)
        share->symbols[share->symbol_count++] = (struct share_symbol){
            .library = copies[0].library,
            .member = copies[0].member,
            .name = *copies[0].name ? copies[0].name : NULL,
            .section = copies[0].section,
            .functions = count,
            .all = all,
            .copy = copy,
        };
}

/* How many functions have a library, and how much of it each. */
static void count_functions(struct share *share, const struct share_program *programs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct graph *graph = programs[i].graph;
        share->all.file += graph->file_bytes;
        share->all.zip += graph->deflated_bytes;
        for (size_t j = 0; j < graph->library_count; j++) {
            uint64_t bytes = graph->libraries[j].bytes;
            if (bytes == 0 || j == 0)
                continue;
            struct share_library *library = library_of(share, graph_text(graph, graph->libraries[j].name));
            library->functions++;
            library->static_functions += programs[i].is_static;
            library->least_file = bytes < library->least_file ? bytes : library->least_file;
            library->most_file = bytes > library->most_file ? bytes : library->most_file;
        }
    }
}

static int libraries_by_copy(const void *a, const void *b)
{
    const struct share_library *x = a, *y = b;
    if (x->copy.zip != y->copy.zip)
        return x->copy.zip > y->copy.zip ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int symbols_by_copy(const void *a, const void *b)
{
    const struct share_symbol *x = a, *y = b;
    if (x->copy.zip != y->copy.zip)
        return x->copy.zip > y->copy.zip ? -1 : 1;
    if (x->copy.file != y->copy.file)
        return x->copy.file > y->copy.file ? -1 : 1;
    int order = strcmp(x->library, y->library);
    if (order == 0)
        order = strcmp(x->member, y->member);
    if (order == 0)
        order = strcmp(x->name ? x->name : "", y->name ? y->name : "");
    return order ? order : strcmp(x->section, y->section);
}

int share_find(const struct share_program *programs, size_t count, struct shared_arena *arena,
               struct share *share, struct shared_error *err)
{
    size_t most = 0, libraries = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        most += programs[i].graph->atom_count;
        libraries += programs[i].graph->library_count;
    }
    *share = (struct share){
        .function_count = count,
        .libraries = shared_arena_alloc(arena, libraries * sizeof(*share->libraries)),
        .symbols = shared_arena_alloc(arena, most * sizeof(*share->symbols)),
    };
    struct copy *copies = malloc((most + 1) * sizeof(*copies));
    bool allocated = copies && share->libraries && share->symbols;
    for (size_t i = 0; allocated && i < count; i++)
        found += list_program(&programs[i], (uint32_t)i, copies + found);
    if (allocated && found > 0)
        qsort(copies, found, sizeof(*copies), by_content);
    for (size_t i = 0, end; allocated && i < found; i = end) {
        for (end = i + 1; end < found && copies[end].order == copies[i].order &&
                          compare_content(&copies[i], &copies[end]) == 0;
             end++)
            ;
        add_symbol(share, copies + i, end - i);
    }
    free(copies);
    if (!allocated)
        return no_memory(err);
    count_functions(share, programs, count);
    qsort(share->libraries, share->library_count, sizeof(*share->libraries), libraries_by_copy);
    qsort(share->symbols, share->symbol_count, sizeof(*share->symbols), symbols_by_copy);
    return 0;
}
