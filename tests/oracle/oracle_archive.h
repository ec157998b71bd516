/*
 * oracle_archive.h - the members and the symbol table of a static library.
 *
 * ar(5): GNU's form, with "/" and "//" or, where a table is larger than 4 GiB, "/SYM64/"; BSD's, whose long names
 * stand before a member's bytes ("#1/20") and whose table is "__.SYMDEF"; and GNU's thin archives, whose members are
 * files of their own.
 */
#ifndef TESTS_ORACLE_ARCHIVE_H
#define TESTS_ORACLE_ARCHIVE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oracle_member {
    struct shared_slice name;    /* of a thin archive: a path, relative to its folder */
    struct shared_slice content; /* of a thin archive: empty */
    uint64_t offset;             /* of its header: what the symbol table calls it by */
};

struct oracle_archive_symbol {
    struct shared_slice name;
    uint32_t member;
};

struct oracle_archive {
    bool thin;
    struct oracle_member *members;
    size_t member_count;
    struct oracle_archive_symbol *symbols; /* none where it has no table */
    size_t symbol_count;
};

bool oracle_archive_is(struct shared_slice content);

/*
 * Reads an archive, whose texts point into content. SHARED_EPROTO names the file and the offset of what is wrong: cut
 * off, a header that is none, a name or a symbol that leads out of it. SHARED_ENOMEM.
 */
int oracle_archive_parse(const char *path, struct shared_slice content, struct shared_arena *arena,
                         struct oracle_archive *archive, struct shared_error *err);

#endif
