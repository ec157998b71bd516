/* Memory runs out at every place where packages are looked through and taken apart. */
#include "image_link.h"
#include "layer_made.h"

#include "exhaust.h"

static struct shared_arena arena;
static struct made made;

static void set_up(void)
{
    made_file("n/index.js", "exports.handler = 1;");
    made_file("n/node_modules/a/package.json", "{\"dependencies\": {\"b\": \"1\"}}");
    made_file("n/node_modules/b/package.json",
              "{\"type\": \"module\", \"exports\": {\"require\": \"./a.cjs\"}}");
    made_file("n/share/x/y", "x");
    made_file("p/app/main.py", "");
    made_file("p/words/__init__.py", "");
    made_file("p/words.libs/x.so", "x");
    made_file("p/words-1.dist-info/RECORD", "words/__init__.py,,\n");
    made_file("p/Old-1.egg-info/top_level.txt", "old\n");
    made_file("p/old.py", "");
    SHELL_NEED(
        "mkdir -p c/lib/deep c/share && echo 'int a(void) { return 1; }' >a.c && "
        "gcc -shared -fPIC -nostdlib -o c/lib/deep/libb.so a.c && "
        "gcc -shared -fPIC -nostdlib -o c/lib/liba.so.1 a.c -Wl,-rpath,'$ORIGIN/deep' c/lib/deep/libb.so && "
        "ln -s liba.so.1 c/lib/liba.so && echo x >c/share/y && ln -s y c/share/z");
    made_find(
        &made, &arena,
        "\"c\": {\"sources\": [\"c.c\"], \"assets\": {\".\": \"c\"}, \"movable\": [\"share/*\"]}, "
        "\"n\": {\"runtime\": \"nodejs22.x\", \"handler\": \"index.handler\", \"assets\": {\".\": \"n\"}}, "
        "\"p\": {\"runtime\": \"python3.13\", \"handler\": \"app.main.handler\", \"assets\": {\".\": "
        "\"p\"}}");
}

/* All items in one layer that all functions attach. */
static int take_apart(struct shared_arena *run, struct layer_items *items, struct shared_error *err)
{
    static size_t zero[] = {0}, all[64];
    struct package functions[3], layer;
    int status = layer_items_find(&made.manifest, made.packages, run, items, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < items->count && i < 64; i++)
        all[i] = i;
    struct layer_planned planned = {.name = "l", .items = {all, items->count}};
    struct layer_set attached[] = {{zero, 1}, {zero, 1}, {zero, 1}}, stays[3] = {{NULL, 0}};
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].place, "nodejs/node_modules/b") == 0)
            stays[1] = (struct layer_set){&all[i], 1};
    struct layer_plan plan = {.layers = &planned, .count = 1, .attached = attached, .stays = stays};
    return layer_packages_make(&made.manifest, made.packages, items, &plan, run, functions, &layer, err);
}

static void test_each_allocation(void)
{
    struct layer_items whole, items;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(take_apart(&arena, &whole, &err), 0))
        return;
    CHECK_NUMBER(whole.count, 6);
    long failures = 0;
    for (long at = 0;; at++) {
        struct shared_arena run = {0};
        left = at;
        int status = take_apart(&run, &items, &err);
        bool ran_out = left < 0;
        left = -1;
        /* A package.json for which there was no memory keeps its package. */
        CHECK(status == SHARED_ENOMEM || (status == 0 && items.count <= whole.count));
        failures += status < 0;
        CHECK(ran_out || items.count == whole.count);
        shared_arena_clean_up(&run);
        if (!ran_out)
            break;
    }
    CHECK(failures > 10);
}

/* Each package of ES modules has its own way to what it imports; the memory for it is there once: the rest is for files. */
static void test_many_modules(void)
{
    enum { COUNT = 3000 };
    char path[64];
    for (int i = 0; i < COUNT; i++) {
        snprintf(path, sizeof(path), "es/node_modules/p%d/package.json", i);
        made_file(path, "{\"type\": \"module\"}");
    }
    made_find(
        &made, &arena,
        "\"f\": {\"runtime\": \"nodejs22.x\", \"handler\": \"index.handler\", \"assets\": {\".\": \"es\"}}");
    struct shared_arena run = {0};
    struct layer_items items;
    struct shared_error err = {0};
    asked_bytes = 0;
    CHECK_NUMBER(layer_items_find(&made.manifest, made.packages, &run, &items, &err), 0);
    CHECK_NUMBER(items.count, 0);
    if (!CHECK(asked_bytes < (size_t)COUNT * 24000))
        fprintf(stderr, "    %zu bytes for %d packages\n", asked_bytes, COUNT);
    shared_arena_clean_up(&run);
}

int main(void)
{
    char *scratch = scratch_enter();
    set_up();
    CHECK_RUN(test_each_allocation);
    CHECK_RUN(test_many_modules);
    shared_arena_clean_up(&arena);
    scratch_leave(scratch);
    return check_report();
}
