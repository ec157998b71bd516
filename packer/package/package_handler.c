/*
 * Node.js: aws-lambda-nodejs-runtime-interface-client 3.2, UserFunction.js. The last component is split at its first dot;
 * looked for are the module itself, .js, .mjs and .cjs, and then node_modules, as require does.
 *
 * Python: aws-lambda-python-runtime-interface-client 3.0, bootstrap.py, _get_handler. Split at the last dot, slashes are
 * dots; imported as any module: a folder with __init__.py, an extension, a source, a .pyc (importlib.machinery).
 */
#include "package/package_handler.h"

#include "base/path.h"
#include "package/package_shown.h"

#include <stdbool.h>
#include <string.h>

#define TASK_FOLDER "/var/task/" /* where Lambda unpacks the function */

struct looking {
    const struct manifest *manifest;
    const struct manifest_function *function;
    const struct package *package;
    struct shared_arena *scratch;
    struct shared_error *err;
};

static int no_memory(const struct looking *looking)
{
    return shared_fail(looking->err, SHARED_ENOMEM, 0, "function %s: no memory to look for its handler",
                       looking->function->name);
}

/* The first entry that is not before a place. */
static size_t find_place(const struct package *package, const char *place)
{
    size_t low = 0, high = package->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(package->entries[middle].place, place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct package_entry *find_entry(const struct package *package, const char *place)
{
    size_t i = find_place(package, place);
    return i < package->count && strcmp(package->entries[i].place, place) == 0 ? &package->entries[i] : NULL;
}

/* What is behind a symlink of the package is in the package (package_link_check): it is taken to be what is looked for. */
static bool is_below_symlink(const struct package *package, const char *place, struct shared_arena *scratch)
{
    for (const char *slash = strchr(place, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = shared_arena_copy(scratch, shared_slice_of(place, (size_t)(slash - place)));
        const struct package_entry *entry = folder ? find_entry(package, folder) : NULL;
        if (entry && entry->kind == PACKAGE_SYMLINK)
            return true;
    }
    return false;
}

/* Whether there is a file of that name and one of the endings. Returns 0 or 1, or SHARED_ENOMEM. */
static int has_file(const struct looking *looking, const char *place, const char *const *endings)
{
    for (; *endings; endings++) {
        const char *whole = shared_arena_format(looking->scratch, "%s%s", place, *endings);
        if (!whole)
            return no_memory(looking);
        const struct package_entry *entry = find_entry(looking->package, whole);
        if (entry && entry->kind != PACKAGE_FOLDER)
            return 1;
    }
    return is_below_symlink(looking->package, place, looking->scratch);
}

/* Whether something is at a place, or below it. */
static bool has_any(const struct package *package, const char *place)
{
    size_t size = strlen(place), i = find_place(package, place);
    for (; i < package->count && strncmp(package->entries[i].place, place, size) == 0; i++)
        if (strchr("/.", package->entries[i].place[size]))
            return true;
    return false;
}

static int malformed(const struct looking *looking)
{
    return manifest_fail(looking->manifest, looking->function->json_path, "handler", looking->err,
                         "is no handler of %s: it must be a module and what it exports, as \"index.handler\"",
                         looking->function->runtime);
}

static int missing(const struct looking *looking, const char *wanted)
{
    const struct manifest_function *function = looking->function;
    if (!wanted)
        return no_memory(looking);
    if (function->layer_count == 0)
        return manifest_fail(looking->manifest, function->json_path, "handler", looking->err,
                             "is \"%s\", but the package has no %s; change it, or the assets",
                             package_shown(function->handler).text, wanted);
    manifest_fail(looking->manifest, function->json_path, "handler", looking->err,
                  "is \"%s\", but the package has no %s: one of the function's layers has to have it",
                  package_shown(function->handler).text, wanted);
    if (looking->err)
        looking->err->code = SHARED_ENOTFOUND;
    return SHARED_ENOTFOUND;
}

static int look_for_node(const struct looking *looking, const char *handler)
{
    static const char *const endings[] = {"", ".js", ".mjs", ".cjs", NULL};
    if (strncmp(handler, TASK_FOLDER, strlen(TASK_FOLDER)) == 0)
        handler += strlen(TASK_FOLDER);
    while (strncmp(handler, "./", 2) == 0)
        handler += 2;
    const char *base = path_base(handler);
    const char *dot = strchr(base, '.');
    if (!dot || dot == base || !dot[1])
        return malformed(looking);
    const char *place =
        shared_arena_copy(looking->scratch, shared_slice_of(handler, (size_t)(dot - handler)));
    const char *module = shared_arena_format(looking->scratch, "node_modules/%.*s", (int)(dot - base), base);
    if (!place || !module)
        return no_memory(looking);
    int found = has_file(looking, place, endings);
    if (found != 0)
        return found < 0 ? found : 0;
    return has_any(looking->package, module)
               ? 0
               : missing(looking, shared_arena_format(looking->scratch, "%s.js, .mjs or .cjs",
                                                      package_shown(place).text));
}

/* "app.cpython-313-x86_64-linux-gnu.so". */
static bool has_extension(const struct package *package, const char *place)
{
    size_t size = strlen(place);
    for (size_t i = find_place(package, place);
         i < package->count && strncmp(package->entries[i].place, place, size) == 0; i++) {
        const char *rest = package->entries[i].place + size;
        size_t left = strlen(rest);
        if (*rest == '.' && !strchr(rest, '/') && left > 3 && strcmp(rest + left - 3, ".so") == 0)
            return true;
    }
    return false;
}

static int look_for_python(const struct looking *looking, const char *handler)
{
    static const char *const endings[] = {".py", ".pyc", "/__init__.py", "/__init__.pyc", NULL};
    const char *dot = strrchr(handler, '.');
    if (!dot || dot == handler || !dot[1])
        return malformed(looking);
    char *place = shared_arena_copy(looking->scratch, shared_slice_of(handler, (size_t)(dot - handler)));
    if (!place)
        return no_memory(looking);
    for (char *p = place; *p; p++)
        if (*p == '.')
            *p = '/';
    int found = has_file(looking, place, endings);
    if (found != 0)
        return found < 0 ? found : 0;
    return has_extension(looking->package, place)
               ? 0
               : missing(looking, shared_arena_format(looking->scratch, "%s.py and no %s/__init__.py",
                                                      package_shown(place).text, package_shown(place).text));
}

int package_handler_check(const struct manifest *manifest, const struct manifest_function *function,
                          const struct package *package, struct shared_arena *scratch,
                          struct shared_error *err)
{
    const struct looking looking = {manifest, function, package, scratch, err};
    if (manifest_is_program(function))
        return 0;
    if (strncmp(function->runtime, "nodejs", strlen("nodejs")) == 0)
        return look_for_node(&looking, function->handler);
    if (strncmp(function->runtime, "python", strlen("python")) == 0)
        return look_for_python(&looking, function->handler);
    return 0;
}
