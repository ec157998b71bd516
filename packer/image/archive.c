#include "image/archive.h"

#include "base/slice_part.h"

#include <ar.h>
#include <stdint.h>
#include <string.h>

/*
 * ar(5) of 4.4BSD for the header and "#1/"; binutils' include/aout/ar.h for "!<thin>\n", "//" and
 * "/SYM64/".
 */

#define THIN_MAGIC "!<thin>\n"

static int fail_cut(const struct archive *archive, size_t offset, struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0,
                       "%s is cut off: its member at byte %zu does not end in its %zu bytes", archive->path,
                       offset, archive->content.size_bytes);
}

static int fail_member(const struct archive *archive, size_t offset, const char *what,
                       struct shared_error *err)
{
    return shared_fail(err, SHARED_EPROTO, 0, "%s: the member at byte %zu %s: make the archive again",
                       archive->path, offset, what);
}

int archive_open(const char *path, struct shared_slice content, struct archive *archive,
                 struct shared_error *err)
{
    *archive = (struct archive){.path = path, .content = content, .at = SARMAG};
    archive->thin = slice_begins(content, THIN_MAGIC);
    if (!archive->thin && !slice_begins(content, ARMAG))
        return shared_fail(err, SHARED_EPROTO, 0, "%s is no archive: it does not begin as archives do", path);
    return 0;
}

/* A field of a header, without the blanks that fill it. */
static struct shared_slice field(const char *text, size_t size_bytes)
{
    while (size_bytes > 0 && text[size_bytes - 1] == ' ')
        size_bytes--;
    return shared_slice_of(text, size_bytes);
}

static struct shared_slice part(struct shared_slice text, size_t offset, size_t size_bytes)
{
    return shared_slice_of(text.data + offset, size_bytes);
}

/* "/123": the name stands there in the table of long names, and ends in "/\n", of a thin archive too. */
static int take_long_name(const struct archive *archive, size_t offset, struct shared_slice digits,
                          struct shared_slice *name, struct shared_error *err)
{
    unsigned long long at;
    struct shared_slice names = archive->long_names;
    if (!shared_slice_to_number(digits, SIZE_MAX / 2, &at) || at >= names.size_bytes)
        return fail_member(archive, offset, "has a name that is not in the table of long names", err);
    const char *start = names.data + at;
    const char *end = memchr(start, '\n', names.size_bytes - at);
    if (!end)
        return fail_member(archive, offset, "has a name that does not end", err);
    size_t size = (size_t)(end - start);
    if (size > 0 && start[size - 1] == '/')
        size--;
    *name = shared_slice_of(start, size);
    return 0;
}

/* "#1/20": the name is what the content begins with, filled with NULs. */
static int take_bsd_name(const struct archive *archive, struct archive_member *member,
                         struct shared_slice digits, struct shared_error *err)
{
    unsigned long long size;
    if (!member->content.data)
        return fail_member(archive, member->offset, "of a thin archive has a name in BSD's form", err);
    if (!shared_slice_to_number(digits, SIZE_MAX / 2, &size) || size > member->content.size_bytes)
        return fail_member(archive, member->offset, "has a name that is longer than its content", err);
    const char *start = member->content.data;
    member->content = part(member->content, size, member->content.size_bytes - size);
    member->name = shared_slice_of(start, strnlen(start, size));
    return 0;
}

/* Symbol tables, of GNU and BSD ar. */
static bool is_table(struct shared_slice name)
{
    return shared_slice_equal(name, shared_slice_from_text("/")) ||
           shared_slice_equal(name, shared_slice_from_text("/SYM64/")) || slice_begins(name, "__.SYMDEF");
}

static int take_name(struct archive *archive, struct archive_member *member, struct shared_slice raw,
                     struct shared_error *err)
{
    member->name = raw;
    if (slice_begins(raw, "#1/"))
        return take_bsd_name(archive, member, part(raw, 3, raw.size_bytes - 3), err);
    if (raw.size_bytes > 1 && raw.data[0] == '/' && raw.data[1] >= '0' && raw.data[1] <= '9')
        return take_long_name(archive, member->offset, part(raw, 1, raw.size_bytes - 1), &member->name, err);
    if (raw.size_bytes > 1 && raw.data[raw.size_bytes - 1] == '/' && raw.data[0] != '/')
        member->name.size_bytes--;
    return 0;
}

/* Takes a header and what follows it; *raw is the name as it stands there. */
static int take(struct archive *archive, struct archive_member *member, struct shared_slice *raw,
                struct shared_error *err)
{
    struct ar_hdr header;
    size_t left = archive->content.size_bytes - archive->at;
    unsigned long long size;
    member->offset = archive->at;
    if (left < sizeof(header))
        return fail_cut(archive, archive->at, err);
    const char *start = archive->content.data + archive->at;
    memcpy(&header, start, sizeof(header));
    if (memcmp(header.ar_fmag, ARFMAG, sizeof(header.ar_fmag)) != 0 ||
        !shared_slice_to_number(field(header.ar_size, sizeof(header.ar_size)), SIZE_MAX / 2, &size))
        return fail_member(archive, archive->at, "has no header", err);
    *raw = field(start, sizeof(header.ar_name));
    left -= sizeof(header);
    bool inside = !archive->thin || is_table(*raw) || shared_slice_equal(*raw, shared_slice_from_text("//"));
    if (inside && size > left)
        return fail_cut(archive, archive->at, err);
    size_t used = inside ? (size_t)size : 0;
    member->content = inside ? shared_slice_of(start + sizeof(header), used) : shared_slice_of(NULL, 0);
    archive->at += sizeof(header) + used + (used < left ? used % 2 : 0);
    return 0;
}

int archive_next(struct archive *archive, struct archive_member *member, struct shared_error *err)
{
    while (archive->at < archive->content.size_bytes) {
        struct shared_slice raw;
        int status = take(archive, member, &raw, err);
        if (status == 0 && shared_slice_equal(raw, shared_slice_from_text("//"))) {
            archive->long_names = member->content;
            continue;
        }
        if (status == 0)
            status = take_name(archive, member, raw, err);
        if (status < 0)
            return status;
        if (!is_table(raw) && !is_table(member->name))
            return 1;
    }
    return 0;
}
