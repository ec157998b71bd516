#include "advice/advice_inner.h"

#include "base/cleanup.h"
#include "base/path.h"
#include "image/elf_needs.h"
#include "share/share_layer.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a dynamic program has for each symbol that it asks for: .plt (16 B), .got.plt (8), .rela.plt (24),
 * .dynsym (24), .gnu.version (2) and its name; and once the other tables, with the padding that keeps
 * segments apart. Measured on the samples; of the zip a third.
 */
#define BYTES_PER_SYMBOL 90
#define BYTES_ONCE 4096
#define ZIP_PART 3

/* The libraries of glibc that static programs have as libc.a and libm.a. */
static const char *const objects[] = {"libc.so.6", "libm.so.6"};
#define OBJECT_COUNT (sizeof(objects) / sizeof(objects[0]))

struct asking {
    const struct check_plan *plan;
    const struct graph *graph;
    struct shared_arena *scratch;
    struct elf_export *exports[OBJECT_COUNT];
    size_t export_count[OBJECT_COUNT];
    bool *asked;                    /* of each atom */
    size_t symbols;                 /* that are */
    const struct elf_export *newer; /* the first by its name that the target does not have */
    bool unwinds;                   /* code beside glibc's looks at the stack */
};

static int read_exports(const struct check_plan *plan, struct asking *asking, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < OBJECT_COUNT; i++) {
        const char *path;
        struct elf_file file;
        status = share_ask_compiler(plan->manifest, objects[i], asking->scratch, &path, err);
        if (status < 0 || !path)
            continue;
        status = elf_file_read(path, asking->scratch, &file, err);
        if (status == 0)
            status =
                elf_exports_read(&file, asking->scratch, &asking->exports[i], &asking->export_count[i], err);
    }
    return status;
}

static int by_symbol(const void *name, const void *item)
{
    return strcmp(name, ((const struct elf_export *)item)->symbol);
}

/*
 * A symbol of glibc's shared objects whose version the target does not have; NULL: it has it, or it is of
 * none.
 */
static const struct elf_export *find_newer(const struct asking *asking, const char *name)
{
    for (size_t i = 0; i < OBJECT_COUNT; i++) {
        struct manifest_texts versions;
        const char *has;
        const struct elf_export *found = asking->export_count[i] == 0
                                             ? NULL
                                             : bsearch(name, asking->exports[i], asking->export_count[i],
                                                       sizeof(**asking->exports), by_symbol);
        if (found && check_target_has(asking->plan, objects[i], &versions) &&
            check_is_newer(&versions, found->version, &has))
            return found;
    }
    return NULL;
}

/* Of glibc's archives; start files and the compiler's own archives stay in a dynamic program. */
static bool is_glibc(const struct graph *graph, uint32_t atom)
{
    const struct graph_member *member = &graph->members[graph->atoms[atom].member];
    return member->archive != 0 &&
           strcmp(graph_text(graph, graph->libraries[member->library].name), "libc") == 0 &&
           strncmp(path_base(graph_text(graph, member->archive)), "libgcc", 6) != 0;
}

static bool is_unwinder(const struct graph *graph, uint32_t atom)
{
    const char *archive = graph_text(graph, graph->members[graph->atoms[atom].member].archive);
    return strcmp(path_base(archive), "libgcc_eh.a") == 0;
}

static bool is_code_of_others(const struct graph *graph, uint32_t atom)
{
    return atom != GRAPH_NONE && graph->atoms[atom].member != 0 && graph->atoms[atom].kept != GRAPH_UNKNOWN &&
           !is_glibc(graph, atom) && !is_unwinder(graph, atom);
}

/* What other code refers to, by the name that it uses: an address has several, of different versions. */
static void visit(void *user, uint64_t address, const Elf64_Sym *symbol, struct shared_slice name)
{
    struct asking *asking = user;
    const struct graph *graph = asking->graph;
    uint32_t from = check_atom_at(graph, address), to = check_atom_at(graph, symbol->st_value);
    if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL || to == GRAPH_NONE ||
        name.size_bytes == 0 || !is_code_of_others(graph, from))
        return;
    asking->unwinds |= is_unwinder(graph, to) && strcmp(advice_library(graph, from), "libc") != 0;
    if (!is_glibc(graph, to))
        return;
    asking->symbols += !asking->asked[to];
    asking->asked[to] = true;
    const struct elf_export *newer = find_newer(asking, name.data);
    if (newer && (!asking->newer || strcmp(newer->symbol, asking->newer->symbol) < 0))
        asking->newer = newer;
}

/* Why it is not possible; NULL: it is. The start files of glibc 2.34 and newer ask for that. */
static int judge(struct advice_work *work, struct asking *asking, struct advice *advice,
                 struct shared_error *err)
{
    if (!asking->newer)
        asking->newer = find_newer(asking, "__libc_start_main");
    if (asking->newer) {
        advice->blocked =
            shared_arena_format(work->arena, "%s asks for %s", asking->newer->symbol, asking->newer->version);
        return advice->blocked ? 0 : advice_no_memory(err);
    }
    if (asking->export_count[0] == 0)
        advice->blocked = "the compiler knows no libc.so.6 to compare with";
    else if (asking->unwinds)
        advice->blocked = "it unwinds the stack, for which libgcc_s.so.1 would have to be in the package";
    return 0;
}

/* glibc, and what only glibc needs, as the unwinder. */
static int measure(const struct advice_program *program, struct shared_arena *scratch, struct advice *advice,
                   struct shared_error *err)
{
    struct advice_walk walk;
    uint64_t cost = BYTES_ONCE + advice->symbols * BYTES_PER_SYMBOL, zip = cost / ZIP_PART;
    int status = advice_walk_init(&walk, program->graph, scratch, err);
    if (status < 0)
        return status;
    for (uint32_t i = 1; i < program->graph->atom_count; i++)
        walk.left_out[i] = is_glibc(program->graph, i);
    advice_walk(&walk);
    advice->gain = advice_lost(&walk);
    advice->gain.file -= cost < advice->gain.file ? cost : advice->gain.file;
    advice->gain.zip -= zip < advice->gain.zip ? zip : advice->gain.zip;
    return 0;
}

int advice_dynamic(struct advice_work *work, const struct advice_program *program, struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    const struct graph *graph = program->graph;
    struct asking asking = {.plan = work->plan, .graph = graph, .scratch = &scratch};
    struct advice advice = {.kind = ADVICE_DYNAMIC, .subject = "libc", .library = "libc"};
    struct elf_file file;
    if (!program->is_static)
        return 0;
    asking.asked = shared_arena_alloc(&scratch, graph->atom_count * sizeof(*asking.asked));
    if (!asking.asked)
        return advice_no_memory(err);
    memset(asking.asked, 0, graph->atom_count * sizeof(*asking.asked));
    int status = read_exports(work->plan, &asking, err);
    if (status == 0)
        status = elf_file_read(program->unstripped, &scratch, &file, err);
    if (status < 0)
        return status;
    check_references_each(&file, visit, &asking);
    advice.symbols = asking.symbols;
    status = judge(work, &asking, &advice, err);
    if (status == 0)
        status = measure(program, &scratch, &advice, err);
    if (status < 0)
        return status;
    return advice.gain.file < ADVICE_LEAST_BYTES ? 0
                                                 : advice_add(work, &advice, program->function->name, err);
}
