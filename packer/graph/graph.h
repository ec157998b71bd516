/*
 * graph.h - why each byte of a program is in it: what refers to what, from the entry on.
 *
 * A program is cut into atoms: the bytes of one symbol, or a run of bytes of one input section that no symbol
 * names. Edges are read from the relocations that the linker kept (-q) and, for calls within one input
 * section, which the assembler resolved, from the branches in its code; x86_64 and arm64.
 *
 * Everything that the linker kept gets a place. What no reference leads to (atom.kept) stands in an input
 * section that is needed for something else: a rebuild of its archive with -ffunction-sections and
 * -fdata-sections would leave it out. That is an estimate, for a reference may be made in a way that is not
 * seen here: an address that is computed.
 *
 * Bytes are those of the shipped file, and add up: atoms, what the linker made, headers and padding are its size.
 * The graph lives in the arena given, and so do the texts.
 */
#ifndef PACKER_GRAPH_H
#define PACKER_GRAPH_H

#include "image/image.h"

#include <shared/arena.h>
#include <shared/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRAPH_NONE UINT32_MAX

/* Atom 0 is no bytes: it stands for what the system, or the linker, starts a program from. */
#define GRAPH_ROOT 0u

/* Texts are offsets into graph.texts, so that a graph can be kept in a file as it is; graph_text reads them. */
struct graph_library {
    uint64_t bytes; /* in the file, frames included */
    uint64_t retained_bytes;
    uint32_t name; /* an origin of the image: "own", a library of the manifest, "libc", "lto", "linker" */
    uint32_t deflated_bytes;
};

struct graph_member {
    uint64_t bytes;
    uint64_t retained_bytes; /* of the file, if nothing needed this member */
    uint32_t
        name; /* "inflate.o", an object's base name, or of what demine compiled the source's, "catalog.c" */
    uint32_t archive; /* its path as the map has it; "": not of an archive */
    uint32_t library; /* index */
    uint32_t
        extracted_by; /* the member that made the linker extract it, index; GRAPH_NONE: not known, or the command
                                line */
    uint32_t extracted_for; /* the symbol that was looked for; "": not known */
    uint32_t deflated_bytes;
    uint32_t lto; /* 1: made by optimisation at link time, from inputs that the map does not tell; else 0 */
    uint32_t reserved; /* 0 */
};

enum graph_kept {
    GRAPH_REACHED, /* there is a chain of references to it */
    GRAPH_SECTION, /* its input section is needed for another atom: its parent */
    GRAPH_UNKNOWN  /* the linker kept its input section, and why is not seen */
};

struct graph_atom {
    uint64_t address;
    uint64_t size_bytes;     /* of memory */
    uint64_t retained_bytes; /* of the file, that would go if it went: its own and those it dominates */
    uint32_t name;           /* a symbol, or the input section's name where no symbol has these bytes */
    uint32_t member;
    uint32_t section;        /* name of the input section */
    uint32_t run;            /* number of the input section: atoms of one are kept or dropped together */
    uint32_t frame_bytes;    /* of .eh_frame, that describe it */
    uint32_t deflated_bytes; /* its share of the zip */
    uint32_t parent; /* the atom before it on a shortest chain from the root; GRAPH_NONE: the root itself */
    uint32_t dominator; /* the last atom that all chains to it go through; GRAPH_NONE: the root itself */
    uint8_t kept;       /* enum graph_kept */
    bool named;         /* by a symbol */
    bool code;
    bool zero;         /* no bytes of the file: memory that begins as zero */
    uint32_t reserved; /* 0 */
};

struct graph {
    struct graph_library *libraries; /* in the order in which they were met; 0 is "linker" */
    size_t library_count;
    struct graph_member *members; /* 0 is the linker's own */
    size_t member_count;
    struct graph_atom *atoms; /* the root, then by address */
    size_t atom_count;
    uint32_t *
        edge_start; /* atom_count + 1 of them: the edges of atom a are edge_to[edge_start[a] … edge_start[a + 1]) */
    uint32_t *edge_to;
    char *texts;
    size_t text_bytes;
    uint64_t file_bytes;
    uint64_t header_bytes; /* ELF header and program headers */
    uint64_t
        table_bytes; /* sections that the linker made: dynamic linking, .plt, .got, frames' common parts */
    uint64_t padding_bytes;  /* between and within sections */
    uint64_t frames_address; /* of .eh_frame; 0: none */
    uint64_t frames_bytes;
    uint64_t deflated_bytes; /* of the whole file in the zip; 0: not known, nor are those of its parts */
};

static inline const char *graph_text(const struct graph *graph, uint32_t text)
{
    return graph->texts + text;
}

/* Bytes that an atom has in the file. */
static inline uint64_t graph_atom_bytes(const struct graph_atom *atom)
{
    return (atom->zero ? 0 : atom->size_bytes) + atom->frame_bytes;
}

/*
 * Reads the graph of a program that was linked with -q and a map. SHARED_EPROTO names the file and what is wrong
 * with it; SHARED_EUNSUPPORTED: it has no relocations or symbols, as one that was linked otherwise or stripped.
 */
int graph_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct graph *graph,
               struct shared_error *err);

/*
 * Gives each atom, member and library its share of the deflated program: how many bytes of the stream tell of its
 * bytes. stream is the raw deflate stream (RFC 1951) of the file shipped. Shares are taken to 8 bytes of the stream;
 * they add up, with those of what the linker made, to its size. SHARED_EPROTO: it is not the stream of that file.
 */
int graph_share_deflated(struct graph *graph, const char *shipped, struct shared_slice stream,
                         struct shared_error *err);

/* Sets the origins of an image, in the arena: the graph's libraries, what the linker made included, largest first. */
int graph_origins(const struct graph *graph, struct shared_arena *arena, struct image *image,
                  struct shared_error *err);

/* The shortest chain from the root to an atom, both included, root first: indices in the arena. */
int graph_chain(const struct graph *graph, uint32_t atom, struct shared_arena *arena, uint32_t **chain,
                size_t *length, struct shared_error *err);

#endif
