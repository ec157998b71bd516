/*
 * image_link.h - programs for the tests of packer/image, compiled and linked in the scratch folder.
 *
 * Sizes of their tables are known: those of the function's own object, of libsample.a, which the manifest
 * names, and of libother.a, which it does not.
 */
#ifndef TESTS_IMAGE_LINK_H
#define TESTS_IMAGE_LINK_H

#include "check.h"
#include "scratch.h"

#include "image/image.h"

#include <stdarg.h>
#include <stdlib.h>

#define OWN_BYTES 4096
#define SAMPLE_BYTES 3072
#define OTHER_BYTES 2048

static const char own_source[] =
    "#include <stdio.h>\n"
    "unsigned sample_use(unsigned); unsigned other_use(unsigned);\n"
    "const unsigned char own_table[4096] = {1, 2, 3};\n"
    "unsigned own_value = 7;\n"
    "static unsigned char own_zero[5000];\n"
    "__attribute__((noinline)) unsigned own_use(unsigned i)\n"
    "{ own_zero[i & 255]++; return own_table[i & 4095] + own_zero[own_value & 255]; }\n"
    "int main(int argc, char **argv)\n"
    "{ unsigned i = (unsigned)argc; (void)argv;\n"
    "  return printf(\"own text %u %u %u\\n\", own_use(i), sample_use(i), other_use(i)) < 0; }\n";

static const char sample_source[] =
    "#include <stdlib.h>\n"
    "const unsigned char sample_table[3072] = {4, 5, 6};\n"
    "const unsigned char sample_unused[50000] = {1};\n"
    "const char *const sample_names[] = {\"one\", \"two\", \"three\"};\n"
    "unsigned sample_use(unsigned i)\n"
    "{ return sample_table[i & 2047] + (unsigned)strtoul(sample_names[i % 3], NULL, 36); }\n"
    "unsigned sample_unused_use(unsigned i) { return sample_unused[i]; }\n";

static const char other_source[] = "const unsigned char other_table[2048] = {7, 8, 9};\n"
                                   "unsigned other_use(unsigned i) { return other_table[i & 2047]; }\n";

static const char image_manifest[] =
    "{\"name\": \"test\", \"target\": {\"runtime\": \"%s\", \"architecture\": \"%s\"},\n"
    " \"libraries\": {\"sample\": {\"archives\": [\"lib/libsample.a\"]}},\n"
    " \"functions\": {\"f\": {\"sources\": [\"own.c\"], \"libraries\": [\"sample\"]}}}\n";

/* Runs a command line; what it writes goes to log.txt. Returns whether it ended with 0. */
__attribute__((format(printf, 1, 2))) static inline bool shell(const char *format, ...)
{
    char command[2048], logged[2200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    snprintf(logged, sizeof(logged), "{ %s; } >log.txt 2>&1", command);
    return system(logged) == 0;
}

/* The same, for what the test cannot do without. */
#define SHELL_NEED(...) (shell(__VA_ARGS__) ? (void)0 : shell_failed(__FILE__, __LINE__))

static inline void shell_failed(const char *file, int line)
{
    fprintf(stderr, "%s:%d: a command failed:\n", file, line);
    fflush(stderr);
    if (system("cat log.txt >&2") != 0)
        perror("cat");
    exit(2);
}

static inline bool has_tool(const char *name)
{
    return shell("command -v %s", name);
}

/* Makes own.o, lib/libsample.a and libother.a in a folder of its own. */
static inline void image_compile(const char *folder, const char *compiler, const char *archiver)
{
    char path[128];
    SHELL_NEED("mkdir -p %s/lib", folder);
    snprintf(path, sizeof(path), "%s/own.c", folder);
    scratch_file(path, own_source);
    snprintf(path, sizeof(path), "%s/sample.c", folder);
    scratch_file(path, sample_source);
    snprintf(path, sizeof(path), "%s/other.c", folder);
    scratch_file(path, other_source);
    SHELL_NEED("cd %s && %s -Os -g -fPIE -ffunction-sections -fdata-sections -c own.c sample.c other.c && "
               "%s rcs lib/libsample.a sample.o && %s rcs libother.a other.o",
               folder, compiler, archiver, archiver);
}

static inline void image_parse_manifest(struct manifest *manifest, const char *runtime,
                                        const char *architecture, struct shared_arena *arena)
{
    char text[1024];
    struct shared_error err;
    snprintf(text, sizeof(text), image_manifest, runtime, architecture);
    if (manifest_parse("demine.json", text, strlen(text), arena, manifest, &err) < 0) {
        fprintf(stderr, "the test's manifest: %s\n", err.text);
        exit(2);
    }
}

static inline uint64_t origin_bytes(const struct image *image, const char *name)
{
    for (size_t i = 0; i < image->origin_count; i++)
        if (strcmp(image->origins[i].name, name) == 0)
            return image->origins[i].bytes;
    return 0;
}

/* That origins add up to the file, the largest first, each name once. */
static inline void check_sum(const struct image *image)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < image->origin_count; i++) {
        const struct image_origin *origin = &image->origins[i];
        sum += origin->bytes;
        CHECK(origin->bytes > 0);
        CHECK(i == 0 || origin[-1].bytes >= origin->bytes);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(image->origins[k].name, origin->name) != 0);
    }
    CHECK_NUMBER(sum, image->file_bytes);
}

#if defined(__aarch64__)
#define HOST_ARCHITECTURE "arm64"
#define HOST_LOADER "/lib/ld-linux-aarch64.so.1"
#else
#define HOST_ARCHITECTURE "x86_64"
#define HOST_LOADER "/lib64/ld-linux-x86-64.so.2"
#endif

#endif
