#include "prune/prune_document.h"

#include <string.h>

#define MOST_MEMBERS 8
#define MOST_DATE 40

/* Objects and lists within each other; the aws command makes six. */
static int skip_all(struct lock_reader *reader, char closing)
{
    int status;
    for (size_t count = 0;; count++) {
        status = closing == '}' ? lock_member(reader, count) : lock_element(reader, count);
        if (status > 0)
            status = prune_value_skip(reader);
        else
            return status;
        if (status < 0)
            return status;
    }
}

int prune_value_skip(struct lock_reader *reader)
{
    char first = reader->token.kind == JSON_TOKEN_MARK ? reader->text.data[reader->token.at] : '\0';
    struct shared_slice text;
    if (first == '{' || first == '[') {
        if (reader->depth == LOCK_DEPTH)
            return lock_fail(reader, reader->token.at, "is nested deeper than anything that aws prints");
        int status = lock_open(reader, first);
        return status < 0 ? status : skip_all(reader, first == '{' ? '}' : ']');
    }
    if (reader->token.kind == JSON_TOKEN_WORD) {
        reader->token = json_token_next(reader->text, reader->token.at + reader->token.size_bytes);
        return reader->token.kind == JSON_TOKEN_BAD
                   ? lock_fail(reader, reader->token.at, "%s", reader->token.problem)
                   : 0;
    }
    return lock_plain(reader, &text);
}

static bool is_null(const struct lock_reader *reader)
{
    return reader->token.kind == JSON_TOKEN_WORD && reader->text.data[reader->token.at] == 'n';
}

/* The member whose name was just read. Names with escapes are none: aws writes none in them. */
static const struct prune_member *find_member(const struct lock_reader *reader,
                                              const struct prune_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (shared_slice_equal(reader->steps[reader->depth - 1].name,
                               shared_slice_from_text(members[i].name)))
            return &members[i];
    return NULL;
}

int prune_object_read(struct lock_reader *reader, const struct prune_member *members, size_t count,
                      void *base)
{
    bool seen[MOST_MEMBERS] = {false};
    size_t start = reader->token.at;
    int status = lock_open(reader, '{');
    for (size_t i = 0; status == 0; i++) {
        status = lock_member(reader, i);
        if (status <= 0)
            break;
        const struct prune_member *member = find_member(reader, members, count);
        if (member && seen[member - members])
            return lock_fail(reader, lock_member_at(reader), "is there twice");
        bool skipped = !member || is_null(reader);
        if (member && !skipped)
            seen[member - members] = true;
        status = skipped ? prune_value_skip(reader) : member->read(reader, (char *)base + member->offset);
    }
    for (size_t i = 0; status == 0 && i < count; i++)
        if (members[i].needed && !seen[i])
            return lock_fail(reader, start, "%s is missing", members[i].name);
    return status;
}

int prune_list_read(struct lock_reader *reader, int (*read)(struct lock_reader *reader, void *base),
                    void *base)
{
    int status = lock_open(reader, '[');
    for (size_t i = 0; status == 0; i++) {
        status = lock_element(reader, i);
        if (status <= 0)
            break;
        status = read(reader, base);
    }
    return status;
}

int prune_documents_read(struct lock_reader *reader, const char *command,
                         int (*read)(struct lock_reader *reader))
{
    static const char mark[] = "\xEF\xBB\xBF"; /* a byte order mark, as some shells write */
    if (reader->text.size_bytes >= 3 && memcmp(reader->text.data, mark, 3) == 0)
        reader->text = shared_slice_of(reader->text.data + 3, reader->text.size_bytes - 3);
    int status = lock_reader_start(reader);
    if (status == 0 && reader->token.kind == JSON_TOKEN_END)
        return lock_fail(reader, reader->token.at, "is empty: expected what %s prints", command);
    while (status == 0 && reader->token.kind != JSON_TOKEN_END)
        status = read(reader);
    return status;
}

/* Shown as it is, so that nothing may be in it that a terminal obeys. */
int prune_read_date(struct lock_reader *reader, void *value)
{
    struct shared_slice text;
    size_t at = reader->token.at;
    int status = lock_plain(reader, &text);
    if (status < 0)
        return status;
    for (size_t i = 0; i < text.size_bytes; i++)
        if (text.data[i] == '\0' || !strchr("0123456789-:.+TZ", text.data[i]) || i == MOST_DATE)
            return lock_fail(reader, at, "is no time as 2026-11-23T12:00:00.000+0000");
    return prune_copy(reader, text, value);
}

int prune_read_bytes(struct lock_reader *reader, void *value)
{
    return lock_number(reader, PRUNE_MOST_BYTES, value);
}

int prune_read_version(struct lock_reader *reader, void *value)
{
    struct shared_slice text;
    size_t at = reader->token.at;
    int status = lock_plain(reader, &text);
    if (status == 0 && !prune_version_read(text, value))
        return lock_fail(reader, at, "is no version: expected \"$LATEST\" or a number from 1 on");
    return status;
}

int prune_read_marker(struct lock_reader *reader, void *value)
{
    struct shared_slice text;
    int status = lock_plain(reader, &text);
    if (status == 0 && text.size_bytes > 0)
        *(bool *)value = true;
    return status;
}
