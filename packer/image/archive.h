/*
 * archive.h - the members of a static library (ar), one after the other.
 *
 * Long names as GNU ar ("//", "/123") and BSD ar ("#1/20") write them; thin archives, whose members are
 * files beside them. Symbol tables are passed over. Nothing is allocated: everything points into the
 * archive.
 */
#ifndef PACKER_ARCHIVE_H
#define PACKER_ARCHIVE_H

#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>

/* Where a reader stands. */
struct archive {
    const char *path; /* for messages */
    struct shared_slice content;
    struct shared_slice long_names;
    size_t at;
    bool thin;
};

struct archive_member {
    struct shared_slice
        name; /* without the slash that GNU ar puts behind it; of a thin archive: a path, from the
                                    archive's folder on */
    struct shared_slice content; /* of a thin archive: {NULL, 0} */
    size_t offset;               /* of its header */
};

/* SHARED_EPROTO: it does not begin as archives do. */
int archive_open(const char *path, struct shared_slice content, struct archive *archive,
                 struct shared_error *err);

/*
 * Takes the next member. Returns 1, 0 at the end, or SHARED_EPROTO with the file's name and the offset of
 * what is cut off or no member.
 */
int archive_next(struct archive *archive, struct archive_member *member, struct shared_error *err);

#endif
