#include "link/toolchain.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/job.h"
#include "base/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What gcc, clang and the linkers read beside their arguments (gcc's manual, "Environment Variables"). */
static const char *const environment[] = {"CPATH",           "C_INCLUDE_PATH", "LIBRARY_PATH",
                                          "GCC_EXEC_PREFIX", "COMPILER_PATH",  "SOURCE_DATE_EPOCH"};

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The program that a shell would start; NULL where there is none. */
static const char *find_program(const char *name, const char *folder, struct shared_arena *arena)
{
    if (strchr(name, '/')) {
        const char *path = path_join(arena, folder, name);
        return path && is_program(path) ? path : NULL;
    }
    /* Commands run in the manifest's folder: what PATH has relative to the current one would be lost there. */
    CLEANUP_FREE char *current = realpath(".", NULL);
    const char *paths = getenv("PATH");
    struct shared_slice rest = shared_slice_from_text(paths ? paths : "/usr/local/bin:/usr/bin:/bin");
    while (rest.data) {
        struct shared_slice part = shared_slice_split(&rest, ':');
        const char *copy = shared_arena_copy(arena, part);
        const char *below = copy && current ? path_join(arena, current, copy) : NULL;
        const char *path = below ? path_join(arena, below, name) : NULL;
        if (part.size_bytes && path && is_program(path))
            return path;
    }
    return NULL;
}

/* "aarch64-linux-gnu-" of "/usr/bin/aarch64-linux-gnu-gcc-12": what the target's other tools are called by.
 */
static const char *tool_prefix(const char *compiler, struct shared_arena *arena)
{
    const char *base = path_base(compiler);
    const char *gcc = strstr(base, "gcc");
    if (!gcc || gcc == base || gcc[-1] != '-')
        return "";
    return shared_arena_copy(arena, shared_slice_of(base, (size_t)(gcc - base)));
}

static const char *linker_name(enum manifest_linker linker)
{
    return linker == LINKER_LLD ? "lld" : linker == LINKER_MOLD ? "mold" : "bfd";
}

/* The compiler looks for its linker in more places than PATH; one that is not found adds nothing to the key,
 * and a linker that is missing altogether is the compiler's to report. */
static const char *find_linker(const struct manifest *manifest, struct shared_arena *arena)
{
    const char *name = linker_name(manifest->toolchain.linker);
    const char *prefix =
        manifest->toolchain.linker == LINKER_BFD ? tool_prefix(manifest->toolchain.compiler, arena) : "";
    const char *program = shared_arena_format(
        arena, manifest->toolchain.linker == LINKER_MOLD ? "%s%s" : "%sld.%s", prefix, name);
    return program ? find_program(program, ".", arena) : NULL;
}

/* What a program prints as its version, "mold 1.10.1 (compatible with GNU ld)"; empty where it does not start. */
static struct shared_slice version_of(const char *program, struct shared_arena *arena)
{
    const char *const argv[] = {program, "--version", NULL};
    struct job job = {.argv = argv};
    return job_run_all(&job, 1, 1, arena, NULL, NULL, NULL) == 0 && job.status == 0
               ? job.output
               : shared_slice_of(NULL, 0);
}

/* mold before 2 keeps relocations (-q) right for C alone: later stages could not rely on what they read. */
static int check_mold(const struct manifest *manifest, const char *linker, struct shared_arena *arena,
                      struct shared_error *err)
{
    if (!linker)
        return manifest_fail(manifest, "toolchain", "linker", err, "mold is not installed");
    struct shared_slice words = version_of(linker, arena);
    struct shared_slice shown = words;
    struct shared_slice name = shared_slice_split(&words, ' ');
    struct shared_slice major = shared_slice_split(&words, '.');
    unsigned long long number;
    if (shared_slice_equal(name, shared_slice_from_text("mold")) &&
        shared_slice_to_number(major, 1000, &number) && number >= 2)
        return 0;
    shown = shared_slice_trim(shared_slice_split(&shown, '('));
    return manifest_fail(manifest, "toolchain", "linker", err,
                         "mold 2 or newer is needed, and this is \"%.*s\"; use bfd or lld",
                         (int)shown.size_bytes, shown.data ? shown.data : "");
}

static int require(const struct manifest *manifest, const char *key, const char *name, const char *folder,
                   struct shared_arena *arena, const char **found, struct shared_error *err)
{
    *found = find_program(name, folder, arena);
    if (*found)
        return 0;
    const char *package = strstr(name, "aarch64") ? "gcc-aarch64-linux-gnu" : "gcc and binutils";
    return shared_fail(err, SHARED_ENOTFOUND, 0,
                       "%s: toolchain.%s: %s is not there; install it (on Debian: %s) or name another",
                       manifest->path, key, name, package);
}

/* The compiler's version is asked for too: the program may be a small one that starts another (ccache). */
static const char *make_key(const char *const *tools, size_t count, struct hash_cache *cache)
{
    char version[HASH_TEXT_BYTES];
    struct hash of_version = hash_bytes(version_of(tools[0], cache->arena));
    hash_to_text(&of_version, version);
    char *key = shared_arena_copy(cache->arena, shared_slice_from_text(version));
    for (size_t i = 0; key && i < count; i++) {
        char text[HASH_TEXT_BYTES] = "";
        struct hash hash;
        if (tools[i] && hash_cache_get(cache, tools[i], &hash))
            hash_to_text(&hash, text);
        key = shared_arena_format(cache->arena, "%s %s", key, text);
    }
    for (size_t i = 0; key && i < sizeof(environment) / sizeof(*environment); i++) {
        const char *value = getenv(environment[i]);
        if (value)
            key = shared_arena_format(cache->arena, "%s\n%s=%s", key, environment[i], value);
    }
    return key;
}

int toolchain_find(const struct manifest *manifest, struct hash_cache *cache, struct toolchain *toolchain,
                   struct shared_error *err)
{
    struct shared_arena *arena = cache->arena;
    char *folder = realpath(manifest->folder, NULL);
    if (!folder)
        return shared_fail(err, SHARED_EIO, errno, "open folder %s", manifest->folder);
    toolchain->folder = shared_arena_copy(arena, shared_slice_from_text(folder));
    free(folder);
    toolchain->linker_flag =
        shared_arena_format(arena, "-fuse-ld=%s", linker_name(manifest->toolchain.linker));
    toolchain->archives = shared_arena_alloc(arena, sizeof(*toolchain->archives));
    if (!toolchain->folder || !toolchain->linker_flag || !toolchain->archives)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the toolchain");
    *toolchain->archives = NULL;

    int status = require(manifest, "compiler", manifest->toolchain.compiler, toolchain->folder, arena,
                         &toolchain->compiler, err);
    if (status == 0)
        status = require(manifest, "strip", manifest->toolchain.strip, toolchain->folder, arena,
                         &toolchain->strip, err);
    if (status < 0)
        return status;
    const char *linker = find_linker(manifest, arena);
    if (manifest->toolchain.linker == LINKER_MOLD && check_mold(manifest, linker, arena, err) < 0)
        return SHARED_EINVAL;
    const char *assembler =
        shared_arena_format(arena, "%sas", tool_prefix(manifest->toolchain.compiler, arena));
    const char *const tools[] = {toolchain->compiler, linker, toolchain->strip,
                                 assembler ? find_program(assembler, ".", arena) : NULL};
    toolchain->key = make_key(tools, sizeof(tools) / sizeof(*tools), cache);
    return toolchain->key ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "no memory for the toolchain");
}

/* Asks the compiler, once for each name: a run with many functions asks for the same few. */
static int ask_compiler(const struct toolchain *toolchain, const char *name, struct shared_arena *arena,
                        const char **path, struct shared_error *err)
{
    struct toolchain_archive *known = *toolchain->archives;
    while (known && strcmp(known->name, name) != 0)
        known = known->next;
    if (known) {
        *path = known->path;
        return 0;
    }
    const char *const argv[] = {toolchain->compiler, shared_arena_format(arena, "-print-file-name=%s", name),
                                NULL};
    struct job job = {.argv = argv, .folder = toolchain->folder};
    known = shared_arena_alloc(arena, sizeof(*known));
    if (!argv[1] || !known)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %s", name);
    int status = job_run_all(&job, 1, 1, arena, NULL, NULL, err);
    if (status < 0)
        return status;
    struct shared_slice answer = shared_slice_trim(job.output);
    bool found = job.status == 0 && answer.size_bytes && answer.data[0] == '/';
    *known = (struct toolchain_archive){
        .next = *toolchain->archives, .name = name, .path = found ? shared_arena_copy(arena, answer) : NULL};
    *toolchain->archives = known;
    *path = known->path;
    return 0;
}

int toolchain_find_archive(const struct toolchain *toolchain, const struct manifest_library *library,
                           const char *name, struct shared_arena *arena, const char **path,
                           struct shared_error *err)
{
    *path = path_join(arena, toolchain->folder, name);
    if (!*path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %s", name);
    if (file_exists(*path))
        return 0;
    if (strchr(name, '/'))
        return shared_fail(err, SHARED_ENOTFOUND, ENOENT, "library %s: %s", library->name, name);
    int status = ask_compiler(toolchain, name, arena, path, err);
    if (status == 0 && !*path)
        return shared_fail(
            err, SHARED_ENOTFOUND, 0,
            "library %s: %s is neither beside the manifest nor known to %s; install it or give its path",
            library->name, name, path_base(toolchain->compiler));
    return status;
}
