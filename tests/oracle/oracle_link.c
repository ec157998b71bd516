#include "oracle.h"

#include "base/file.h"
#include "base/path.h"
#include "oracle_archive.h"

#include <string.h>

/* One input as it was read. */
struct loaded {
    const char *path;
    struct shared_slice content;
    bool is_archive;
    struct oracle_archive archive;
    bool *extracted; /* of each member */
};

struct visit {
    uint32_t object, symbol;
};

struct linking {
    const struct oracle_command *command;
    struct oracle_link *link;
    struct loaded *inputs;
    struct visit *visits;
    size_t visit_count, visit_capacity;
    struct shared_error *err;
};

uint32_t oracle_global_of(struct oracle_link *link, struct shared_slice name)
{
    uint32_t *known = text_table_at(&link->by_name, name);
    if (!known)
        return ORACLE_NONE;
    if (*known == TEXT_TABLE_NONE) {
        struct oracle_global *globals = oracle_grow(link->arena, link->globals, link->global_count,
                                                    &link->global_capacity, sizeof(*globals));
        if (!globals)
            return ORACLE_NONE;
        link->globals = globals;
        *known = (uint32_t)link->global_count;
        globals[link->global_count++] = (struct oracle_global){.name = name,
                                                               .object = ORACLE_NONE,
                                                               .symbol = ORACLE_NONE,
                                                               .archive = ORACLE_NONE,
                                                               .member = ORACLE_NONE};
    }
    return *known;
}

static int load(struct linking *linking, size_t index)
{
    struct shared_arena *arena = linking->link->arena;
    struct loaded *loaded = &linking->inputs[index];
    loaded->path = linking->command->inputs[index].path;
    int status = file_read(loaded->path, (size_t)1 << 28, arena, &loaded->content, linking->err);
    loaded->is_archive = status == 0 && oracle_archive_is(loaded->content);
    if (!loaded->is_archive)
        return status;
    status = oracle_archive_parse(loaded->path, loaded->content, arena, &loaded->archive, linking->err);
    if (status < 0)
        return status;
    loaded->extracted = shared_arena_alloc(arena, loaded->archive.member_count + 1);
    if (!loaded->extracted)
        return oracle_no_memory(linking->err);
    memset(loaded->extracted, 0, loaded->archive.member_count + 1);
    return 0;
}

/* The bytes of a member, which for a thin archive are a file's. */
static int member_content(struct linking *linking, const struct loaded *loaded,
                          const struct oracle_member *member, struct shared_slice *content)
{
    struct shared_arena *arena = linking->link->arena;
    *content = member->content;
    if (!loaded->archive.thin)
        return 0;
    const char *name = shared_arena_copy(arena, member->name);
    const char *folder = path_folder(arena, loaded->path);
    const char *path = name && folder ? (name[0] == '/' ? name : path_join(arena, folder, name)) : NULL;
    return path ? file_read(path, (size_t)1 << 28, arena, content, linking->err)
                : oracle_no_memory(linking->err);
}

/* libelf wants headers at even addresses; members begin at those of the file. */
static int extract(struct linking *linking, uint32_t archive, uint32_t member)
{
    struct loaded *loaded = &linking->inputs[archive];
    struct shared_slice content;
    if (loaded->extracted[member])
        return 0;
    loaded->extracted[member] = true;
    int status = member_content(linking, loaded, &loaded->archive.members[member], &content);
    return status < 0 ? status
                      : oracle_object_add(linking->link, loaded->path, loaded->archive.members[member].name,
                                          content, linking->err);
}

static bool is_missing(const struct oracle_global *global)
{
    return global->wanted && global->object == ORACLE_NONE && !global->by_shared;
}

/* GNU ld: what an archive has is looked at when its turn comes, again and again until nothing of it is missing. */
static int search_archive(struct linking *linking, uint32_t index, bool *any)
{
    struct oracle_link *link = linking->link;
    const struct oracle_archive *archive = &linking->inputs[index].archive;
    size_t before;
    do {
        before = link->object_count;
        for (size_t i = 0; i < archive->symbol_count; i++) {
            uint32_t global = oracle_global_of(link, archive->symbols[i].name);
            if (global == ORACLE_NONE)
                return oracle_no_memory(linking->err);
            if (!is_missing(&link->globals[global]))
                continue;
            int status = extract(linking, index, archive->symbols[i].member);
            if (status < 0)
                return status;
        }
        *any |= link->object_count > before;
    } while (link->object_count > before);
    return 0;
}

static int add_in_order(struct linking *linking, uint32_t index, bool *any)
{
    const struct loaded *loaded = &linking->inputs[index];
    return loaded->is_archive ? search_archive(linking, index, any)
                              : oracle_object_add(linking->link, loaded->path, shared_slice_of(NULL, 0),
                                                  loaded->content, linking->err);
}

static int link_in_order(struct linking *linking)
{
    const struct oracle_command *command = linking->command;
    int status = 0;
    for (uint32_t i = 0; status == 0 && i < command->input_count;) {
        uint32_t end = i + 1, group = command->inputs[i].group;
        while (group != 0 && end < command->input_count && command->inputs[end].group == group)
            end++;
        bool any = false, again = false;
        do {
            any = false;
            for (uint32_t k = i; status == 0 && k < end; k++)
                if (!again || linking->inputs[k].is_archive)
                    status = add_in_order(linking, k, &any);
            again = true;
        } while (status == 0 && any && group != 0);
        i = end;
    }
    return status;
}

/* Objects whose undefined symbols are being gone through, and where that has come to: an extracted member goes first. */
static int push(struct linking *linking)
{
    struct visit *visits = oracle_grow(linking->link->arena, linking->visits, linking->visit_count,
                                       &linking->visit_capacity, sizeof(*visits));
    if (!visits)
        return oracle_no_memory(linking->err);
    linking->visits = visits;
    visits[linking->visit_count++] = (struct visit){(uint32_t)linking->link->object_count - 1, 1};
    return 0;
}

static int extract_missing(struct linking *linking, const struct oracle_global *global, bool *extracted)
{
    *extracted = is_missing(global) && global->archive != ORACLE_NONE &&
                 !linking->inputs[global->archive].extracted[global->member];
    if (!*extracted)
        return 0;
    int status = extract(linking, global->archive, global->member);
    return status < 0 ? status : push(linking);
}

static int drain(struct linking *linking)
{
    int status = 0;
    while (status == 0 && linking->visit_count > 0) {
        struct visit *visit = &linking->visits[linking->visit_count - 1];
        const struct oracle_object *object = &linking->link->objects[visit->object];
        bool extracted = false;
        while (status == 0 && !extracted && visit->symbol < object->symbol_count) {
            uint32_t global = object->symbols[visit->symbol++].global;
            if (global != ORACLE_NONE)
                status = extract_missing(linking, &linking->link->globals[global], &extracted);
            if (extracted)
                break; /* what visit and object point to may have moved */
        }
        linking->visit_count -= extracted ? 0 : 1;
    }
    return status;
}

static int remember_archive(struct linking *linking, uint32_t index)
{
    const struct oracle_archive *archive = &linking->inputs[index].archive;
    int status = 0;
    for (size_t i = 0; status == 0 && i < archive->symbol_count; i++) {
        uint32_t number = oracle_global_of(linking->link, archive->symbols[i].name);
        if (number == ORACLE_NONE)
            return oracle_no_memory(linking->err);
        struct oracle_global *global = &linking->link->globals[number];
        if (global->object != ORACLE_NONE || global->by_shared || global->archive != ORACLE_NONE)
            continue;
        global->archive = index;
        global->member = archive->symbols[i].member;
        bool extracted;
        status = extract_missing(linking, global, &extracted);
        if (status == 0)
            status = drain(linking);
    }
    return status;
}

/* lld and mold: archives' symbols are remembered, and extracted when, before or after, one is missing. */
static int link_lazily(struct linking *linking)
{
    int status = 0;
    for (uint32_t i = 0; status == 0 && i < linking->command->input_count; i++) {
        const struct loaded *loaded = &linking->inputs[i];
        if (loaded->is_archive) {
            status = remember_archive(linking, i);
            continue;
        }
        status = oracle_object_add(linking->link, loaded->path, shared_slice_of(NULL, 0), loaded->content,
                                   linking->err);
        if (status == 0)
            status = push(linking);
        if (status == 0)
            status = drain(linking);
    }
    return status;
}

static void begin(struct oracle_link *link, enum oracle_linker linker, struct shared_arena *arena)
{
    *link = (struct oracle_link){.linker = linker, .arena = arena};
    link->by_name.arena = link->groups.arena = arena;
}

/* mold: once it is known what is linked, what stands first in the command and in its archive has priority. */
static int link_again(struct linking *linking)
{
    int status = 0;
    begin(linking->link, linking->link->linker, linking->link->arena);
    for (uint32_t i = 0; status == 0 && i < linking->command->input_count; i++) {
        struct loaded *loaded = &linking->inputs[i];
        if (!loaded->is_archive)
            status = oracle_object_add(linking->link, loaded->path, shared_slice_of(NULL, 0), loaded->content,
                                       linking->err);
        for (uint32_t k = 0; status == 0 && loaded->is_archive && k < loaded->archive.member_count; k++) {
            bool extracted = loaded->extracted[k];
            loaded->extracted[k] = false;
            if (extracted)
                status = extract(linking, i, k);
        }
    }
    return status;
}

int oracle_link_run(const struct oracle_command *command, struct shared_arena *arena,
                    struct oracle_link *link, struct shared_error *err)
{
    begin(link, command->linker, arena);
    struct linking linking = {.command = command, .link = link, .err = err};
    linking.inputs = shared_arena_alloc(arena, (command->input_count + 1) * sizeof(*linking.inputs));
    if (!linking.inputs)
        return oracle_no_memory(err);
    memset(linking.inputs, 0, (command->input_count + 1) * sizeof(*linking.inputs));
    int status = 0;
    for (size_t i = 0; status == 0 && i < command->input_count; i++)
        status = load(&linking, i);
    if (status == 0)
        status = command->linker == ORACLE_BFD ? link_in_order(&linking) : link_lazily(&linking);
    if (status == 0 && command->linker == ORACLE_MOLD)
        status = link_again(&linking);
    return status < 0 ? status : oracle_mark(link, err);
}
