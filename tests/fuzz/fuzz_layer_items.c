/*
 * Any package: its places are made of a few words that mean something to the rules. Whatever it is, each of its entries
 * moves with one item or stays in one row, and what a plan takes apart is there, once, in zip or layer.
 */
#include "fuzz_target.h"

#include "content/content.h"
#include "layer/layer_items.h"
#include "package/package_list.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const words[] = {
    "lib",
    "bin",
    "share",
    "node_modules",
    "a",
    "b",
    "@s",
    "x.so",
    "RECORD",
    "package.json",
    "a-1.dist-info",
    "__pycache__",
    "a.py",
    ".bin",
    ".s",
    "index.js",
    "..",
    "b.mjs",
    "a.libs",
    "app.py",
    "__init__.py",
    "b.so.1",
    "x.node",
    "top_level.txt",
};
static const char *const texts[] = {
    "{\"dependencies\": {\"a\": 1, \"b\": 1, \"@s/a\": 1}}",
    "{\"type\": \"module\", \"dependencies\": {\"b\": 1}}",
    "a.py,,\na/__init__.py,,\nb/a.py,,\n",
    "import('a')",
    "",
    "a\nb\n",
};
#define WORDS (sizeof(words) / sizeof(words[0]))
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

struct input {
    const uint8_t *data;
    size_t size;
};

static struct content contents[TEXTS];

static uint8_t take(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

static void make_contents(void)
{
    for (size_t i = 0; i < TEXTS && !contents[i].source; i++) {
        static char paths[TEXTS][32];
        int file = memfd_create("text", MFD_CLOEXEC);
        FUZZ_PROMISE(file >= 0 && write(file, texts[i], strlen(texts[i])) == (ssize_t)strlen(texts[i]));
        snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", file);
        contents[i] = (struct content){.hash = hash_bytes(shared_slice_from_text(texts[i])),
                                       .size_bytes = strlen(texts[i]),
                                       .source = paths[i],
                                       .deflated_bytes = strlen(texts[i])};
    }
}

/* One to six words with slashes between. */
static const char *take_place(struct input *input, struct shared_arena *arena)
{
    const char *place = words[take(input) % WORDS];
    for (unsigned more = take(input) % 6; more > 0; more--)
        place = shared_arena_format(arena, "%s/%s", place, words[take(input) % WORDS]);
    return place;
}

static bool take_package(struct input *input, struct shared_arena *arena, struct package *package)
{
    struct package_list list = {.arena = arena};
    struct shared_error err;
    while (input->size > 0 && list.count < 200) {
        uint8_t what = take(input);
        const struct content *content = &contents[(what >> 2) % TEXTS];
        struct package_entry entry = {.place = take_place(input, arena), .kind = what & 3};
        if (entry.kind == PACKAGE_SYMLINK) {
            entry.target = take_place(input, arena);
            entry.size_bytes = strlen(entry.target);
        } else if (entry.kind == PACKAGE_FOLDER) {
            entry.place = shared_arena_format(arena, "%s/", entry.place);
        } else {
            entry.content = content;
            entry.size_bytes = content->size_bytes;
        }
        entry.source = entry.content ? content->source : "nowhere";
        if (strstr(entry.place, "..") || package_list_add(&list, &entry, &err) < 0)
            continue;
        struct package_list tried = list;
        tried.items = shared_arena_alloc(arena, list.count * sizeof(*list.items));
        memcpy(tried.items, list.items, list.count * sizeof(*list.items));
        if (package_clash_check(&tried, &err) < 0 || package_link_check(&tried, &err) < 0)
            list.count--;
    }
    bool holds = package_clash_check(&list, &err) == 0 && package_link_check(&list, &err) == 0;
    *package = (struct package){list.items, list.count, 0};
    return holds;
}

static bool is_below(const char *place, const char *folder)
{
    size_t size = strlen(folder);
    return strcmp(place, folder) == 0 || (folder[size - 1] == '/' && strncmp(place, folder, size) == 0);
}

static void check_holding(const struct package *package, const struct layer_holding *holding,
                          const struct layer_items *items)
{
    for (size_t i = 0; i < package->count; i++) {
        size_t times = 0;
        for (size_t k = 0; k < holding->count; k++)
            for (size_t j = 0; j < holding->carried[k].count; j++)
                times += holding->carried[k].entries[j] == i;
        for (size_t k = 0; k < holding->stay_count; k++)
            times += is_below(package->entries[i].place, holding->stays[k].place);
        FUZZ_PROMISE(times == 1);
    }
    for (size_t k = 0; k < holding->count; k++) {
        FUZZ_PROMISE(holding->carried[k].item < items->count && holding->carried[k].count > 0);
        FUZZ_PROMISE(k == 0 || holding->carried[k - 1].item < holding->carried[k].item);
    }
}

static bool has(const struct layer_set *set, size_t item)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i] == item)
            return true;
    return false;
}

/* A layer of some items, of which the function's zip has some all the same. */
static void check_plan(struct input *input, const struct manifest *manifest, const struct package *package,
                       const struct layer_items *items, struct shared_arena *arena)
{
    static size_t zero[] = {0};
    struct shared_error err;
    struct layer_set layered = {shared_arena_alloc(arena, items->count * sizeof(size_t)), 0};
    struct layer_set stays = {shared_arena_alloc(arena, items->count * sizeof(size_t)), 0};
    for (size_t i = 0; i < items->count; i++) {
        uint8_t what = take(input);
        if (what % 4 != 1)
            layered.items[layered.count++] = i;
        if (what % 4 == 1 || what % 8 == 2)
            stays.items[stays.count++] = i;
    }
    struct layer_planned planned = {.name = "l", .items = layered};
    struct layer_set attached = {zero, 1};
    struct layer_plan plan = {.layers = &planned, .count = 1, .attached = &attached, .stays = &stays};
    struct package function, layer;
    FUZZ_PROMISE(layer_packages_make(manifest, package, items, &plan, arena, &function, &layer, &err) == 0);
    size_t twice = 0;
    for (size_t i = 0; i < items->functions[0].count; i++) {
        const struct layer_carried *carried = &items->functions[0].carried[i];
        twice += has(&layered, carried->item) && has(&stays, carried->item) ? carried->count : 0;
        for (size_t k = 0; k < items->needs[carried->item].count; k++)
            FUZZ_PROMISE(items->needs[carried->item].items[k] < items->count);
    }
    FUZZ_PROMISE(function.count + layer.count == package->count + twice);
    for (size_t i = 1; i < layer.count; i++)
        FUZZ_PROMISE(strcmp(layer.entries[i - 1].place, layer.entries[i].place) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *pattern[] = {"share/*", "b*"};
    static const char *const runtimes[] = {NULL, "nodejs22.x", "python3.13", "java21"};
    static const char *const handlers[] = {"index.handler", "app.handler", "a.b.handler", "lib/a.handler"};
    struct shared_arena arena = {0};
    struct input input = {data, size};
    make_contents();
    uint8_t what = take(&input);
    struct manifest_function function = {.name = "f",
                                         .runtime = runtimes[what & 3],
                                         .handler = handlers[(what >> 2) & 3],
                                         .movable = {pattern, (what >> 4) % 3}};
    struct manifest manifest = {.functions = &function, .function_count = 1};
    struct package package;
    struct layer_items items;
    struct shared_error err;
    if (take_package(&input, &arena, &package)) {
        FUZZ_PROMISE(layer_items_find(&manifest, &package, &arena, &items, &err) == 0);
        check_holding(&package, &items.functions[0], &items);
        struct input rest = {data, size};
        check_plan(&rest, &manifest, &package, &items, &arena);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
