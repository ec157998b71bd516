/* Any bytes as what packages say of themselves: a shared object, a package.json, a script, a RECORD. */
#include "fuzz_target.h"

#include "layer/layer_elf.h"
#include "layer/layer_node_file.h"
#include "layer/layer_python_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int check_path(void *user, const char *path, struct shared_error *err)
{
    size_t *lines = user;
    (void)err;
    FUZZ_PROMISE(strlen(path) > 0 && strlen(path) < PATH_MAX);
    ++*lines;
    return 0;
}

/* Whatever a script has before it, an import at its end is found. */
static void check_import(struct shared_slice text, const char *import)
{
    char *all = malloc(text.size_bytes + strlen(import));
    FUZZ_PROMISE(all);
    if (text.size_bytes > 0)
        memcpy(all, text.data, text.size_bytes);
    memcpy(all + text.size_bytes, import, strlen(import));
    FUZZ_PROMISE(layer_node_script_imports(shared_slice_of(all, text.size_bytes + strlen(import))));
    free(all);
}

static void check_texts(struct shared_slice text)
{
    char name[300];
    size_t lines = 0;
    struct shared_error err;
    FUZZ_PROMISE(layer_python_record_each(text, check_path, &lines, &err) == 0);
    FUZZ_PROMISE(lines <= text.size_bytes);
    (void)layer_node_script_imports(text);
    check_import(text, "\nimport'y'");
    check_import(text, "*/export/**/{a}from/**/'y'");
    check_import(text, " import//\n('y')");
    size_t size = text.size_bytes < sizeof(name) ? text.size_bytes : sizeof(name) - 1;
    if (size > 0)
        memcpy(name, text.data, size);
    name[size] = '\0';
    FUZZ_PROMISE(layer_node_name_size(name) <= strlen(name));
    FUZZ_PROMISE(layer_python_same_name(name, name) || strchr(name, '-') || strchr(name, '.'));
    (void)layer_is_object_name(name);
}

static void check_file(const char *path, size_t size, struct shared_arena *arena)
{
    struct shared_error err;
    struct layer_elf elf;
    struct layer_node_file node;
    bool imports;
    FUZZ_PROMISE(layer_elf_read(path, arena, &elf, &err) == 0);
    FUZZ_PROMISE(elf.shared_object || elf.needed.count == 0);
    for (size_t i = 0; i < elf.needed.count; i++)
        FUZZ_PROMISE(strlen(elf.needed.items[i]) < size);
    FUZZ_PROMISE(layer_node_file_read(path, arena, &node, &err) == 0);
    for (size_t i = 0; i < node.needs.count; i++)
        FUZZ_PROMISE(layer_node_name_size(node.needs.items[i]) == strlen(node.needs.items[i]));
    FUZZ_PROMISE(layer_node_script_read(path, &imports, &err) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_arena arena = {0};
    char path[64];
    int file = memfd_create("input", MFD_CLOEXEC);
    FUZZ_PROMISE(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    check_texts(shared_slice_of(data, size));
    check_file(path, size, &arena);
    close(file);
    shared_arena_clean_up(&arena);
    return 0;
}
