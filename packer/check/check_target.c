#include "check/check_inner.h"

#include "image/glibc_version.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* https://docs.aws.amazon.com/linux/al2023/ug/glibc-gcc-and-binutils.html, 2026-11-23 */
static const char *const glibc_versions[] = {[RUNTIME_AL2023] = "GLIBC_2.34", [RUNTIME_AL2] = "GLIBC_2.26"};

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

static int by_name(const void *name, const void *library)
{
    return strcmp(name, ((const struct policy_library *)library)->name);
}

static const struct policy_library *find_library(const struct check_plan *plan, const char *name)
{
    const struct policy *policy = &plan->policy;
    return policy->library_count == 0
               ? NULL
               : bsearch(name, policy->libraries, policy->library_count, sizeof(*policy->libraries), by_name);
}

bool check_target_has(const struct check_plan *plan, const char *library, struct manifest_texts *versions)
{
    const struct policy_library *listed = find_library(plan, library);
    bool glibc = is_of_glibc(library);
    /* What the file says of libc.so.6 holds for all of glibc: its libraries come in one version. */
    if (glibc && (!listed || listed->versions.count == 0))
        listed = find_library(plan, "libc.so.6");
    if (listed && (!glibc || listed->versions.count > 0)) {
        *versions = listed->versions;
        return true;
    }
    *versions = (struct manifest_texts){
        glibc ? (const char **)(uintptr_t)&glibc_versions[plan->manifest->runtime] : NULL, glibc};
    return glibc;
}

/* "GLIBC_" of "GLIBC_2.34": what stands before the number; the whole text where there is none. */
static size_t family_size(const char *version)
{
    const char *underscore = strrchr(version, '_');
    uint64_t number;
    return underscore && glibc_version_number(shared_slice_from_text(underscore + 1), &number)
               ? (size_t)(underscore + 1 - version)
               : strlen(version);
}

bool check_is_newer(const struct manifest_texts *versions, const char *version, const char **has)
{
    size_t family = family_size(version);
    uint64_t asked, there, most = 0;
    if (!glibc_version_number(shared_slice_from_text(version + family), &asked))
        return false;
    *has = NULL;
    for (size_t i = 0; i < versions->count; i++) {
        const char *item = versions->items[i];
        if (family_size(item) != family || strncmp(item, version, family) != 0 ||
            !glibc_version_number(shared_slice_from_text(item + family), &there) || there < most)
            continue;
        most = there;
        *has = item;
    }
    return *has && asked > most;
}
