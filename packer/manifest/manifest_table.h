/*
 * manifest_table.h - every key of a manifest, as data: its name, what it holds, where that goes.
 *
 * The reader, manifest_keys and the words of messages all come from these tables.
 */
#ifndef PACKER_MANIFEST_TABLE_H
#define PACKER_MANIFEST_TABLE_H

#include "manifest/manifest.h"

#include <stdbool.h>
#include <stddef.h>

enum key_kind {
    KEY_IGNORED, /* a text that nothing here uses */
    KEY_TEXT,    /* const char * */
    KEY_TEXTS,   /* struct manifest_texts */
    KEY_NUMBER,  /* uint64_t: a whole number below 2^53, the largest that JSON carries safely */
    KEY_CHOICE,  /* an enum, by its place among choices */
    KEY_OBJECT,  /* a struct, by a table of keys */
    KEY_MAP,     /* an array of structs, one a member, sorted by name */
    KEY_LIST     /* an array of structs, one an element of a list, in its order */
};

struct key_table;
struct key_map;

struct key {
    const char *name;
    enum key_kind kind;
    size_t offset; /* into the struct that is read */
    bool required;
    size_t least; /* TEXT: bytes; TEXTS and MAP: members; NUMBER: the value itself */
    bool unique;  /* TEXTS: no text twice */

    /* TEXT, each of TEXTS: says what is wrong with it, as the end of a sentence; NULL: nothing. */
    const char *(*refuse)(const char *text);

    const char *const *choices;    /* CHOICE: ended by NULL */
    const struct key_table *table; /* OBJECT */
    const struct key_map *map;     /* MAP, LIST */
};

struct key_table {
    const struct key *keys;
    size_t count;
};

#define KEY_NO_OFFSET SIZE_MAX

/* The members of an object whose names are the manifest's own; or the elements of a list, which have no name. */
struct key_map {
    size_t item_bytes;
    size_t count_offset; /* of the array's size_t, beside the array */
    size_t name_offset;  /* these two in an item */
    size_t json_path_offset;
    const char *what; /* a member is, for messages: "function" */
    const char *(*refuse_name)(const char *name);
    struct key value;  /* of each member; offset is into an item */
    const void *fresh; /* an item before it is read; NULL: all zero */
};

extern const struct key_table manifest_table;

extern const char *const runtime_choices[];
extern const char *const architecture_choices[];
extern const char *const profile_choices[];

/* Environment names that Lambda keeps for itself, ended by NULL. */
extern const char *const manifest_reserved_environment[];

#endif
