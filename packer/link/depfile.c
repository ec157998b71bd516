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
    while (skip_blanks(&reader))
        deps->paths[deps->count++] = take_path(&reader);
    return 0;
}
