/* Any bytes as a manifest: read, and each function's libraries put in order. */
#include "fuzz_target.h"

#include "base/text_width.h"
#include "manifest/manifest.h"

#include <stdbool.h>
#include <string.h>

static size_t place_of(const struct manifest_library **order, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(order[i]->name, name) == 0)
            return i;
    }
    return count;
}

static void check_order(const struct manifest *manifest, const struct manifest_function *function,
                        struct shared_arena *arena)
{
    const struct manifest_library **order;
    size_t count;
    struct shared_error err;
    FUZZ_PROMISE(manifest_link_order(manifest, function, arena, &order, &count, &err) == 0);
    for (size_t i = 0; i < function->libraries.count; i++)
        FUZZ_PROMISE(place_of(order, count, function->libraries.items[i]) < count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < order[i]->needs.count; k++) {
            size_t place = place_of(order, count, order[i]->needs.items[k]);
            FUZZ_PROMISE(place > i && place < count);
        }
    }
}

static void check_functions(const struct manifest *manifest, struct shared_arena *arena)
{
    FUZZ_PROMISE(manifest->function_count > 0);
    FUZZ_PROMISE(manifest->name && manifest->toolchain.compiler && manifest->toolchain.strip);
    for (size_t i = 0; i < manifest->function_count; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        FUZZ_PROMISE(i == 0 || strcmp(function[-1].name, function->name) < 0);
        FUZZ_PROMISE(!function->binary == (function->sources.count + function->objects.count > 0));
        FUZZ_PROMISE(manifest_find_function(manifest, function->name) == function);
        check_order(manifest, function, arena);
    }
}

/* A message is one line of UTF-8 that names the file; most name the line, which is one of the text's. */
static void check_message(const char *text, const uint8_t *data, size_t size)
{
    static const char prefix[] = "demine.json:";
    size_t lines = 1, line;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    FUZZ_PROMISE(strncmp(text, prefix, sizeof(prefix) - 1) == 0);
    line = strtoul(text + sizeof(prefix) - 1, NULL, 10);
    FUZZ_PROMISE(line >= 1 && line <= lines);
    FUZZ_PROMISE(strpbrk(text, "\r\n\x1B") == NULL);
    for (size_t left = strlen(text), step; left > 0; text += step, left -= step) {
        step = text_character_bytes(text, left);
        FUZZ_PROMISE(step > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena;
    shared_arena_init(&arena);
    struct manifest manifest;
    struct shared_error err;
    int status = manifest_parse("demine.json", (const char *)data, size, &arena, &manifest, &err);
    if (status == 0) {
        check_functions(&manifest, &arena);
    } else {
        FUZZ_PROMISE(status == SHARED_EINVAL && err.code == status);
        check_message(err.text, data, size);
    }
    shared_arena_clean_up(&arena);
    return 0;
}
