#include "check/check_inner.h"

#include <string.h>

bool check_symbols(const struct elf_file *file, struct shared_slice *symbols, struct shared_slice *texts)
{
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        if (header->sh_type != SHT_SYMTAB || header->sh_link >= file->section_count)
            continue;
        const GElf_Shdr *strings = &file->sections[header->sh_link].header;
        if (strings->sh_type != SHT_STRTAB)
            continue;
        *symbols = elf_file_bytes(file, header->sh_offset, header->sh_size);
        *texts = elf_file_bytes(file, strings->sh_offset, strings->sh_size);
        return true;
    }
    return false;
}

const struct elf_file *check_unstripped(struct check_work *work)
{
    const char *path =
        work->input->paths.unstripped ? work->input->paths.unstripped : work->input->paths.shipped;
    if (!work->unstripped_read) {
        work->unstripped_read = true;
        if (elf_file_read(path, work->scratch, &work->unstripped, NULL) < 0)
            work->unstripped = (struct elf_file){0};
    }
    return work->unstripped.path ? &work->unstripped : NULL;
}

const struct graph *check_graph(struct check_work *work)
{
    struct shared_error err = {0};
    if (work->graph_state == CHECK_GRAPH_UNREAD) {
        int status =
            work->input->paths.map
                ? graph_read(work->plan->manifest, work->input->function, &work->input->paths, work->scratch,
                             &work->graph, &err)
                : shared_fail(&err, SHARED_EUNSUPPORTED, 0, "there is no link map of it (functions.*.map)");
        work->graph_state = status < 0 ? CHECK_GRAPH_FAILED : CHECK_GRAPH_READ;
        const char *failure = shared_arena_copy(work->arena, shared_slice_from_text(err.text));
        work->graph_failure = failure ? failure : "no memory";
    }
    return work->graph_state == CHECK_GRAPH_READ ? &work->graph : NULL;
}

uint32_t check_atom_at(const struct graph *graph, uint64_t address)
{
    size_t low = 1, high = graph->atom_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->atoms[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    while (low > 1 && graph->atoms[low - 1].size_bytes == 0)
        low--;
    if (low <= 1)
        return GRAPH_NONE;
    const struct graph_atom *atom = &graph->atoms[low - 1];
    return address - atom->address < atom->size_bytes ? (uint32_t)(low - 1) : GRAPH_NONE;
}

static const char *step_text(const struct check_work *work, const struct graph_atom *atom)
{
    const struct graph *graph = &work->graph;
    const char *name = graph_text(graph, atom->name);
    const char *member = graph_text(graph, graph->members[atom->member].name);
    return shared_arena_format(work->arena, atom->named ? "%s (%s)" : "[%s] (%s)", name, member);
}

/* The steps to an atom, and room for one more. */
static int list_steps(struct check_work *work, uint32_t atom, struct manifest_texts *chain,
                      struct shared_error *err)
{
    uint32_t *steps;
    size_t length;
    int status = graph_chain(&work->graph, atom, work->scratch, &steps, &length, err);
    if (status < 0)
        return status;
    *chain =
        (struct manifest_texts){shared_arena_alloc(work->arena, (length + 1) * sizeof(*chain->items)), 0};
    if (!chain->items)
        return check_no_memory(work, err);
    for (size_t i = 1; i < length; i++) { /* the first is the root, which is no symbol */
        const char *text = step_text(work, &work->graph.atoms[steps[i]]);
        if (!text)
            return check_no_memory(work, err);
        chain->items[chain->count++] = text;
    }
    return 0;
}

int check_chain_of_atom(struct check_work *work, uint32_t atom, struct check_finding *finding,
                        struct shared_error *err)
{
    return list_steps(work, atom, &finding->chain, err);
}

/* "memcpy" or "memcpy@GLIBC_2.14". */
static bool is_symbol(struct shared_slice text, const char *symbol)
{
    size_t size = strlen(symbol);
    return text.size_bytes >= size && memcmp(text.data, symbol, size) == 0 &&
           (text.size_bytes == size || text.data[size] == '@');
}

void check_references_each(const struct elf_file *file, check_reference_visit *visit, void *user)
{
    struct shared_slice symbols, texts;
    if (!check_symbols(file, &symbols, &texts))
        return;
    for (size_t i = 0; i < file->section_count; i++) {
        const GElf_Shdr *header = &file->sections[i].header;
        /* Those of the dynamic loader refer to .dynsym. */
        if (header->sh_type != SHT_RELA || header->sh_link >= file->section_count ||
            file->sections[header->sh_link].header.sh_type != SHT_SYMTAB)
            continue;
        struct shared_slice table = elf_file_bytes(file, header->sh_offset, header->sh_size);
        for (size_t at = 0; table.size_bytes - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
            Elf64_Rela relocation;
            Elf64_Sym symbol;
            memcpy(&relocation, table.data + at, sizeof(relocation));
            uint64_t index = ELF64_R_SYM(relocation.r_info);
            if (index >= symbols.size_bytes / sizeof(symbol))
                continue;
            memcpy(&symbol, symbols.data + index * sizeof(symbol), sizeof(symbol));
            visit(user, relocation.r_offset, &symbol, elf_text(texts, symbol.st_name));
        }
    }
}

static size_t depth_of(const struct graph *graph, uint32_t atom)
{
    size_t depth = 0;
    for (; graph->atoms[atom].parent != GRAPH_NONE; atom = graph->atoms[atom].parent)
        depth++;
    return depth;
}

/* What refers to a symbol, nearest to the root; references of what is not reached come last. */
struct nearest {
    const struct graph *graph;
    const char *symbol;
    uint32_t atom;
    size_t depth;
};

static void consider(void *user, uint64_t address, const Elf64_Sym *symbol, struct shared_slice name)
{
    struct nearest *nearest = user;
    const struct graph *graph = nearest->graph;
    uint32_t atom = symbol->st_shndx == SHN_UNDEF && is_symbol(name, nearest->symbol)
                        ? check_atom_at(graph, address)
                        : GRAPH_NONE;
    if (atom == GRAPH_NONE)
        return;
    size_t depth = depth_of(graph, atom) + (size_t)graph->atoms[atom].kept * graph->atom_count;
    if (nearest->atom == GRAPH_NONE || depth < nearest->depth) {
        nearest->atom = atom;
        nearest->depth = depth;
    }
}

int check_chain_of_import(struct check_work *work, const char *symbol, struct check_finding *finding,
                          struct shared_error *err)
{
    const struct graph *graph = check_graph(work);
    struct nearest nearest = {.graph = graph, .symbol = symbol, .atom = GRAPH_NONE};
    const struct elf_file *file = check_unstripped(work);
    if (!graph || !file) {
        finding->no_chain = work->graph_failure;
        return 0;
    }
    check_references_each(file, consider, &nearest);
    if (nearest.atom == GRAPH_NONE) {
        finding->no_chain = "no reference to it is kept in the program";
        return 0;
    }
    int status = list_steps(work, nearest.atom, &finding->chain, err);
    if (status == 0) {
        char *name = shared_arena_copy(work->arena, shared_slice_from_text(symbol));
        if (!name)
            return check_no_memory(work, err);
        finding->chain.items[finding->chain.count++] = name;
    }
    return status;
}
