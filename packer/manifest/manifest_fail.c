#include "manifest/manifest_fail.h"

#include "base/cleanup.h"
#include "base/text_width.h"
#include "manifest/json_locate.h"
#include "manifest/json_text.h"

#include <stdio.h>
#include <string.h>

#define PATH_COLUMNS 80

static void delete_tree(cJSON **root)
{
    cJSON_Delete(*root);
}

/* cJSON's tree is not kept: a failure is rare, and reading the text once more costs less than every node's
 * line. */
static size_t find_line(const struct manifest *manifest, const char *json_path)
{
    CLEANUP(delete_tree) cJSON *root = json_text_parse(manifest->path, manifest->text, NULL);
    return root ? json_locate(manifest->text, root, json_find(root, json_path)) : 1;
}

/* A message quotes what the manifest holds, and that may be a line break or a terminal's escape sequence. */
static void hide_controls(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
    }
}

int manifest_vfail(const struct manifest *manifest, size_t line, const char *json_path,
                   struct shared_error *err, const char *format, va_list arguments)
{
    char what[SHARED_ERROR_TEXT_BYTES];
    vsnprintf(what, sizeof(what), format, arguments);
    hide_controls(what);
    if (line == 0)
        line = find_line(manifest, json_path);

    size_t width = text_width(json_path);
    const char *shown =
        width > PATH_COLUMNS ? json_path + text_fit(json_path, width - PATH_COLUMNS) : json_path;
    return shared_fail(err, SHARED_EINVAL, 0, "%s:%zu: %s%s%s%s", manifest->path, line,
                       shown == json_path ? "" : "…", shown, *shown ? ": " : "", what);
}

int manifest_fail(const struct manifest *manifest, const char *json_path, const char *member,
                  struct shared_error *err, const char *format, ...)
{
    struct shared_arena arena;
    shared_arena_init(&arena);
    const char *path = member ? json_path_member(&arena, json_path, member) : json_path;
    va_list arguments;
    va_start(arguments, format);
    int status = manifest_vfail(manifest, 0, path ? path : json_path, err, format, arguments);
    va_end(arguments);
    shared_arena_clean_up(&arena);
    return status;
}
