/*
 * test_rebuild ZLIB CJSON: what "nothing refers to it" promises. Programs that use a part of a library are linked with it
 * as it was compiled plainly; what its own sections would save is then known by compiling it with them.
 */
#include "../unit/graph_link.h"

#define WITHIN_PER_CENT 15

static const char manifest_text[] =
    "{\"name\": \"rebuild\", \"target\": {\"runtime\": \"provided.al2023\", \"architecture\": "
    "\"" HOST_ARCHITECTURE "\"},\n"
    " \"libraries\": {\"library\": {\"archives\": [\"library.a\"]}},\n"
    " \"functions\": {\"f\": {\"sources\": [\"own.c\"], \"libraries\": [\"library\"]}}}\n";

/* Bytes of the library in a program, and of those what nothing refers to. */
struct library_bytes {
    uint64_t all, unneeded;
};

static struct library_bytes measure(void)
{
    const struct image_paths paths = {"shipped", "program", "program.map"};
    struct shared_arena arena = {0};
    struct shared_error err = {0};
    struct manifest manifest;
    struct graph graph;
    struct library_bytes bytes = {0};
    if (CHECK(manifest_parse("demine.json", manifest_text, strlen(manifest_text), &arena, &manifest, &err) ==
              0) &&
        CHECK(graph_read(&manifest, &manifest.functions[0], &paths, &arena, &graph, &err) == 0)) {
        for (uint32_t i = 1; i < graph.atom_count; i++) {
            const struct graph_atom *atom = &graph.atoms[i];
            const struct graph_library *library = &graph.libraries[graph.members[atom->member].library];
            if (strcmp(graph_text(&graph, library->name), "library") != 0)
                continue;
            bytes.all += graph_atom_bytes(atom);
            bytes.unneeded += atom->kept == GRAPH_SECTION ? graph_atom_bytes(atom) : 0;
        }
    } else {
        fprintf(stderr, "    %s\n", err.text);
    }
    shared_arena_clean_up(&arena);
    return bytes;
}

struct row {
    const char *name, *source, *files; /* of the library, in its folder */
};

static const char zlib_files[] =
    "adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil "
    "gzclose gzlib gzread gzwrite";

static const struct row zlib_rows[] = {
    {"uncompress",
     "#include <zlib.h>\nint main(int c, char **v) { Bytef out[100]; uLongf n = sizeof(out); (void)c;\n"
     "  return uncompress(out, &n, (Bytef *)v[0], 10) == Z_OK && crc32(0, out, (uInt)n) == 5; }\n",
     zlib_files},
    {"gzread",
     "#include <zlib.h>\nint main(int c, char **v) { char b[100]; gzFile f = gzopen(v[c - 1], \"rb\");\n"
     "  return f && gzread(f, b, sizeof(b)) > 0 && gzclose(f) == Z_OK; }\n",
     zlib_files},
    {"deflate",
     "#include <zlib.h>\nint main(int c, char **v) { Bytef out[200]; uLongf n = sizeof(out); (void)c;\n"
     "  return compress2(out, &n, (Bytef *)v[0], 10, 9) == Z_OK; }\n",
     zlib_files},
};

static const struct row cjson_rows[] = {
    {"parse",
     "#include <cJSON.h>\nint main(int c, char **v) { (void)c; cJSON *j = cJSON_Parse(v[0]);\n"
     "  int r = cJSON_IsObject(j); cJSON_Delete(j); return r; }\n",
     "cJSON"},
    {"print",
     "#include <cJSON.h>\n#include <stdlib.h>\nint main(int c, char **v) { (void)v; cJSON *j = "
     "cJSON_CreateNumber(c);\n"
     "  char *t = cJSON_PrintUnformatted(j); int r = t && t[0]; free(t); cJSON_Delete(j); return r; }\n",
     "cJSON"},
};

/* A library is compiled once for each set of flags. */
static void compile_library(const struct row *row, const char *folder, const char *flags, const char *archive)
{
    if (shell("cp %s library.a", archive))
        return;
    SHELL_NEED(
        "rm -rf library && mkdir library && cd library && for f in %s; do gcc -w %s -I%s -DHAVE_UNISTD_H "
        "-DHAVE_STDARG_H -DHAVE_HIDDEN -D_LARGEFILE64_SOURCE=1 -c %s/$f.c || exit 1; done && "
        "ar rcs ../%s *.o && cp ../%s ../library.a",
        row->files, flags, folder, folder, archive, archive);
}

static struct library_bytes build(const struct row *row, const char *folder, const char *linker,
                                  const char *optimise, const char *sections)
{
    char flags[64], archive[64];
    snprintf(flags, sizeof(flags), "%s %s", optimise, sections);
    snprintf(archive, sizeof(archive), "%.5s%s%s.a", row->files, optimise, sections[0] ? "-sections" : "");
    compile_library(row, folder, flags, archive);
    scratch_file("own.c", row->source);
    SHELL_NEED("gcc -O2 -I%s own.c library.a -lm -no-pie -fuse-ld=%s -Wl,--gc-sections,-q,-Map=program.map "
               "-Wl,-z,noseparate-code,--build-id=none -o program && strip --strip-all -o shipped program",
               folder, linker);
    return measure();
}

static void check_promise(const struct row *row, const char *folder, const char *linker, const char *optimise)
{
    char name[64];
    snprintf(name, sizeof(name), "%s, %s, %s", row->name, linker, optimise);
    CHECK_ROW(name);
    struct library_bytes plain = build(row, folder, linker, optimise, "");
    struct library_bytes rebuilt =
        build(row, folder, linker, optimise, "-ffunction-sections -fdata-sections");
    uint64_t saved = plain.all - rebuilt.all;
    printf("%s: of %llu bytes %llu are promised, %llu are saved\n", name, (unsigned long long)plain.all,
           (unsigned long long)plain.unneeded, (unsigned long long)saved);
    CHECK(rebuilt.all > 0 && rebuilt.all <= plain.all);
    uint64_t difference = plain.unneeded > saved ? plain.unneeded - saved : saved - plain.unneeded;
    CHECK(100 * difference <= WITHIN_PER_CENT * saved);
    CHECK(100 * rebuilt.unneeded <= rebuilt.all); /* and a second rebuild would save nothing more */
    CHECK_ROW(NULL);
}

int main(int argc, char **argv)
{
    static const char *const linkers[] = {"bfd", "lld"};
    static const char *const optimisations[] = {"-O2", "-Os"};
    if (argc != 3) {
        fprintf(stderr, "usage: test_rebuild ZLIB CJSON\n");
        return 2;
    }
    char *folder = scratch_enter();
    check_tests++;
    for (size_t linker = 0; linker < 2; linker++)
        for (size_t optimise = 0; optimise < 2; optimise++) {
            if (linker > 0 && !has_tool("ld.lld"))
                continue;
            for (size_t i = 0; i < sizeof(zlib_rows) / sizeof(zlib_rows[0]); i++)
                check_promise(&zlib_rows[i], argv[1], linkers[linker], optimisations[optimise]);
            for (size_t i = 0; i < sizeof(cjson_rows) / sizeof(cjson_rows[0]); i++)
                check_promise(&cjson_rows[i], argv[2], linkers[linker], optimisations[optimise]);
        }
    scratch_leave(folder);
    return check_report();
}
