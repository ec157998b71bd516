#include "manifest/manifest_default.h"

#include "base/path.h"

#include <string.h>

#if defined(__aarch64__)
#define NATIVE ARCHITECTURE_ARM64
#else
#define NATIVE ARCHITECTURE_X86_64
#endif

const char *default_compiler(enum manifest_architecture architecture)
{
    if (architecture == NATIVE)
        return "gcc";
    return architecture == ARCHITECTURE_ARM64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc";
}

static const char *target_strip(enum manifest_architecture architecture)
{
    if (architecture == NATIVE)
        return "strip";
    return architecture == ARCHITECTURE_ARM64 ? "aarch64-linux-gnu-strip" : "x86_64-linux-gnu-strip";
}

/* The last "gcc" of a name that is the whole name, follows a hyphen, and is followed by nothing or a version.
 */
static const char *find_gcc(const char *name)
{
    const char *found = NULL;
    for (const char *p = strstr(name, "gcc"); p; p = strstr(p + 1, "gcc")) {
        if ((p == name || p[-1] == '-') && (p[3] == '\0' || p[3] == '-'))
            found = p;
    }
    return found;
}

const char *default_strip(const char *compiler, enum manifest_architecture architecture,
                          struct shared_arena *arena)
{
    const char *base = path_base(compiler);
    const char *gcc = find_gcc(base);
    /* musl-gcc is a wrapper around the machine's own gcc: binutils has no musl-strip. Nor has a plain gcc for
     * another architecture's objects anything but that architecture's strip. */
    if (!gcc || strncmp(base, "musl-gcc", 8) == 0 || (gcc == compiler && architecture != NATIVE))
        return target_strip(architecture);
    return shared_arena_format(arena, "%.*sstrip", (int)(gcc - compiler), compiler);
}
