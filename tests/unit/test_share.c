/* What several programs carry in copy, and what a shared object of it would weigh. */
#include "graph_made.h"
#include "image_link.h"

#include "share/share_layer.h"

static struct shared_arena arena;

static const struct share_library *find_library(const struct share *share, const char *name)
{
    for (size_t i = 0; i < share->library_count; i++)
        if (strcmp(share->libraries[i].name, name) == 0)
            return &share->libraries[i];
    return NULL;
}

/* Two programs with a member in common, of which one has more; and a symbol of one name but another size. */
static void test_copies(void)
{
    static struct made one, two;
    struct share share;
    struct shared_error err = {0};
    made_begin(&one);
    uint32_t inflate = made_member(&one, "zlib", "libz.a", "inflate.o");
    made_atom(&one, inflate, "inflate", 1000);
    made_atom(&one, inflate, NULL, 40);
    made_atom(&one, inflate, NULL, 40);
    made_atom(&one, inflate, "inflateEnd", 100);
    uint32_t own = made_member(&one, "own", NULL, "one.o");
    made_atom(&one, own, "main", 70);
    made_begin(&two);
    own = made_member(&two, "own", NULL, "two.o");
    made_atom(&two, own, "main", 70);
    inflate = made_member(&two, "zlib", "libz.a", "inflate.o");
    made_atom(&two, inflate, "inflate", 1000);
    made_atom(&two, inflate, NULL, 40);
    made_atom(&two, inflate, "inflateEnd", 90);
    const struct share_program programs[] = {{"one", made_end(&one), true}, {"two", made_end(&two), false}};
    if (!CHECK_NUMBER(share_find(programs, 2, &arena, &share, &err), 0))
        return;
    CHECK_NUMBER(share.function_count, 2);
    CHECK_NUMBER(share.all.file, 1250 + 1200);
    CHECK_NUMBER(share.copy.file, 1040);
    CHECK_NUMBER(share.copy.zip, 520);
    CHECK_NUMBER(share.symbol_count, 2);
    CHECK_TEXT(share.symbols[0].name, "inflate");
    CHECK_NUMBER(share.symbols[0].functions, 2);
    CHECK_NUMBER(share.symbols[0].all.file, 2000);
    CHECK_NUMBER(share.symbols[0].copy.file, 1000);
    CHECK_TEXT(share.symbols[1].name, NULL);
    CHECK_TEXT(share.symbols[1].section, ".text");
    const struct share_library *zlib = find_library(&share, "zlib");
    if (!CHECK(zlib != NULL))
        return;
    CHECK(zlib == share.libraries);
    CHECK_NUMBER(zlib->functions, 2);
    CHECK_NUMBER(zlib->static_functions, 1);
    CHECK_NUMBER(zlib->all.file, 1180 + 1130);
    CHECK_NUMBER(zlib->once.file, 1000 + 40 + 40 + 100 + 90);
    CHECK_NUMBER(zlib->copy.file, zlib->all.file - zlib->once.file);
    CHECK_NUMBER(zlib->least_file, 1130);
    CHECK_NUMBER(zlib->most_file, 1180);
    CHECK_NUMBER(find_library(&share, "own")->copy.file, 0);
}

static void test_none(void)
{
    static struct made one;
    struct share share;
    struct shared_error err = {0};
    made_begin(&one);
    made_atom(&one, made_member(&one, "own", NULL, "one.o"), "main", 70);
    const struct share_program programs[] = {{"one", made_end(&one), true}};
    CHECK_NUMBER(share_find(programs, 1, &arena, &share, &err), 0);
    CHECK_NUMBER(share.symbol_count, 0);
    CHECK_NUMBER(share.copy.file, 0);
    CHECK_NUMBER(share_find(programs, 0, &arena, &share, &err), 0);
    CHECK_NUMBER(share.library_count, 0);
}

static struct manifest manifest;
static struct check_plan plan;

static void make_plan(const char *libraries)
{
    char text[1024];
    struct shared_error err;
    snprintf(text, sizeof(text),
             "{\"name\": \"t\", \"target\": {\"architecture\": \"" HOST_ARCHITECTURE
             "\"}, \"libraries\": {%s},\n"
             " \"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}",
             libraries);
    if (manifest_parse("demine.json", text, strlen(text), &arena, &manifest, &err) < 0 ||
        check_plan_make(&manifest, &arena, &plan, &err) < 0) {
        fprintf(stderr, "the test's manifest: %s\n", err.text);
        exit(2);
    }
}

static const struct share_layer *find_layer(const char *library)
{
    static struct share_layer layer;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(share_find_layer(&plan, "state", library, &arena, &layer, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    return &layer;
}

/* Found by key, beside the archive, and by the compiler; with what it needs; stripped. */
static void test_layers(void)
{
    char *folder = scratch_enter();
    scratch_file("deep.c", "const char deep_table[5000] = {1}; int deep(void) { return deep_table[3]; }\n");
    scratch_file("top.c", "int deep(void); int top(void) { return deep(); }\n");
    SHELL_NEED("mkdir lib && gcc -shared -fPIC -g deep.c -Wl,-soname,libdeep.so.1 -o lib/libdeep.so && "
               "cp lib/libdeep.so lib/libdeep.so.1 && "
               "gcc -shared -fPIC top.c lib/libdeep.so -Wl,-soname,libtop.so.1 -o lib/libtop.so");
    make_plan("\"deep\": {\"archives\": [\"lib/libdeep.a\"]}, \"named\": {\"shared\": \"lib/libdeep.so\"}, "
              "\"absent\": {\"archives\": [\"lib/libabsent.a\"]}, \"script\": {\"shared\": \"script.so\"}, "
              "\"top\": {\"archives\": [\"libother.a\", \"lib/libtop.a\"]}");
    const struct share_layer *layer = find_layer("deep");
    CHECK_TEXT(layer->path, "lib/libdeep.so");
    CHECK_TEXT(layer->soname, "libdeep.so.1");
    CHECK(layer->own.file > 5000 && layer->own.zip > 0 && layer->own.zip < layer->own.file);
    CHECK_NUMBER(layer->with.file, layer->own.file);
    CHECK_NUMBER(layer->needs.count, 0);
    CHECK_TEXT(layer->too_new, NULL);
    uint64_t deep_bytes = layer->own.file;
    SHELL_NEED(
        "strip lib/libdeep.so -o stripped && test $(stat -c %%s stripped) -eq %llu && test $(stat -c %%s "
        "lib/libdeep.so) -gt %llu",
        (unsigned long long)deep_bytes, (unsigned long long)deep_bytes);
    CHECK_NUMBER(find_layer("named")->own.file, deep_bytes);

    /* What it needs is looked for where the compiler looks. */
    char *path = realpath("lib", NULL);
    setenv("LIBRARY_PATH", path, 1);
    free(path);
    layer = find_layer("top");
    CHECK_TEXT(layer->why_not, NULL);
    CHECK_TEXT(layer->soname, "libtop.so.1");
    if (CHECK_NUMBER(layer->needs.count, 1))
        CHECK_TEXT(layer->needs.items[0], "libdeep.so.1");
    CHECK_NUMBER(layer->with.file, layer->own.file + deep_bytes);
    unsetenv("LIBRARY_PATH");
    layer = find_layer("top");
    CHECK(layer->path == NULL && layer->why_not &&
          strstr(layer->why_not, "libdeep.so.1, which libtop.so.1 needs"));

    scratch_file("script.so", "GROUP ( libdeep.so.1 )\n");
    layer = find_layer("script");
    CHECK(layer->path == NULL && layer->why_not && strstr(layer->why_not, "script.so"));
    layer = find_layer("absent");
    CHECK(layer->path == NULL && layer->why_not && strstr(layer->why_not, "\"shared\" in the manifest"));
    layer = find_layer("nowhere");
    CHECK(layer->path == NULL && layer->why_not != NULL);
    scratch_leave(folder);
}

static void test_choices(void)
{
    struct share_choice choice;
    struct shared_error err = {0};
    char *folder = scratch_enter();
    scratch_file("deep.c", "const char deep_table[5000] = {1}; int deep(void) { return deep_table[3]; }\n");
    SHELL_NEED("mkdir lib && gcc -shared -fPIC -s deep.c -Wl,-soname,libdeep.so.1 -o lib/libdeep.so");
    make_plan("\"deep\": {\"archives\": [\"lib/libdeep.a\"]}");
    struct share_library library = {.name = "deep", .functions = 3, .all = {90000, 60000}};
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_LAYER);
    CHECK_NUMBER(choice.saved_zip, 60000 - (int64_t)choice.layer.with.zip);
    CHECK_NUMBER(choice.added_file, (int64_t)choice.layer.with.file - 30000);
    CHECK_NUMBER(choice.pays_from, 1);
    library.all = (struct share_bytes){900, 60};
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_STATIC);
    CHECK_NUMBER(choice.pays_from, choice.layer.with.zip / 20 + 1);
    CHECK(choice.pays_from * 20 > choice.layer.with.zip &&
          (choice.pays_from - 1) * 20 <= choice.layer.with.zip);
    library.functions = 1;
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_SINGLE);
    library.name = "libc";
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_TARGETS);
    library.name = "own";
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_NONE);

    /* One that asks for a glibc of the future would not be loaded. */
    scratch_file("new.c", "int from_the_future(void) { return 1; }\n");
    scratch_file("new.map", "GLIBC_2.99 { global: from_the_future; };\n");
    scratch_file("deep.c", "int from_the_future(void); int deep(void) { return from_the_future(); }\n");
    SHELL_NEED(
        "gcc -shared -fPIC -nostdlib -Wl,--version-script=new.map,-soname,libm.so.6 new.c -o libm.so.6 && "
        "gcc -shared -fPIC -s deep.c libm.so.6 -o lib/libdeep.so");
    library = (struct share_library){.name = "deep", .functions = 3, .all = {90000, 60000}};
    CHECK_NUMBER(share_choose(&plan, "state", &library, &arena, &choice, &err), 0);
    CHECK_NUMBER(choice.verdict, SHARE_TOO_NEW);
    CHECK_TEXT(choice.layer.too_new, "GLIBC_2.99");
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_copies);
    CHECK_RUN(test_none);
    CHECK_RUN(test_layers);
    CHECK_RUN(test_choices);
    shared_arena_clean_up(&arena);
    return check_report();
}
