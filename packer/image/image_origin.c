#include "image/image_origin.h"

#include "base/slice_part.h"
#include "image/printable.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool matches(struct shared_slice name, const char *const *patterns, size_t count)
{
    char text[64];
    if (name.size_bytes >= sizeof(text))
        return false;
    memcpy(text, name.data, name.size_bytes);
    text[name.size_bytes] = '\0';
    for (size_t i = 0; i < count; i++)
        if (fnmatch(patterns[i], text, 0) == 0)
            return true;
    return false;
}

/* The archives of glibc, and of the compiler's runtime; Debian's libm.a is a script that names libm-2.36.a.
 */
static bool is_libc_archive(struct shared_slice name)
{
    static const char *const patterns[] = {
        "libc.a",       "libc_nonshared.a", "libm.a",    "libm-[0-9]*.a", "libmvec.a",
        "libpthread.a", "libpthread_*.a",   "libdl.a",   "librt.a",       "libutil.a",
        "libresolv.a",  "libanl.a",         "libgcc.a",  "libgcc_eh.a",   "libatomic.a",
        "libgcov.a",    "libssp*.a",        "ld-linux*", "libclang_rt.*", "libquadmath.a",
    };
    return matches(name, patterns, sizeof(patterns) / sizeof(patterns[0]));
}

static bool is_start_file(struct shared_slice name)
{
    static const char *const patterns[] = {
        "crt[1in].o",    "[SMgr]crt1.o",    "grcrt1.o",  "crtbegin*.o", "crtend*.o",
        "crtfastmath.o", "clang_rt.crt*.o", "ld-linux*", "libc.so*",
    };
    return matches(name, patterns, sizeof(patterns) / sizeof(patterns[0]));
}

/* What gcc's plugin makes under bfd, gold and mold, what lld makes, and what LLVM's plugin makes: temporary files. */
bool image_origin_is_lto(struct shared_slice file)
{
    static const char *const patterns[] = {"*.ltrans.o",     "*.ltrans[0-9]*.o", "lto.tmp",     "*.lto.o",
                                           "*.lto.[0-9]*.o", "*.lto.tmp",        "lto-llvm-*.o"};
    return matches(slice_base(file), patterns, sizeof(patterns) / sizeof(patterns[0]));
}

/* How many parts two paths have in common, counted from their ends. */
static size_t common_parts(struct shared_slice a, struct shared_slice b)
{
    size_t parts = 0;
    for (;;) {
        struct shared_slice x = slice_base(a), y = slice_base(b);
        if (x.size_bytes == 0 || !shared_slice_equal(x, y))
            return parts;
        parts++;
        if (x.data == a.data || y.data == b.data)
            return parts;
        a.size_bytes = (size_t)(x.data - a.data) - 1;
        b.size_bytes = (size_t)(y.data - b.data) - 1;
    }
}

static size_t library_match(const struct manifest_library *library, struct shared_slice file)
{
    size_t most = 0;
    for (size_t i = 0; i < library->archives.count; i++) {
        size_t parts = common_parts(shared_slice_from_text(library->archives.items[i]), file);
        most = parts > most ? parts : most;
    }
    return most;
}

/* The library whose archive's path ends most as file does; NULL where not even the last part is the same. */
static const struct manifest_library *find_library(const struct image_origins *origins,
                                                   struct shared_slice file)
{
    const struct manifest_library *found = NULL;
    size_t most = 0;
    for (size_t i = 0; i < origins->library_count; i++) {
        size_t parts = library_match(origins->libraries[i], file);
        if (parts > most) {
            most = parts;
            found = origins->libraries[i];
        }
    }
    for (size_t i = 0; i < origins->manifest->library_count; i++) {
        size_t parts = library_match(&origins->manifest->libraries[i], file);
        if (parts > most) {
            most = parts;
            found = &origins->manifest->libraries[i];
        }
    }
    return found;
}

static int fail_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to tell a program's origins");
}

static int add_item(struct image_origins *origins, const char *name, uint32_t *origin,
                    struct shared_error *err)
{
    if (origins->count == origins->capacity) {
        size_t larger = origins->capacity ? 2 * origins->capacity : 16;
        struct image_origin *items = shared_arena_resize(
            origins->arena, origins->items, origins->capacity * sizeof(*items), larger * sizeof(*items));
        if (!items)
            return fail_memory(err);
        origins->items = items;
        origins->capacity = larger;
    }
    *origin = (uint32_t)origins->count;
    origins->items[origins->count++] = (struct image_origin){.name = name};
    return 0;
}

/* The origin of a name, which is copied where it is new. */
static int origin_named(struct image_origins *origins, struct shared_slice name, uint32_t *origin,
                        struct shared_error *err)
{
    uint32_t *known = text_table_at(&origins->by_name, name);
    if (!known)
        return fail_memory(err);
    if (*known == TEXT_TABLE_NONE) {
        char *copy = shared_arena_copy(origins->arena, name);
        if (!copy || add_item(origins, copy, known, err) < 0)
            return fail_memory(err);
        printable_clean(copy, name.size_bytes);
    }
    *origin = *known;
    return 0;
}

static bool is_reserved(struct shared_slice name)
{
    return shared_slice_equal(name, shared_slice_from_text("own")) ||
           shared_slice_equal(name, shared_slice_from_text("libc")) ||
           shared_slice_equal(name, shared_slice_from_text("lto")) ||
           shared_slice_equal(name, shared_slice_from_text("linker"));
}

static int classify(struct image_origins *origins, struct shared_slice file, bool is_archive,
                    uint32_t *origin, struct shared_error *err)
{
    const struct manifest_library *library = find_library(origins, file);
    struct shared_slice name = slice_base(file);
    if (library)
        return origin_named(origins, shared_slice_from_text(library->name), origin, err);
    if (!is_archive) {
        *origin = image_origin_is_lto(file) ? ORIGIN_LTO : is_start_file(name) ? ORIGIN_LIBC : ORIGIN_OWN;
        return 0;
    }
    if (is_libc_archive(name)) {
        *origin = ORIGIN_LIBC;
        return 0;
    }
    struct shared_slice stem = name;
    if (name.size_bytes > 2 && memcmp(name.data + name.size_bytes - 2, ".a", 2) == 0)
        stem.size_bytes -= 2;
    return origin_named(origins, stem.size_bytes == 0 || is_reserved(stem) ? name : stem, origin, err);
}

int image_origin_of(struct image_origins *origins, struct shared_slice file, bool is_archive,
                    uint32_t *origin, struct shared_error *err)
{
    *origin = ORIGIN_LINKER;
    if (file.size_bytes == 0)
        return 0;
    uint32_t *known = text_table_at(&origins->by_file, file);
    if (!known)
        return fail_memory(err);
    if (*known == TEXT_TABLE_NONE) {
        int status = classify(origins, file, is_archive, known, err);
        if (status < 0)
            return status;
    }
    *origin = *known;
    return 0;
}

int image_origins_init(struct image_origins *origins, const struct manifest *manifest,
                       const struct manifest_function *function, struct shared_arena *scratch,
                       struct shared_arena *arena, struct shared_error *err)
{
    static const char *const first[ORIGIN_COUNT] = {"linker", "own", "libc", "lto"};
    *origins = (struct image_origins){.arena = arena, .manifest = manifest};
    origins->by_name.arena = origins->by_file.arena = scratch;
    int status =
        manifest_link_order(manifest, function, scratch, &origins->libraries, &origins->library_count, err);
    for (size_t i = 0; status == 0 && i < sizeof(first) / sizeof(first[0]); i++) {
        uint32_t origin;
        status = origin_named(origins, shared_slice_from_text(first[i]), &origin, err);
    }
    return status;
}

static int larger_first(const void *a, const void *b)
{
    const struct image_origin *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return strcmp(x->name, y->name);
}

void image_origins_sort(struct image_origins *origins)
{
    size_t kept = 0;
    for (size_t i = 0; i < origins->count; i++)
        if (origins->items[i].bytes > 0)
            origins->items[kept++] = origins->items[i];
    origins->count = kept;
    qsort(origins->items, kept, sizeof(*origins->items), larger_first);
}
