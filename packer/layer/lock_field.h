/* lock_field.h - objects and lists of a lock, described by tables of their members. */
#ifndef PACKER_LOCK_FIELD_H
#define PACKER_LOCK_FIELD_H

#include "layer/lock_json.h"

/* A member of an object: how it is read, and where in a struct it goes. */
struct lock_field {
    const char *name;
    int (*read)(struct lock_reader *reader, void *value);
    size_t offset;
    bool optional;
};

struct lock_fields {
    const struct lock_field *items;
    size_t count; /* at most 8 */
};

#define LOCK_FIELDS(table)                          \
    {                                               \
        (table), sizeof(table) / sizeof((table)[0]) \
    }

/* Reads an object into a struct. A member that is not in the table, that is twice there or not at all fails. */
int lock_read_object(struct lock_reader *reader, const struct lock_fields *fields, void *base);

/* A list that grows of structs of one size, which begin with their name or place (or, where that is not looked at, with
 * anything). */
struct lock_list {
    void **items;
    size_t *count;
    size_t size_bytes;
    const char *(*refuse)(const char *name); /* of a map: what is wrong with a name */
    bool sorted;                             /* of a list: by name, each once; a map always is */
    int (*read)(struct lock_reader *reader, void *element);
};

/* {"NAME":…} and […]. */
int lock_read_map(struct lock_reader *reader, const struct lock_list *list);
int lock_read_list(struct lock_reader *reader, const struct lock_list *list);

/* Values. Each goes to what is named beside it. */
int lock_read_bytes(struct lock_reader *reader, void *value);        /* uint64_t, to LOCK_MOST_BYTES */
int lock_read_count(struct lock_reader *reader, void *value);        /* uint64_t, to 2^53 */
int lock_read_truth(struct lock_reader *reader, void *value);        /* bool */
int lock_read_hash(struct lock_reader *reader, void *value);         /* struct hash */
int lock_read_sha256(struct lock_reader *reader, void *value);       /* char[LOCK_SHA256_BYTES] */
int lock_read_attached(struct lock_reader *reader, void *value);     /* struct lock_attached, of {0} */
int lock_read_date(struct lock_reader *reader, void *value);         /* char[LOCK_DATE_BYTES] */
int lock_read_kind(struct lock_reader *reader, void *value);         /* enum lock_kind */
int lock_read_project(struct lock_reader *reader, void *value);      /* const char *, of the arena */
int lock_read_architecture(struct lock_reader *reader, void *value); /* likewise */
int lock_read_place(struct lock_reader *reader, void *value);        /* likewise */
int lock_read_layer_name(struct lock_reader *reader, void *value);   /* likewise */

/* What is wrong with a place, as the end of a sentence, or NULL. */
const char *lock_refuse_place(const char *place);

#endif
