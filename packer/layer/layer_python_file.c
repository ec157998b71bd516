#include "layer/layer_python_file.h"

#include <limits.h>
#include <string.h>

/* One field of a CSV line (RFC 4180): in quotes, doubled ones stand for one. False where it is too long. */
static bool read_field(struct shared_slice line, char field[PATH_MAX])
{
    size_t size = 0;
    bool quoted = line.size_bytes > 0 && line.data[0] == '"';
    for (size_t i = quoted; i < line.size_bytes; i++) {
        char c = line.data[i];
        if (quoted && c == '"' && (i + 1 == line.size_bytes || line.data[++i] != '"'))
            break;
        if ((!quoted && c == ',') || c == '\0')
            break;
        if (size + 1 == PATH_MAX)
            return false;
        field[size++] = c;
    }
    field[size] = '\0';
    return size > 0;
}

int layer_python_record_each(struct shared_slice text, layer_python_visit *visit, void *user,
                             struct shared_error *err)
{
    char path[PATH_MAX];
    int status = 0;
    while (status == 0 && text.data) {
        struct shared_slice line = shared_slice_trim(shared_slice_split(&text, '\n'));
        if (read_field(line, path))
            status = visit(user, path, err);
    }
    return status;
}

static bool ends_with(const char *name, size_t size, const char *end)
{
    size_t end_size = strlen(end);
    return size > end_size && memcmp(name + size - end_size, end, end_size) == 0;
}

bool layer_python_is_metadata(const char *name, size_t size)
{
    return ends_with(name, size, ".dist-info") || ends_with(name, size, ".egg-info");
}

/* As PEP 503 has it: letters in lower case, runs of "-", "_" and "." are one; 0 at the end. */
static char next_folded(const char **at, const char *end)
{
    if (*at == end)
        return 0;
    char c = *(*at)++;
    if (c != '-' && c != '_' && c != '.')
        return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    while (*at < end && strchr("-_.", **at))
        ++*at;
    return '-';
}

bool layer_python_same_name(const char *metadata, const char *package)
{
    size_t size = strlen(metadata);
    const char *end = layer_python_is_metadata(metadata, size) ? strrchr(metadata, '.') : metadata + size;
    const char *version = memchr(metadata, '-', (size_t)(end - metadata));
    if (version)
        end = version;
    const char *package_end = package + strlen(package);
    if (package_end - package > 3 && strcmp(package_end - 3, ".py") == 0)
        package_end -= 3;
    for (;;) {
        char a = next_folded(&metadata, end), b = next_folded(&package, package_end);
        if (a != b)
            return false;
        if (a == 0)
            return true;
    }
}
