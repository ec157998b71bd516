/* What of packages may move into layers, in which units, and why the rest stays. */
#include "image_link.h"
#include "layer_made.h"

#include "layer/layer_elf.h"
#include "layer/layer_node_file.h"
#include "layer/layer_python_file.h"

#include <time.h>

static struct shared_arena arena;
static struct made made;

#define FIND(functions) made_find(&made, &arena, functions)
#define PROGRAM(name, folder, more) \
    "\"" name "\": {\"sources\": [\"f.c\"], \"assets\": {\".\": \"" folder "\"}" more "}"
#define NODE(name, folder, more)                                                               \
    "\"" name "\": {\"runtime\": \"nodejs22.x\", \"handler\": \"index.handler\", \"assets\": " \
    "{\".\": \"" folder "\"}" more "}"
#define PYTHON(name, folder)                                                                      \
    "\"" name "\": {\"runtime\": \"python3.13\", \"handler\": \"app.main.handler\", \"assets\": " \
    "{\".\": \"" folder "\"}}"

static const struct layer_item *item_at(const char *place)
{
    for (size_t i = 0; i < made.items.count; i++)
        if (strcmp(made.items.items[i].place, place) == 0)
            return &made.items.items[i];
    return NULL;
}

static void make_object(const char *path, const char *more)
{
    SHELL_NEED("mkdir -p $(dirname %s) && echo 'int a(void) { return 1; }' >a.c && "
               "gcc -shared -fPIC -nostdlib -Wl,--no-as-needed -Wl,-soname,$(basename %s) -o %s a.c %s",
               path, path, path, more);
}

static void test_program(void)
{
    make_object("p/lib/liba.so.1", "");
    SHELL_NEED(
        "ln -s liba.so.1 p/lib/liba.so && mkdir -p p/bin p/share/deep/er p/share/other && "
        "echo '#!/bin/sh' >p/bin/run && chmod +x p/bin/run && echo x >p/bin/data && ln -s run p/bin/also && "
        "echo x >p/share/deep/one && echo x >p/share/deep/er/two && echo x >p/share/other/three && "
        "echo x >p/lib/conf.json && echo x >p/lib/no.so && echo x >p/top");
    FIND(PROGRAM("f", "p", ", \"movable\": [\"share/*/one\", \"share/other*\"]"));
    CHECK_TEXT(made_moves(&made, 0), "bin/also#0 lib/liba.so#0 share/deep/one#0 share/other/three#0");
    CHECK_TEXT(made_stays(&made, 0), "bin/data lib/conf.json lib/no.so share/deep/er/ top");
    CHECK_TEXT(made_why(&made, 0, "top"),
               "is reached by a fixed path: name it in movable if it is opened through shared/asset.h");
    const struct layer_item *library = item_at("lib/liba.so"), *run = item_at("bin/also");
    if (!CHECK(library && run))
        return;
    CHECK(library->shadowed && !run->shadowed);
    struct stat st;
    SCRATCH_NEED(stat("p/lib/liba.so.1", &st) == 0);
    CHECK_NUMBER(library->unzipped_bytes, st.st_size + 9);
    CHECK_NUMBER(library->zip_bytes, st.st_size / 2 + 76 + 2 * 13 + 9 + 76 + 2 * 11);
    CHECK_NUMBER(layer_entry_bytes("lib/liba.so", 9), 9 + 76 + 2 * 11);
    FIND(PROGRAM("f", "p", ", \"movable\": [\"share/*\"], \"fixed\": [\"lib\", \"bin/r*\", \"share/deep\"]"));
    CHECK_TEXT(made_moves(&made, 0), "share/other/three#0");
    CHECK_TEXT(made_why(&made, 0, "share/deep/"), "is fixed: the manifest says so");
    CHECK_TEXT(made_why(&made, 0, "lib/liba.so"), "is fixed: the manifest says so");
}

static void test_bootstrap(void)
{
    made_file("boot/x", "x");
    scratch_file("boot.bin", "program");
    made = (struct made){.arena = &arena};
    FIND(PROGRAM("f", "boot", ""));
    struct shared_error err = {0};
    CHECK_NUMBER(package_add_bootstrap(&made.packages[0], "boot.bin", &arena, &err), 0);
    CHECK_NUMBER(layer_items_find(&made.manifest, made.packages, &arena, &made.items, &err), 0);
    CHECK_TEXT(made_why(&made, 0, "bootstrap"), "is the function itself");

    FIND(PROGRAM("f", "boot", ", \"movable\": [\"x\"]"));
    made.packages[0].entries[0].content = NULL;
    CHECK_NUMBER(layer_items_find(&made.manifest, made.packages, &arena, &made.items, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "x: its content has not been read");
}

/* What differs is another item; what is the same, whoever carries it, is one. */
static void test_digests(void)
{
    made_file("one/share/a", "same");
    made_file("two/share/a", "same");
    made_file("one/share/b", "one");
    made_file("two/share/b", "two");
    made_file("one/share/c", "kind");
    made_file("two/share/c", "kind");
    SCRATCH_NEED(chmod("two/share/c", 0755) == 0);
    FIND(PROGRAM("one", "one", ", \"movable\": [\"share/*\"]") "," PROGRAM("two", "two",
                                                                           ", \"movable\": [\"share/*\"]"));
    CHECK_NUMBER(made.items.count, 5);
    for (size_t i = 0; i < 3 && made.items.functions[0].count == 3 && made.items.functions[1].count == 3; i++)
        CHECK_NUMBER(made.items.functions[0].carried[i].item == made.items.functions[1].carried[i].item,
                     i == 0);
    struct layer_items first = made.items;
    FIND(PROGRAM("two", "two", ", \"movable\": [\"share/*\"]") "," PROGRAM("one", "one",
                                                                           ", \"movable\": [\"share/*\"]"));
    CHECK_NUMBER(made.items.count, first.count);
    for (size_t i = 0; i < first.count; i++) {
        CHECK_TEXT(made.items.items[i].place, first.items[i].place);
        CHECK(memcmp(&made.items.items[i].digest, &first.items[i].digest, sizeof(struct hash)) == 0);
    }
}

static void test_neighbours(void)
{
    make_object("n/lib/deep/libz.so.1", "");
    make_object("n/lib/libb.so.1", "");
    make_object("n/lib/liba.so.1", "n/lib/libb.so.1 -Wl,-rpath,'$ORIGIN'");
    make_object("n/lib/libc.so.1", "n/lib/libb.so.1");
    make_object("n/lib/libd.so.1", "n/lib/deep/libz.so.1 -Wl,-rpath,'$ORIGIN/deep'");
    make_object("n/share/libs.so.1", "");
    make_object("n/lib/libe.so.1", "n/share/libs.so.1 -Wl,-rpath,'$ORIGIN/../share'");
    made_file("n/lib/deep/plugin.conf", "x");
    made_file("n/lib/else/x.so", "x");
    FIND(PROGRAM("f", "n", ""));
    CHECK_TEXT(made_moves(&made, 0), "lib/deep/libz.so.1#0 lib/liba.so.1#0 lib/libc.so.1#0");
    CHECK_TEXT(made_stays(&made, 0), "lib/else/ lib/libe.so.1 share/");
    CHECK_TEXT(made_why(&made, 0, "lib/libe.so.1"), "finds share/libs.so.1 by its $ORIGIN");
    CHECK_NUMBER(made.items.functions[0].carried[0].count, 3);
    CHECK_NUMBER(made.items.functions[0].carried[1].count, 2);

    /* Another function has only some of them: one place for all that share a part. */
    SHELL_NEED("mkdir -p n2/lib && cp n/lib/libb.so.1 n2/lib && rm -rf n/share n/lib/libe.so.1");
    FIND(PROGRAM("f", "n", "") "," PROGRAM("g", "n2", ""));
    CHECK_TEXT(made_moves(&made, 1), "lib/liba.so.1#1");
    CHECK_TEXT(made_moves(&made, 0), "lib/deep/libz.so.1#0 lib/liba.so.1#0 lib/libc.so.1#0");
}

/* A folder and one in it, with the same first file, and folders that lead to each other against their order. */
static void test_nested_neighbours(void)
{
    make_object("nn/lib/d/e/libe.so.1", "");
    make_object("nn/lib/y/liby.so.1", "");
    make_object("nn/lib/z/libz.so.1", "nn/lib/y/liby.so.1 -Wl,-rpath,'$ORIGIN/../y'");
    make_object("nn/lib/d/libd.so.1", "nn/lib/z/libz.so.1 -Wl,-rpath,'$ORIGIN/../z'");
    make_object("nn/lib/liba.so.1", "nn/lib/d/e/libe.so.1 -Wl,-rpath,'$ORIGIN/d/e'");
    make_object("nn/lib/libb.so.1", "nn/lib/d/libd.so.1 -Wl,-rpath,'$ORIGIN/d'");
    make_object("nn/lib/libc.so.1", "nn/lib/d/e/libe.so.1 -Wl,-rpath,'$ORIGIN/d/e'");
    FIND(PROGRAM("f", "nn", ""));
    CHECK_TEXT(made_moves(&made, 0), "lib/d/e/libe.so.1#0");
    CHECK_NUMBER(made.items.functions[0].carried[0].count, 7);
}

/* Objects that all look into the folder they lie in. */
static void test_many_neighbours(void)
{
    enum { COUNT = 100000 };
    make_object("mn/lib/liba.so.1", "-Wl,-rpath,'$ORIGIN/x:$ORIGIN'");
    FIND(PROGRAM("f", "mn", ""));
    struct package_entry *entries = shared_arena_alloc(&arena, (COUNT + 1) * sizeof(*entries));
    for (size_t i = 0; i <= COUNT; i++) {
        entries[i] = made.packages[0].entries[0];
        if (i > 0)
            entries[i].place = shared_arena_format(&arena, "lib/x/l%06zu.so", i);
    }
    made.packages[0] = (struct package){entries, COUNT + 1, 0};
    struct shared_error err = {0};
    clock_t start = clock();
    CHECK_NUMBER(layer_items_find(&made.manifest, made.packages, &arena, &made.items, &err), 0);
    CHECK(clock() - start < 20 * CLOCKS_PER_SEC);
    CHECK_TEXT(made_moves(&made, 0), "lib/liba.so.1#0");
    CHECK_NUMBER(made.items.functions[0].carried[0].count, COUNT + 1);
}

static void test_links(void)
{
    made_file("l/share/one", "x");
    made_file("l/share/two", "x");
    made_file("l/share/folder/three", "x");
    made_file("l/fixed/four", "x");
    SHELL_NEED("cd l && ln -s ../share/two fixed/to-two && ln -s one share/to-one && ln -s ../fixed/four "
               "share/to-four "
               "&& ln -s folder share/to-folder && ln -s nowhere share/dangling && "
               "ln -s to-folder/three share/by-link");
    FIND(PROGRAM("f", "l", ", \"movable\": [\"share/*\"]"));
    CHECK_TEXT(made_moves(&made, 0), "share/by-link#0 share/dangling#0 share/one#0");
    CHECK_TEXT(made_why(&made, 0, "share/to-four"), "leads to fixed/four");
    CHECK_TEXT(made_why(&made, 0, "share/two"), "is what the symlink fixed/to-two leads to");
    CHECK_NUMBER(made.items.functions[0].carried[0].count, 3);
    CHECK_NUMBER(made.items.functions[0].carried[2].count, 2);
}

#define PACKAGE(path, json)                  \
    made_file(path "/package.json", json);   \
    made_file(path "/index.js", "// " path); \
    (void)0

/* It takes no bytes that could be shared; an item's place has no slash at its end, whatever it is merged of. */
static void test_empty_folders(void)
{
    make_object("e/lib/deep/libz.so.1", "");
    make_object("e/lib/liba.so.1", "e/lib/deep/libz.so.1 -Wl,-rpath,'$ORIGIN/deep'");
    SHELL_NEED("mkdir -p e/lib/deep/a-folder e/share/sub/deeper e/share/led && ln -s led e/share/to-led && "
               "echo x >e/share/one");
    FIND(PROGRAM("f", "e", ", \"movable\": [\"share/*\"]") "," PROGRAM("g", "e",
                                                                       ", \"movable\": [\"share*\"]"));
    for (size_t f = 0; f < 2; f++)
        CHECK_TEXT(made_moves(&made, f), "lib/deep/libz.so.1#0 share/one#0 share/to-led#0");
    CHECK_TEXT(made_why(&made, 0, "share/sub/"), "is an empty folder");

    PACKAGE("en/node_modules/a", "{\"dependencies\": {\"hollow\": \"1\"}}");
    SHELL_NEED("mkdir -p en/node_modules/hollow/lib/er en/node_modules/a/cache && echo x >en/index.js");
    FIND(NODE("f", "en", ""));
    CHECK_TEXT(made_moves(&made, 0), "nodejs/node_modules/a#0");
    CHECK_NUMBER(made.items.functions[0].carried[0].count, 3);
    CHECK_TEXT(made_why(&made, 0, "node_modules/hollow/"), "is an empty folder");

    made_file("ep/x-1.dist-info/RECORD", "x/__init__.py,,\n__pycache__/,,\nhollow/a,,\n");
    made_file("ep/x/__init__.py", "");
    SHELL_NEED("mkdir -p ep/__pycache__ ep/hollow ep/y-1.dist-info");
    FIND(PYTHON("f", "ep"));
    CHECK_TEXT(made_moves(&made, 0), "python/hollow#0");
    CHECK_TEXT(made_why(&made, 0, "y-1.dist-info/"), "is an empty folder");
}

/* What the last of the functions may not be given, in a line. */
static const char *barred_of(size_t count, const struct layer_planned *last)
{
    struct layer_function functions[MADE_FUNCTIONS] = {{0}};
    struct layer_problem problem = {.items = made.items.items,
                                    .item_count = made.items.count,
                                    .functions = functions,
                                    .function_count = count,
                                    .last = last,
                                    .last_count = last != NULL};
    struct shared_error err = {0};
    for (size_t f = 0; f < count; f++) {
        const struct layer_holding *holding = &made.items.functions[f];
        struct layer_set *set = &functions[f].items;
        set->items = shared_arena_alloc(&arena, holding->count * sizeof(size_t));
        for (size_t i = 0; i < holding->count; i++)
            set->items[set->count++] = holding->carried[i].item;
    }
    CHECK_NUMBER(layer_items_bar(made.packages, &made.items, &problem, &arena, &err), 0);
    CHECK(!problem.barred);
    problem.extra_bytes = 1;
    const char *all = "";
    if (!CHECK_NUMBER(layer_items_bar(made.packages, &made.items, &problem, &arena, &err), 0))
        return all;
    for (size_t i = 0; i < problem.barred[count - 1].count; i++)
        all = shared_arena_format(&arena, "%s%s%s", all, *all ? " " : "",
                                  made.items.items[problem.barred[count - 1].items[i]].place);
    return all;
}

/* At the places that a zip keeps, above and below them; and only what a layer has, or may have. */
static void test_barred(void)
{
    made_file("ba/bin/t", "old");
    made_file("ba/share/big", "x");
    made_file("ba/share/file", "x");
    made_file("ba/share/folder/one", "x");
    made_file("ba/share/folder-2", "x");
    made_file("ba/share/hollow/one", "x");
    made_file("ba/share/own", "x");
    SHELL_NEED(
        "chmod +x ba/bin/t && ln -s t ba/bin/also && cp -a ba bc && echo new >bc/bin/t && rm bc/bin/also && "
        "cd bc/share && rm -r big file folder hollow && mkdir -p file hollow && "
        "echo x >file/below && echo x >folder && echo y >own && mv ../../ba/share/own alone");
#define MOVES ", \"movable\": [\"share/*\"]"
    FIND(PROGRAM("a", "ba", MOVES) "," PROGRAM("b", "ba", MOVES) "," PROGRAM(
        "c", "bc", MOVES ", \"fixed\": [\"bin/t\", \"share/file\", \"share/folder*\"]"));
    CHECK_TEXT(barred_of(3, NULL), "bin/also share/file share/folder-2 share/folder/one share/hollow/one");
    /* Of a layer that is there: what but one function carries by now. */
    FIND(PROGRAM("a", "ba", MOVES) "," PROGRAM("c", "bc", ", \"fixed\": [\"bin/t\"]"));
    CHECK_TEXT(barred_of(2, NULL), "");
    static size_t first[] = {0};
    const struct layer_planned last = {.items = {first, 1}};
    CHECK_TEXT(made.items.items[0].place, "bin/also");
    CHECK_TEXT(barred_of(2, &last), "bin/also");
}

static void test_barred_packages(void)
{
    PACKAGE("bn/node_modules/x", "{\"version\": \"1\"}");
    PACKAGE("bn/node_modules/y", "{\"version\": \"1\"}");
    PACKAGE("bm/node_modules/x", "{\"version\": \"2\", \"type\": \"module\"}");
    made_file("bn/index.js", "");
    made_file("bm/index.js", "");
    SHELL_NEED("rm bm/node_modules/x/index.js && echo >bm/node_modules/x/other.mjs");
    FIND(
        NODE("a", "bn", "") "," NODE("b", "bn", "") "," NODE("c", "bm", ", \"fixed\": [\"node_modules/x\"]"));
    CHECK_TEXT(barred_of(3, NULL), "nodejs/node_modules/x");
}

static void test_node(void)
{
    made_file("j/index.js", "const a = require('a'); exports.handler = async () => a;");
    PACKAGE("j/node_modules/a", "{\"dependencies\": {\"b\": \"1\", \"@s/c\": \"1\"}}");
    PACKAGE("j/node_modules/a/node_modules/b",
            "{\"version\": \"nested\", \"optionalDependencies\": {\"d\": \"1\"}}");
    PACKAGE("j/node_modules/b", "{\"version\": \"1.0.0\"}");
    PACKAGE("j/node_modules/@s/c",
            "{\"peerDependencies\": {\"a\": \"1\"}, \"peerDependenciesMeta\": {\"e\": {}}}");
    PACKAGE("j/node_modules/d", "{}");
    PACKAGE("j/node_modules/e",
            "{\"dependencies\": {\"../../etc\": \"1\", \"\": \"1\", \"missing\": \"1\"}}");
    PACKAGE("j/node_modules/bad", "{");
    PACKAGE("j/node_modules/on-bad", "{\"dependencies\": {\"bad\": \"1\"}}");
    PACKAGE("j/node_modules/@prisma/client", "{}");
    PACKAGE("j/node_modules/.prisma/client", "{}");
    made_file("j/node_modules/.package-lock.json", "{}");
    SHELL_NEED("mkdir j/node_modules/.bin j/lib && ln -s ../b/index.js j/node_modules/.bin/b && "
               "ln -s ../lib j/node_modules/linked && echo x >j/lib/own.js");
    FIND(NODE("f", "j", ""));
    CHECK_TEXT(made_moves(&made, 0),
               "nodejs/node_modules/@s/c#0 nodejs/node_modules/a#0 nodejs/node_modules/b#0 "
               "nodejs/node_modules/d#0 nodejs/node_modules/e#0");
    CHECK_TEXT(made_why(&made, 0, "index.js"), "is what the runtime loads as the handler");
    CHECK_TEXT(made_why(&made, 0, "lib/"), "is the function's own code, or reached by a fixed path");
    CHECK_TEXT(made_why(&made, 0, "node_modules/bad/"), "has a package.json that is no JSON");
    CHECK_TEXT(made_why(&made, 0, "node_modules/on-bad/"), "needs nodejs/node_modules/bad, which stays");
    CHECK_TEXT(made_why(&made, 0, "node_modules/linked"), "is a symlink to a package, not its folder");
    CHECK_TEXT(made_why(&made, 0, "node_modules/@prisma/"), "may need node_modules/.prisma, which stays");
    size_t needs[5] = {0};
    for (size_t i = 0; i < 5 && i < made.items.count; i++)
        needs[i] = made.items.needs[i].count;
    CHECK_NUMBER(needs[0], 2); /* @s/c: a, e */
    CHECK_NUMBER(needs[1], 2); /* a: @s/c; its nested b: d */
    CHECK_NUMBER(needs[2] + needs[3] + needs[4], 0);
    CHECK(item_at("nodejs/node_modules/a")->shadowed);
}

/* A change in what a package needs is one in the package: in /opt it would find the other. */
static void test_node_closure(void)
{
    static const char *const folders[] = {"k1", "k2"};
    char path[64];
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/index.js", folders[i]);
        made_file(path, "");
        snprintf(path, sizeof(path), "%s/node_modules/top/package.json", folders[i]);
        made_file(path, "{\"dependencies\": {\"middle\": \"1\"}}");
        snprintf(path, sizeof(path), "%s/node_modules/middle/package.json", folders[i]);
        made_file(path, "{\"dependencies\": {\"leaf\": \"1\"}}");
        snprintf(path, sizeof(path), "%s/node_modules/leaf/package.json", folders[i]);
        made_file(path, i ? "{\"version\": \"2.0.0\"}" : "{\"version\": \"1.0.0\"}");
        snprintf(path, sizeof(path), "%s/node_modules/other/package.json", folders[i]);
        made_file(path, "{\"name\": \"other\"}");
    }
    FIND(NODE("one", "k1", "") "," NODE("two", "k2", ""));
    CHECK_NUMBER(made.items.count, 7);
    CHECK_NUMBER(made.items.functions[0].count, 4);
    CHECK_NUMBER(made.items.functions[0].carried[2].item, made.items.functions[1].carried[2].item);
}

/* Packages that need each other, and a long chain behind them: what changes at its end changes all, and takes no time. */
static void test_node_chain(void)
{
    enum { COUNT = 1000 };
    char path[64], json[160];
    for (int i = 0; i < COUNT; i++) {
        snprintf(path, sizeof(path), "chain/node_modules/p%d/package.json", i);
        snprintf(json, sizeof(json), "{\"name\": \"p%d\", \"dependencies\": {\"p%d\": \"1\"%s}}", i, i + 1,
                 i == 10 ? ", \"p0\": \"1\"" : "");
        made_file(path, json);
    }
    made_file("chain/index.js", "");
    FIND(NODE("f", "chain", ""));
    CHECK_NUMBER(made.items.count, COUNT);
    struct layer_items before = made.items;
    snprintf(path, sizeof(path), "chain/node_modules/p%d/package.json", COUNT - 2);
    made_file(path, "{}");
    FIND(NODE("f", "chain", ""));
    CHECK_NUMBER(made.items.count, COUNT);
    size_t same = 0;
    for (size_t i = 0; i < COUNT && made.items.count == COUNT; i++)
        same += memcmp(&before.items[i].digest, &made.items.items[i].digest, sizeof(struct hash)) == 0;
    CHECK_NUMBER(same, 1);
    made_file("chain/node_modules/p999/package.json", "[");
    snprintf(path, sizeof(path), "chain/node_modules/p%d/package.json", COUNT - 2);
    made_file(path, "{\"dependencies\": {\"p999\": \"1\"}}");
    FIND(NODE("f", "chain", ""));
    CHECK_NUMBER(made.items.count, 0);
    CHECK_TEXT(made_why(&made, 0, "node_modules/p0/"), "needs nodejs/node_modules/p1, which stays");
}

static void test_node_modules(void)
{
    made_file("m/index.mjs", "import a from 'a'; export const handler = async () => a;");
    PACKAGE("m/node_modules/a", "{}");
    FIND(NODE("f", "m", ""));
    CHECK_TEXT(made_moves(&made, 0), "");
    CHECK(made_why(&made, 0, "node_modules/") && strstr(made_why(&made, 0, "node_modules/"), "index.mjs"));
    const char *pattern = "node_modules/*";
    struct shared_error err = {0};
    made.manifest.functions[0].movable = (struct manifest_texts){&pattern, 1};
    CHECK_NUMBER(layer_items_find(&made.manifest, made.packages, &arena, &made.items, &err), 0);
    CHECK_TEXT(made_moves(&made, 0), "nodejs/node_modules/a#0");

    made_file("m2/index.js", "exports.handler = async () => 1;");
    PACKAGE("m2/node_modules/esm", "{\"type\": \"module\", \"dependencies\": {\"leaf\": \"1\"}}");
    PACKAGE("m2/node_modules/leaf", "{}");
    PACKAGE("m2/node_modules/dual",
            "{\"type\": \"module\", \"exports\": {\".\": {\"import\": \"./a.js\", \"require\": "
            "\"./a.cjs\"}}}");
    PACKAGE("m2/node_modules/user", "{\"dependencies\": {\"esm\": \"1\"}}");
    FIND(NODE("f", "m2", ""));
    CHECK_TEXT(made_moves(&made, 0), "nodejs/node_modules/dual#0");
    CHECK_TEXT(made_why(&made, 0, "node_modules/leaf/"), "is imported by node_modules/esm, an ES module");
    CHECK_TEXT(made_why(&made, 0, "node_modules/user/"), "needs nodejs/node_modules/esm, which stays");

    /* One that stays for a reason of its own imports all the same. */
    made_file("m3/index.js", "exports.handler = async () => 1;");
    PACKAGE("m3/node_modules/esm", "{\"type\": \"module\", \"dependencies\": {\"leaf\": \"1\"}}");
    PACKAGE("m3/node_modules/esm/node_modules/bad", "{");
    PACKAGE("m3/node_modules/leaf", "{}");
    FIND(NODE("f", "m3", ""));
    CHECK_TEXT(made_moves(&made, 0), "");
    CHECK_TEXT(made_why(&made, 0, "node_modules/esm/"), "has a package.json that is no JSON");

    made_file("m2/package.json", "{\"type\": \"module\"}");
    FIND(NODE("f", "m2", ""));
    CHECK_TEXT(made_moves(&made, 0), "");
}

static void test_imports(void)
{
    static const struct {
        const char *text;
        bool imports;
    } rows[] = {
        {"import a from 'a'", true},
        {"const a = 1;import{b}from'b'", true},
        {"\n  import * as x from 'x'", true},
        {"import 'x'", true},
        {"const a = await import('a')", true},
        {"x = import (name)", true},
        {"", false},
        {"import", false},
        {"important = 1", false},
        {"x.import('a')", false},
        {"$import('a')", false},
        {"const importMap = {}", false},
        {"// we import nothing", false},
        {"require('import')", false},
        {"import.meta.url", false},
        /* What leads on is imported as well. */
        {"export { handler } from \"y\";", true},
        {"export * from 'y'", true},
        {"export*as y from'y'", true},
        {"export * as 'a name' from 'y'", true},
        {"const a = 1;export{a as default,\n  'b }' as b, // }\n  c}from'y'", true},
        {"export { handler };", false},
        {"export{a}\nconst from = 'y'", false},
        {"export { from }\n'y'", false},
        {"export default from; 'y'", false},
        {"export const a = 1, b = 'from'", false},
        {"export default function () { return 'y'; }", false},
        {"module.exports = { a } // from 'y'", false},
        {"x.export * from 'y'", false},
        /* Comments and blanks stand anywhere. */
        {"/*! banner */import { x } from \"y\"", true},
        {"/* a */ /* b */ export * from 'y'", true},
        {"#!/usr/bin/env node\nimport 'y'", true},
        {"\xEF\xBB\xBFimport 'y'", true},
        {"\xE2\x80\xA8import 'y'", true},
        {"\v\fimport\xC2\xA0x from 'y'", true},
        {"f(import /* c */ ('y'))", true},
        {"await import // c\r(/* d */ 'y')", true},
        {"import /* * / */ x /**/ , /* { */ { a /* } */ } // from\n from /**/ 'y'", true},
        {"export /**/ { /* } */ a } /**/ from /**/ 'y'", true},
        {"import\n  defer * as x\nfrom\n'y'", true},
        {"import { \\u0061 } from 'y'", true},
        {"import.defer ('y')", true},
        {"[...import('y')]", true},
        {"do { } while (0) import 'y'", true},
        {"import /* c", false},
        {"import //", false},
        {"import /", false},
        {"import { a", false},
        {"import { 'a", false},
        {"export * from 'y", true},
        {"export * as 'y\\", false},
        {"// import x from 'y'", false},
        {"/* import x from 'y' */", false},
        {"/**\n * import x from 'y'\n * export * from 'y'\n */", false},
        {"glob('src/import/*.js', 'src/export/*')", false},
        {"path/export/*/a", false},
        {"\xC3\xA9import 'y'", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(layer_node_script_imports(shared_slice_from_text(rows[i].text)), rows[i].imports);
    }
}

/* Of each word all that follows could be read: it is not, over and over. */
static void test_imports_hostile(void)
{
    static const char *const parts[] = {"\nimport/*",  "\nimport./*",      "\nexport{/*", "\nimport\n",
                                        "\nexport a,", "\nimport//\r/**/", ";import",     "*/import/**/"};
    enum { SIZE = 8 << 20 };
    char *text = malloc(SIZE);
    for (size_t i = 0; text && i < sizeof(parts) / sizeof(parts[0]); i++) {
        CHECK_ROW(parts[i]);
        for (size_t at = 0, size = strlen(parts[i]); at < SIZE; at++)
            text[at] = parts[i][at % size];
        clock_t start = clock();
        (void)layer_node_script_imports(shared_slice_of(text, SIZE));
        CHECK(clock() - start < 20 * CLOCKS_PER_SEC);
    }
    CHECK(text != NULL);
    free(text);
}

/* A package that a file of the function's own only hands on is looked for beside that file. */
static void test_reexported(void)
{
    PACKAGE("re/node_modules/y", "{}");
    made_file("re/index.js", "/* what it does */export { handler } from \"y\";\n");
    FIND(NODE("f", "re", ""));
    CHECK_TEXT(made_moves(&made, 0), "");
    CHECK(made_why(&made, 0, "node_modules/") &&
          strstr(made_why(&made, 0, "node_modules/"), "may be imported by index.js"));
}

/* sharp's way: one package's object finds another package's by $ORIGIN. */
static void test_node_origin(void)
{
    made_file("o/index.js", "");
    PACKAGE("o/node_modules/@i/vips", "{}");
    PACKAGE("o/node_modules/@i/sharp", "{}");
    make_object("o/node_modules/@i/vips/lib/libvips.so.1", "");
    make_object("o/node_modules/@i/sharp/lib/sharp.node",
                "o/node_modules/@i/vips/lib/libvips.so.1 -Wl,-rpath,'$ORIGIN/../../vips/lib'");
    make_object("o/own/libown.so.1", "");
    PACKAGE("o/node_modules/outside", "{}");
    make_object("o/node_modules/outside/x.node", "o/own/libown.so.1 -Wl,-rpath,'$ORIGIN/../../own'");
    FIND(NODE("f", "o", ""));
    CHECK_TEXT(made_moves(&made, 0), "nodejs/node_modules/@i/sharp#0 nodejs/node_modules/@i/vips#0");
    CHECK_NUMBER(made.items.needs[0].count, 1);
    CHECK_NUMBER(made.items.needs[1].count, 1);
    CHECK_TEXT(made_why(&made, 0, "node_modules/outside/"), "looks into own/ by its $ORIGIN");
}

static void test_python(void)
{
    made_file("y/app/main.py", "import six");
    made_file("y/helpers.py", "");
    made_file("y/six.py", "");
    made_file("y/__pycache__/six.cpython-313.pyc", "x");
    made_file("y/__pycache__/helpers.cpython-313.pyc", "x");
    made_file("y/six-1.16.0.dist-info/RECORD",
              "six.py,sha256=x,1\nsix-1.16.0.dist-info/RECORD,,\n../../bin/six,,\n");
    made_file("y/numpy/__init__.py", "");
    made_file("y/numpy/core.py", "");
    made_file("y/numpy.libs/libx.so", "x");
    made_file("y/numpy-2.0.dist-info/RECORD",
              "numpy/__init__.py,,\n\"numpy/core.py\",,\nnumpy.libs/libx.so,,\n");
    made_file("y/google/auth/__init__.py", "");
    made_file("y/google/cloud/__init__.py", "");
    made_file("y/google_auth-1.dist-info/RECORD", "google/auth/__init__.py,,\n");
    made_file("y/google_cloud-1.dist-info/RECORD", "google/cloud/__init__.py,,\r\n");
    made_file("y/old/__init__.py", "");
    made_file("y/_old.cpython-313-x86_64-linux-gnu.so", "x");
    made_file("y/Old-1.egg-info/top_level.txt", "old\n_old\n");
    made_file("y/named_pkg/__init__.py", "");
    made_file("y/Named.Pkg-3.dist-info/METADATA", "x");
    made_file("y/hostile-1.dist-info/RECORD", "/etc/passwd,,\n../../../x,,\n\"a\"\"b\",,\n,,\n\"\n");
    FIND(PYTHON("f", "y"));
    CHECK_TEXT(made_moves(&made, 0), "python/google#0 python/hostile-1.dist-info#0 python/named_pkg#0 "
                                     "python/numpy#0 python/old#0 python/six.py#0");
    CHECK_TEXT(made_stays(&made, 0), "__pycache__/helpers.cpython-313.pyc app/ helpers.py");
    CHECK_TEXT(made_why(&made, 0, "app/"), "is what the runtime loads as the handler");
    CHECK_TEXT(made_why(&made, 0, "helpers.py"), "is the function's own code, or reached by a fixed path");
    CHECK(!item_at("python/google")->shadowed && item_at("python/numpy")->shadowed);

    /* The handler's own distribution stays. */
    made_file("y/app-1.dist-info/RECORD", "app/main.py,,\n");
    FIND(PYTHON("f", "y"));
    CHECK_TEXT(made_why(&made, 0, "app-1.dist-info/"), "is what the runtime loads as the handler");
}

static void test_python_versions(void)
{
    made_file("v1/p/__init__.py", "1");
    made_file("v1/p-1.dist-info/RECORD", "p/__init__.py,,\n");
    made_file("v2/p/__init__.py", "2");
    made_file("v2/p-2.dist-info/RECORD", "p/__init__.py,,\n");
    FIND(PYTHON("one", "v1") "," PYTHON("two", "v2"));
    CHECK_TEXT(made_moves(&made, 0), made_moves(&made, 1)[9] == '0' ? "python/p#1" : "python/p#0");
    CHECK_NUMBER(made.items.count, 2);
}

/* Units that are merged from the last to the first, and functions that share a part each with the next. */
static void test_many_merged(void)
{
    enum { COUNT = 300000 };
    static struct layer_unit units[COUNT + 1];
    static struct layer_work works[COUNT];
    static char places[COUNT + 1][8];
    struct layer_work work = {.units = units, .count = COUNT + 1};
    struct shared_error err = {0};
    clock_t start = clock();
    for (size_t i = 0; i <= COUNT; i++) {
        snprintf(places[i], sizeof(places[i]), "%07zu", i);
        units[i] = (struct layer_unit){.place = places[i], .kind = LAYER_PYTHON, .merged = i};
    }
    for (size_t i = COUNT; i > 0; i--)
        layer_unit_merge(&work, i - 1, i);
    for (size_t i = 0, wrong = 0; i <= COUNT; i++)
        if (layer_unit_root(&work, COUNT - i) != 0 && wrong++ == 0)
            CHECK_NUMBER(layer_unit_root(&work, COUNT - i), 0);

    for (size_t i = 0; i < COUNT; i++) {
        struct layer_unit *pair = shared_arena_alloc(&arena, 2 * sizeof(*pair));
        pair[0] = (struct layer_unit){.place = places[COUNT - i - 1], .kind = LAYER_PYTHON, .merged = 0};
        pair[1] = (struct layer_unit){.place = places[COUNT - i], .kind = LAYER_PYTHON, .merged = 0};
        works[i] = (struct layer_work){.units = pair, .count = 2, .has_merged = true};
    }
    CHECK_NUMBER(layer_units_join(works, COUNT, &arena, &err), 0);
    CHECK_TEXT(works[0].units[0].place, places[0]);
    CHECK_TEXT(works[COUNT / 2].units[0].place, places[0]);
    CHECK(clock() - start < 20 * CLOCKS_PER_SEC);
}

static void test_names(void)
{
    CHECK(layer_python_same_name("Foo.Bar-1.0.dist-info", "foo_bar"));
    CHECK(layer_python_same_name("foo__bar-1.0.dist-info", "Foo-bar.py"));
    CHECK(layer_python_same_name("foo.egg-info", "foo"));
    CHECK(!layer_python_same_name("foo-1.dist-info", "fo"));
    CHECK(!layer_python_same_name("foo-1.dist-info", "foobar"));
    CHECK_NUMBER(layer_node_name_size("a/b"), 1);
    CHECK_NUMBER(layer_node_name_size("@a/b/c"), 4);
    CHECK_NUMBER(layer_node_name_size("@a"), 0);
    CHECK_NUMBER(layer_node_name_size("@a/.b"), 0);
    CHECK_NUMBER(layer_node_name_size(".bin/x"), 0);
    CHECK_NUMBER(layer_node_name_size("/x"), 0);
    CHECK(layer_is_object_name("lib/x.so") && layer_is_object_name("x.so.1.2") &&
          layer_is_object_name("a.node"));
    CHECK(layer_is_object_name("x.sort.so") && !layer_is_object_name("x.so/y") &&
          !layer_is_object_name("x.sort"));
}

/* Of a damaged object nothing is believed; every byte of the headers and the dynamic section is tried. */
static void test_damaged(void)
{
    make_object("whole.so", "-Wl,-rpath,'$ORIGIN/x'");
    struct layer_elf elf;
    struct shared_error err = {0};
    CHECK_NUMBER(layer_elf_read("whole.so", &arena, &elf, &err), 0);
    CHECK(elf.shared_object);
    CHECK_TEXT(elf.paths[1] ? elf.paths[1] : elf.paths[0], "$ORIGIN/x");
    FILE *file = fopen("whole.so", "rb");
    static unsigned char bytes[65536];
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
    SCRATCH_NEED(file && size > 0 && fclose(file) == 0);
    for (size_t at = 0; at < size; at += at < 1024 ? 1 : 29) {
        unsigned char before = bytes[at];
        bytes[at] ^= 0xff;
        scratch_bytes("damaged.so", bytes, size);
        CHECK_NUMBER(layer_elf_read("damaged.so", &arena, &elf, &err), 0);
        bytes[at] = before;
    }
    for (size_t cut = 0; cut < size; cut += 211) {
        scratch_bytes("damaged.so", bytes, cut);
        CHECK_NUMBER(layer_elf_read("damaged.so", &arena, &elf, &err), 0);
    }
    CHECK_NUMBER(layer_elf_read("nowhere.so", &arena, &elf, &err), 0);
    CHECK(!elf.shared_object);
}

int main(void)
{
    char *scratch = scratch_enter();
    CHECK_RUN(test_program);
    CHECK_RUN(test_bootstrap);
    CHECK_RUN(test_digests);
    CHECK_RUN(test_neighbours);
    CHECK_RUN(test_nested_neighbours);
    CHECK_RUN(test_many_neighbours);
    CHECK_RUN(test_links);
    CHECK_RUN(test_empty_folders);
    CHECK_RUN(test_barred);
    CHECK_RUN(test_barred_packages);
    CHECK_RUN(test_node);
    CHECK_RUN(test_node_closure);
    CHECK_RUN(test_node_chain);
    CHECK_RUN(test_node_modules);
    CHECK_RUN(test_imports);
    CHECK_RUN(test_imports_hostile);
    CHECK_RUN(test_reexported);
    CHECK_RUN(test_node_origin);
    CHECK_RUN(test_python);
    CHECK_RUN(test_python_versions);
    CHECK_RUN(test_many_merged);
    CHECK_RUN(test_names);
    CHECK_RUN(test_damaged);
    shared_arena_clean_up(&arena);
    scratch_leave(scratch);
    return check_report();
}
