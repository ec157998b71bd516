#include "check/check_inner.h"

#include "base/file.h"
#include "base/path.h"
#include "image/link_map_reader.h"
#include "image/text_table.h"

#include <stdlib.h>
#include <string.h>

/* What a linker would warn of, and where it stands in the program. */
struct candidate {
    const struct check_link_warning *warning;
    const char *archive; /* base name */
    uint64_t address;
    uint32_t atom; /* GRAPH_NONE: not looked up, or nothing refers to it */
};

/* What the linker read. */
struct link_input_file {
    const char *path;
    bool is_archive;
};

struct link_inputs {
    struct link_input_file *items;
    size_t count;
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
};

static int add_candidate(struct check_work *work, struct candidates *list, const struct candidate *candidate,
                         struct shared_error *err)
{
    if (list->count == list->capacity) {
        size_t larger = list->capacity ? 2 * list->capacity : 32;
        struct candidate *items = shared_arena_resize(
            work->scratch, list->items, list->capacity * sizeof(*items), larger * sizeof(*items));
        if (!items)
            return check_no_memory(work, err);
        list->items = items;
        list->capacity = larger;
    }
    list->items[list->count++] = *candidate;
    return 0;
}

static int by_name(const void *name, const void *warning)
{
    return strcmp(name, ((const struct check_link_warning *)warning)->symbol);
}

/* The first of the warnings for a symbol: members of one name may define it too. */
static const struct check_link_warning *find_warning(const struct check_archive *archive, const char *symbol)
{
    const struct check_link_warning *found =
        bsearch(symbol, archive->warnings, archive->count, sizeof(*archive->warnings), by_name);
    while (found && found > archive->warnings && strcmp(found[-1].symbol, symbol) == 0)
        found--;
    return found;
}

/* Defined symbols of the program that an archive has warnings for. */
static int find_candidates(struct check_work *work, const struct elf_file *file,
                           const struct check_archive *archive, struct candidates *list,
                           struct shared_error *err)
{
    struct shared_slice symbols, texts;
    const struct check_link_warning *end = archive->warnings + archive->count;
    if (archive->count == 0 || !check_symbols(file, &symbols, &texts))
        return 0;
    for (size_t at = 0; symbols.size_bytes - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, symbols.data + at, sizeof(symbol));
        struct shared_slice name = elf_text(texts, symbol.st_name);
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE || name.size_bytes == 0)
            continue;
        /* elf_text sees to it that there is a NUL behind it. */
        const struct check_link_warning *warning = find_warning(archive, name.data);
        for (; warning && warning < end && strcmp(warning->symbol, name.data) == 0; warning++) {
            const struct candidate candidate = {warning, path_base(archive->path), symbol.st_value,
                                                GRAPH_NONE};
            int status = add_candidate(work, list, &candidate, err);
            if (status < 0)
                return status;
        }
    }
    return 0;
}

/*
 * Whether the atom is of the member that the warning stands in: a static function of another may have its
 * name.
 */
static bool is_of_member(const struct graph *graph, uint32_t atom, const struct candidate *candidate)
{
    const struct graph_member *member = &graph->members[graph->atoms[atom].member];
    uint32_t archive = member->archive ? member->archive : member->name; /* of an object: itself */
    return strcmp(path_base(graph_text(graph, member->name)), path_base(candidate->warning->member)) == 0 &&
           strcmp(path_base(graph_text(graph, archive)), candidate->archive) == 0;
}

static bool is_candidate(const struct candidates *list, uint32_t atom)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].atom == atom)
            return true;
    return false;
}

/* Whether the chain to it goes through another, which is then the one to tell of; or it has been told of. */
static bool is_told(const struct graph *graph, const struct candidates *list, size_t index)
{
    uint32_t atom = list->items[index].atom;
    for (size_t i = 0; i < index; i++)
        if (list->items[i].atom == atom)
            return true;
    for (uint32_t at = graph->atoms[atom].parent; at != GRAPH_NONE; at = graph->atoms[at].parent)
        if (is_candidate(list, at))
            return true;
    return false;
}

static int by_symbol(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    int order = strcmp(x->warning->symbol, y->warning->symbol);
    return order ? order : (x->address > y->address) - (x->address < y->address);
}

static int tell(struct check_work *work, const struct candidates *list, struct shared_error *err)
{
    const struct graph *graph = check_graph(work);
    int status = 0;
    if (!graph)
        return check_unknown(work, CHECK_LINK_WARNINGS, work->graph_failure);
    qsort(list->items, list->count, sizeof(*list->items), by_symbol);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t atom = check_atom_at(graph, list->items[i].address);
        if (atom != GRAPH_NONE && graph->atoms[atom].kept == GRAPH_REACHED &&
            is_of_member(graph, atom, &list->items[i]))
            list->items[i].atom = atom;
    }
    for (size_t i = 0; status == 0 && i < list->count; i++) {
        const struct check_link_warning *warning = list->items[i].warning;
        struct check_finding finding = {0};
        if (list->items[i].atom == GRAPH_NONE || is_told(graph, list, i))
            continue;
        status = check_chain_of_atom(work, list->items[i].atom, &finding, err);
        if (status == 0)
            status =
                check_add(work, CHECK_LINK_WARNINGS,
                          shared_arena_format(work->arena, "reaches %s: %s", warning->symbol, warning->text),
                          strstr(warning->text, "statically linked")
                              ? "do without it, or link with \"linkage\": \"dynamic\""
                              : "do without it",
                          &finding, err);
    }
    return status;
}

/* Archives and objects that the map names; the linker ran in the manifest's folder. */
static int list_inputs(struct check_work *work, struct link_inputs *inputs, struct shared_error *err)
{
    struct link_map map;
    struct text_table known = {.arena = work->scratch};
    size_t capacity = 0;
    int status = link_map_read(work->input->paths.map, work->scratch, &map, err);
    for (size_t i = 0; status == 0 && i < map.piece_count; i++) {
        const struct link_piece *piece = &map.pieces[i];
        uint32_t *place = piece->file.size_bytes ? text_table_at(&known, piece->file) : NULL;
        if (!place && piece->file.size_bytes)
            return check_no_memory(work, err);
        if (!place || *place != TEXT_TABLE_NONE)
            continue;
        *place = (uint32_t)inputs->count;
        if (inputs->count == capacity)
            inputs->items =
                link_map_grow(work->scratch, inputs->items, inputs->count, &capacity, sizeof(*inputs->items));
        const char *name = inputs->items ? shared_arena_copy(work->scratch, piece->file) : NULL;
        const char *path = name ? path_join(work->scratch, work->plan->manifest->folder, name) : NULL;
        if (!path)
            return check_no_memory(work, err);
        inputs->items[inputs->count++] = (struct link_input_file){path, piece->member.size_bytes > 0};
    }
    return status;
}

/*
 * An object of the compiler's own that is gone, as with LTO, is the function's code, which warns of
 * nothing.
 */
static int look_into(struct check_work *work, const struct elf_file *file,
                     const struct link_input_file *input, struct candidates *list, struct shared_error *err)
{
    if (!input->is_archive && !file_exists(input->path))
        return 0;
    const struct check_archive *archive = check_read_archive(work->plan, input->path);
    if (!archive)
        return check_no_memory(work, err);
    if (archive->failure)
        return check_unknown(work, CHECK_LINK_WARNINGS, archive->failure);
    return find_candidates(work, file, archive, list, err);
}

int check_link_warnings(struct check_work *work, struct shared_error *err)
{
    const struct elf_file *file = check_unstripped(work);
    struct shared_slice symbols, texts;
    struct candidates list = {0};
    struct link_inputs inputs = {0};
    if (!work->input->paths.map)
        return check_unknown(work, CHECK_LINK_WARNINGS, "there is no link map of it (functions.*.map)");
    if (!file || !check_symbols(file, &symbols, &texts))
        return check_unknown(work, CHECK_LINK_WARNINGS, "the program has no symbols: it is stripped");
    int status = list_inputs(work, &inputs, err);
    for (size_t i = 0; status == 0 && i < inputs.count; i++)
        status = look_into(work, file, &inputs.items[i], &list, err);
    return status < 0 || list.count == 0 ? status : tell(work, &list, err);
}

/*
 * Locales and conversions are files, which the package's root does not have; static glibc loads them with
 * what is left of dlopen. The linkers say nothing of these.
 */
static const char *const openers[] = {"setlocale", "newlocale", "iconv_open"};

static bool is_opener(const char *name)
{
    for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++)
        if (strcmp(openers[i], name) == 0)
            return true;
    return false;
}

static int tell_opener(struct check_work *work, const char *name, uint64_t address, struct shared_error *err)
{
    const struct graph *graph = check_graph(work);
    struct check_finding finding = {0};
    if (!graph)
        return check_unknown(work, CHECK_STATIC_LOCALE, work->graph_failure);
    uint32_t atom = check_atom_at(graph, address);
    if (atom == GRAPH_NONE || graph->atoms[atom].kept != GRAPH_REACHED ||
        strcmp(graph_text(graph, graph->libraries[graph->members[graph->atoms[atom].member].library].name),
               "libc") != 0)
        return 0;
    int status = check_chain_of_atom(work, atom, &finding, err);
    if (status < 0)
        return status;
    return check_add(
        work, CHECK_STATIC_LOCALE,
        shared_arena_format(work->arena,
                            "reaches %s, which finds no locale but C and no conversion but its own in "
                            "the function's root",
                            name),
        "do without it, or link with \"linkage\": \"dynamic\"", &finding, err);
}

int check_static_locale(struct check_work *work, struct shared_error *err)
{
    const struct elf_file *file = check_unstripped(work);
    struct shared_slice symbols, texts;
    int status = 0;
    if (work->interpreter)
        return 0;
    if (!file || !check_symbols(file, &symbols, &texts))
        return check_unknown(work, CHECK_STATIC_LOCALE, "the program has no symbols: it is stripped");
    for (size_t at = 0; status == 0 && symbols.size_bytes - at >= sizeof(Elf64_Sym);
         at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, symbols.data + at, sizeof(symbol));
        struct shared_slice name = elf_text(texts, symbol.st_name);
        if (symbol.st_shndx != SHN_UNDEF && symbol.st_shndx < SHN_LORESERVE && name.size_bytes > 0 &&
            ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && is_opener(name.data))
            status = tell_opener(work, name.data, symbol.st_value, err);
    }
    return status;
}
