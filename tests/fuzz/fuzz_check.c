/*
 * Any bytes as a program, and as a library of its package: the checks of the target find something or nothing, and
 * say why where they cannot. The seeds are those of fuzz_elf.
 */
#include "fuzz_target.h"

#include "check/checks.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char manifest_text[] =
    "{\"name\": \"f\", \"functions\": {\"f\": {\"sources\": [\"f.c\"], \"linkage\": \"dynamic\"}}}\n";

static void check_texts(const struct check_report *report)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &report->results[i];
        FUZZ_PROMISE((result->outcome == CHECK_FOUND) == (result->count > 0));
        FUZZ_PROMISE(result->outcome != CHECK_UNKNOWN || result->note != NULL);
        for (size_t j = 0; j < result->count; j++)
            FUZZ_PROMISE(*result->findings[j].what != '\0' && *result->findings[j].remedy != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    struct shared_error err;
    struct manifest manifest;
    struct check_plan plan;
    struct check_report report;
    char path[64];
    int fd = memfd_create("program", MFD_CLOEXEC);
    FUZZ_PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    FUZZ_PROMISE(
        manifest_parse("demine.json", manifest_text, strlen(manifest_text), &arena, &manifest, &err) == 0);
    FUZZ_PROMISE(check_plan_make(&manifest, &arena, &plan, &err) == 0);
    const struct check_file files[] = {{"lib/libsample.so", path}, {"lib/libc.so.6", path}};
    const struct check_input input = {&manifest.functions[0], {path, NULL, NULL}, files, 2};
    int status = check_function(&plan, &input, &report, &err);
    FUZZ_PROMISE(status == 0 || status == SHARED_EPROTO || status == SHARED_EINVAL);
    if (status == 0)
        check_texts(&report);
    close(fd);
    shared_arena_clean_up(&arena);
    return 0;
}
