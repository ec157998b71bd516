#include "link/depfile.h"

#include <string.h>

/* Paths are unescaped into a copy of the text: none gets longer. */
struct reader {
    const char *at, *end;
    char *out;
    bool line_each;
};

/* Passes over spaces and continued line ends. Returns false at the end of the rule. */
static bool skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end) {
        char next = reader->at + 1 < reader->end ? reader->at[1] : '\n';
        if (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r')
            reader->at++;
        else if (*reader->at == '\\' && (next == '\n' || next == '\r'))
            reader->at += 1 + (next == '\r') + 1;
        else
            return *reader->at != '\n';
    }
    return false;
}

static bool ends_path(const struct reader *reader)
{
    const char *at = reader->at;
    if (*at == '\n' || *at == '\r')
        return true;
    if (*at != ' ' && *at != '\t')
        return false;
    if (!reader->line_each)
        return true;
    while (at < reader->end && (*at == ' ' || *at == '\t'))
        at++;
    return at == reader->end || *at == '\n' || *at == '\r' ||
           (*at == '\\' && at + 1 < reader->end && at[1] == '\n');
}

static const char *take_path(struct reader *reader)
{
    const char *path = reader->out;
    while (reader->at < reader->end && !ends_path(reader)) {
        char next = reader->at + 1 < reader->end ? reader->at[1] : '\0';
        if ((*reader->at == '\\' && (next == ' ' || next == '#' || next == '\\')) ||
            (*reader->at == '$' && next == '$'))
            reader->at++;
        else if (*reader->at == '\\' && next == '\n')
            break;
        *reader->out++ = *reader->at++;
    }
    *reader->out++ = '\0';
    return path;
}

/* mold writes the rule in one line, in which spaces of paths are not told from those between, and then each path as
 * a target of its own: "\n/a b.o:\n". */
static void take_targets(struct reader *reader, struct depfile *deps)
{
    struct shared_slice rest = shared_slice_of(reader->at, (size_t)(reader->end - reader->at));
    shared_slice_split(&rest, '\n');
    while (rest.data) {
        struct shared_slice line = shared_slice_trim(shared_slice_split(&rest, '\n'));
        if (line.size_bytes < 2 || line.data[line.size_bytes - 1] != ':')
            continue;
        struct reader path = {line.data, line.data + line.size_bytes - 1, reader->out, true};
        deps->paths[deps->count++] = take_path(&path);
        reader->out = path.out;
    }
}

/* Whether the rule goes on behind its first line. */
static bool is_continued(const struct reader *reader)
{
    const char *line_end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    while (line_end && line_end > reader->at && (line_end[-1] == '\r' || line_end[-1] == ' '))
        line_end--;
    return line_end && line_end > reader->at && line_end[-1] == '\\';
}

int depfile_parse(struct shared_slice text, bool line_each, struct shared_arena *arena, struct depfile *deps,
                  struct shared_error *err)
{
    const char *colon = text.size_bytes ? memmem(text.data, text.size_bytes, ": ", 2) : NULL;
    if (!colon && text.size_bytes)
        colon = memmem(text.data, text.size_bytes, ":\n", 2);
    if (!colon)
        return shared_fail(err, SHARED_EPROTO, 0, "not a list of dependencies: no \"target:\"");
    size_t most = 1;
    for (const char *c = colon; c < text.data + text.size_bytes; c++)
        most += *c == '\n' || *c == ' ';

    struct reader reader = {colon + 1, text.data + text.size_bytes, NULL, line_each};
    reader.out = shared_arena_alloc(arena, text.size_bytes + most + 1);
    deps->paths = shared_arena_alloc(arena, (most + 1) * sizeof(*deps->paths));
    deps->count = 0;
    if (!reader.out || !deps->paths)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for dependencies");
    if (line_each && !is_continued(&reader)) {
        take_targets(&reader, deps);
        if (deps->count > 0)
            return 0;
        reader.line_each = false;
    }
    while (skip_blanks(&reader))
        deps->paths[deps->count++] = take_path(&reader);
    return 0;
}
