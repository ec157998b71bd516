#include "image/glibc_version.h"
#include "image/image.h"

#include <fnmatch.h>
#include <string.h>

/* https://docs.aws.amazon.com/linux/al2023/ug/glibc-gcc-and-binutils.html, 2026-11-23 */
static const char *glibc_of(enum manifest_runtime runtime)
{
    return runtime == RUNTIME_AL2 ? "2.26" : "2.34";
}

/* System V ABI, AMD64 supplement, 5.2.1; the one for AArch64 is that of glibc's sysdeps/aarch64. */
static const char *interpreter_of(enum manifest_architecture architecture)
{
    return architecture == ARCHITECTURE_ARM64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
}

/* The libraries of glibc itself; what else the runtime's image has may change with any of its updates. */
static bool is_of_glibc(const char *name)
{
    static const char *const names[] = {"libc.so.6",  "libm.so.6",      "libpthread.so.0", "libdl.so.2",
                                        "librt.so.1", "libresolv.so.2", "libutil.so.1"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return fnmatch("ld-linux-*.so.*", name, FNM_PATHNAME) == 0;
}

/*
 * LD_LIBRARY_PATH of the runtime has /var/task and /var/task/lib, which is where the package lies. A name
 * with a slash is a path from the current folder, /var/task too.
 */
static bool is_packaged(const char *name, const char *const *places, size_t place_count)
{
    bool is_path = strchr(name, '/') != NULL;
    for (size_t i = 0; i < place_count; i++) {
        const char *place = places[i];
        if (strcmp(place, name) == 0)
            return true;
        if (!is_path && strncmp(place, "lib/", 4) == 0 && strcmp(place + 4, name) == 0)
            return true;
    }
    return false;
}

static int check_interpreter(const struct manifest *manifest, const char *function_name,
                             const struct image *image, struct shared_error *err)
{
    const char *runtime = manifest_runtime_name(manifest->runtime);
    const char *expected = interpreter_of(manifest->architecture);
    if (!image->interpreter && image->needed.count > 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "function %s: needs %s, but names no dynamic loader that would find it: link it "
                           "with the compiler, or statically",
                           function_name, image->needed.items[0]);
    if (image->interpreter && strcmp(image->interpreter, expected) != 0)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "function %s: is loaded by %s; %s has %s: link it statically, or against glibc",
                           function_name, image->interpreter, runtime, expected);
    return 0;
}

static int check_glibc(const struct manifest *manifest, const char *function_name, const struct image *image,
                       struct shared_error *err)
{
    const char *has = glibc_of(manifest->runtime);
    const char *symbol = image->glibc_symbol ? image->glibc_symbol : "it";
    uint64_t has_number = 0, asked = 0;
    if (!image->glibc)
        return 0;
    glibc_version_number(shared_slice_from_text(has), &has_number);
    if (!glibc_version_number(shared_slice_from_text(image->glibc), &asked) || asked <= has_number)
        return 0;
    const char *remedy = strcmp(symbol, "GLIBC_ABI_DT_RELR") == 0
                             ? "link it without -z pack-relative-relocs"
                             : "link it statically, or build against an older glibc";
    return shared_fail(err, SHARED_EUNSUPPORTED, 0, "function %s: %s asks for GLIBC_%s; %s has %s: %s",
                       function_name, symbol, image->glibc, manifest_runtime_name(manifest->runtime), has,
                       remedy);
}

int image_check_target(const struct manifest *manifest, const char *function_name, const struct image *image,
                       const char *const *places, size_t place_count, struct shared_error *err)
{
    int status = check_interpreter(manifest, function_name, image, err);
    if (status == 0)
        status = check_glibc(manifest, function_name, image, err);
    for (size_t i = 0; status == 0 && i < image->needed.count; i++) {
        const char *name = image->needed.items[i];
        if (!is_of_glibc(name) && !is_packaged(name, places, place_count))
            status = shared_fail(err, SHARED_EUNSUPPORTED, 0,
                                 "function %s: needs %s, which %s does not have: add it under lib/ as an "
                                 "asset or link it statically",
                                 function_name, name, manifest_runtime_name(manifest->runtime));
    }
    return status;
}
