/* The packages that a plan makes, and plans that are mended where a package would not find another. */
#include "image_link.h"
#include "layer_made.h"

static struct shared_arena arena;
static struct made made;
static struct layer_plan plan;
static struct package functions[MADE_FUNCTIONS], layers[MADE_FUNCTIONS];

/* A set of the items of the given places, ascending; the first of each place. */
static struct layer_set set_of(const char *const *places)
{
    struct layer_set set = {shared_arena_alloc(&arena, made.items.count * sizeof(size_t)), 0};
    for (size_t i = 0; i < made.items.count; i++)
        for (size_t k = 0; places[k]; k++)
            if (strcmp(made.items.items[i].place, places[k]) == 0)
                set.items[set.count++] = i;
    return set;
}

#define SET(...) set_of((const char *const[]){__VA_ARGS__, NULL})

static int make(void)
{
    struct shared_error err = {0};
    return layer_packages_make(&made.manifest, made.packages, &made.items, &plan, &arena, functions, layers,
                               &err);
}

static void make_node(const char *folder, const char *package, const char *json)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/node_modules/%s/package.json", folder, package);
    made_file(path, json);
}

/* One function with packages a, which needs b, which needs c, and d, which needs nothing. */
static void find_node(void)
{
    made_file("n/index.js", "");
    make_node("n", "a", "{\"dependencies\": {\"b\": \"1\"}}");
    make_node("n", "b", "{\"dependencies\": {\"c\": \"1\"}}");
    make_node("n", "c", "{\"version\": \"1\"}");
    make_node("n", "d", "{\"version\": \"2\"}");
    made_find(
        &made, &arena,
        "\"f\": {\"runtime\": \"nodejs22.x\", \"handler\": \"index.handler\", \"assets\": {\".\": \"n\"}}");
}

static void test_layers(void)
{
    static size_t both[] = {0, 1};
    find_node();
    struct layer_planned planned[] = {
        {.name = "l1", .items = SET("nodejs/node_modules/a", "nodejs/node_modules/b")},
        {.name = "l2", .items = SET("nodejs/node_modules/c")},
    };
    struct layer_set attached = {both, 2}, stays = SET("nodejs/node_modules/d");
    plan = (struct layer_plan){.layers = planned, .count = 2, .attached = &attached, .stays = &stays};
    CHECK_NUMBER(make(), 0);
    CHECK_TEXT(made_places(&made, &functions[0]), "index.js node_modules/d/package.json");
    CHECK_TEXT(made_places(&made, &layers[0]),
               "nodejs/node_modules/a/package.json nodejs/node_modules/b/package.json");
    CHECK_TEXT(made_places(&made, &layers[1]), "nodejs/node_modules/c/package.json");
    CHECK_NUMBER(functions[0].unzipped_bytes + layers[0].unzipped_bytes + layers[1].unzipped_bytes,
                 made.packages[0].unzipped_bytes);
}

/* What its zip has all the same is in both. */
static void test_both(void)
{
    static size_t first[] = {0};
    find_node();
    struct layer_planned planned[] = {
        {.name = "l1",
         .items = SET("nodejs/node_modules/a", "nodejs/node_modules/b", "nodejs/node_modules/d")}};
    struct layer_set attached = {first, 1},
                     stays = SET("nodejs/node_modules/a", "nodejs/node_modules/b", "nodejs/node_modules/c");
    plan = (struct layer_plan){.layers = planned, .count = 1, .attached = &attached, .stays = &stays};
    CHECK_NUMBER(make(), 0);
    CHECK_NUMBER(made.items.items[0].names_bytes, 2 * strlen("nodejs/"));
    CHECK_TEXT(made_places(&made, &functions[0]), "index.js node_modules/a/package.json "
                                                  "node_modules/b/package.json node_modules/c/package.json");
    CHECK_NUMBER(layers[0].count, 3);
}

static void test_kinds(void)
{
    SHELL_NEED(
        "mkdir -p k/bin k/share/empty && echo x >k/bin/run && chmod 755 k/bin/run && ln -s run k/bin/also");
    made_find(&made, &arena,
              "\"f\": {\"sources\": [\"f.c\"], \"assets\": {\".\": \"k\"}, \"movable\": [\"share/*\"]}, "
              "\"g\": {\"sources\": [\"f.c\"]}");
    struct layer_planned planned[] = {{.name = "l", .items = SET("bin/also")}};
    static size_t first[] = {0};
    struct layer_set attached[] = {{first, 1}, {NULL, 0}}, stays[] = {{NULL, 0}, {NULL, 0}};
    plan = (struct layer_plan){.layers = planned, .count = 1, .attached = attached, .stays = stays};
    CHECK_NUMBER(make(), 0);
    CHECK_TEXT(made_places(&made, &layers[0]), "bin/also bin/run");
    CHECK_NUMBER(layers[0].entries[0].kind, PACKAGE_SYMLINK);
    CHECK_NUMBER(layers[0].entries[1].kind, PACKAGE_EXECUTABLE);
    CHECK_NUMBER(functions[0].count, 1); /* an empty folder is no item */
    CHECK_NUMBER(functions[0].entries[0].kind, PACKAGE_FOLDER);
    CHECK_NUMBER(functions[1].count, 0);
}

int main(void)
{
    char *scratch = scratch_enter();
    CHECK_RUN(test_layers);
    CHECK_RUN(test_both);
    CHECK_RUN(test_kinds);
    shared_arena_clean_up(&arena);
    scratch_leave(scratch);
    return check_report();
}
