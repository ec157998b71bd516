/*
 * snapshot.h - the sizes of a project's programs at one time, to be kept beside the sources and compared
 * later.
 *
 * A snapshot is text that reviews well: lines sorted by name, so that what did not change keeps its place,
 * and of a symbol that changed one line. Fields are separated by tabs.
 *
 *     demine-sizes  1  symbol                     version, depth (library, member, symbol)
 *     # …                                         a remark; not read
 *     function  catalog  832336  358605           name, bytes of the program, of its deflated form
 *     library  catalog  cjson  4895  3024         function, name, bytes, deflated
 *     member  catalog  cjson  cJSON.c.o           function, library, name
 *       1204  1  parse_value                      bytes, pieces, symbol
 *       32  3  [.rodata.parse_value.str1.1]       what has no symbol, summed up by its section
 *     zip  catalog  cjson  690 12 …               deflated bytes of that library's symbols, in their order
 *
 * The shares of the zip stand apart, at the end: one change moves most of them a little. Whatever is summed
 * up is held against its parts by the reader. The linker's headers, tables and padding are in the library
 * "linker", so that parts add up to the program. Where the depth is member, the one symbol of each is "*";
 * where it is library, so is the one member.
 *
 * Names are as they stand in the file, in memory too: control characters, backslashes and what is not UTF-8
 * are written as \xHH, so that they can be printed.
 */
#ifndef PACKER_SNAPSHOT_H
#define PACKER_SNAPSHOT_H

#include "graph/graph.h"

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stddef.h>
#include <stdint.h>

#define SNAPSHOT_VERSION 1u

/* The largest file that is read, and the largest sum of sizes: no sum of two snapshots' sizes overflows. */
#define SNAPSHOT_LIMIT_BYTES ((size_t)64 << 20)
#define SNAPSHOT_LARGEST ((UINT64_C(1) << 53) - 1)

enum snapshot_depth { SNAPSHOT_LIBRARY, SNAPSHOT_MEMBER, SNAPSHOT_SYMBOL };

struct snapshot_sizes {
    uint64_t bytes;     /* in the program, entries in .eh_frame included */
    uint64_t zip_bytes; /* of its deflated form, that tell of them */
    uint64_t count;     /* pieces: symbols, strings, constants */
};

/* A symbol of a member; statics of one name are one row. */
struct snapshot_row {
    const char *member; /* "inflate.o"; those of one name in a library are one */
    const char *symbol; /* "[.rodata]": what has no symbol in that section */
    uint32_t library;   /* index */
    struct snapshot_sizes sizes;
};

struct snapshot_library {
    const char *name;
    struct snapshot_sizes sizes;
    size_t row_start, row_count; /* among its function's rows */
};

struct snapshot_function {
    const char *name;
    struct snapshot_sizes sizes;
    struct snapshot_library *libraries; /* sorted by name */
    size_t library_count;
    struct snapshot_row *rows; /* sorted by library, member, symbol: by bytes, whatever the locale */
    size_t row_count;
};

struct snapshot {
    enum snapshot_depth depth;
    struct snapshot_function *functions; /* sorted by name */
    size_t function_count;
};

const char *snapshot_depth_name(enum snapshot_depth depth);

/*
 * Reads a snapshot; everything lives in the arena. SHARED_EPROTO: it is not one, or not whole, with
 * "FILE:LINE: byte OFFSET: …"; SHARED_EUNSUPPORTED: of another version, likewise; SHARED_EIO, SHARED_ETOOBIG,
 * SHARED_ENOMEM.
 */
int snapshot_read(const char *path, struct shared_arena *arena, struct snapshot *snapshot,
                  struct shared_error *err);

/* The same for a text in memory; path is for messages. */
int snapshot_parse(const char *path, struct shared_slice text, struct shared_arena *arena,
                   struct snapshot *snapshot, struct shared_error *err);

/* The text of a snapshot, in the arena: the same for the same sizes. */
int snapshot_print(const struct snapshot *snapshot, struct shared_arena *arena, struct shared_slice *text,
                   struct shared_error *err);

/*
 * The sizes of one function's program, at depth symbol. Names are borrowed from the graph or live in the
 * arena. name is borrowed. A snapshot of a project is an array of these, sorted by name as a manifest's
 * functions are.
 */
int snapshot_of_graph(const struct graph *graph, const char *name, struct shared_arena *arena,
                      struct snapshot_function *function, struct shared_error *err);

/* Sums up what lies below a depth; a snapshot of that depth, or above it, stays as it is. */
int snapshot_reduce(struct snapshot *snapshot, enum snapshot_depth depth, struct shared_arena *arena,
                    struct shared_error *err);

/* The function or library of a name; NULL where there is none. */
const struct snapshot_function *snapshot_find_function(const struct snapshot *snapshot, const char *name);
const struct snapshot_library *snapshot_find_library(const struct snapshot_function *function,
                                                     const char *name);

#endif
