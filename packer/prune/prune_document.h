/* prune_document.h - the JSON documents of the aws command, read from front to end. */
#ifndef PACKER_PRUNE_DOCUMENT_H
#define PACKER_PRUNE_DOCUMENT_H

#include "layer/lock_json.h"
#include "prune/prune.h"

/* A member that is looked for in an object; all others are passed over. */
struct prune_member {
    const char *name;
    int (*read)(struct lock_reader *reader, void *value); /* of a value that is not null */
    size_t offset;
    bool needed;
};

/* Reads an object into a struct. A member that is there twice, or is needed and not there, fails. At most 8 members. */
int prune_object_read(struct lock_reader *reader, const struct prune_member *members, size_t count,
                      void *base);

/* Reads a list; each element begins where read is called. */
int prune_list_read(struct lock_reader *reader, int (*read)(struct lock_reader *reader, void *base),
                    void *base);

/* Reads all documents of a text, each by read. command: what makes such, for messages. A text of none fails. */
int prune_documents_read(struct lock_reader *reader, const char *command,
                         int (*read)(struct lock_reader *reader));

/* Passes over a value, whatever it is. */
int prune_value_skip(struct lock_reader *reader);

/* Values. */
int prune_read_date(struct lock_reader *reader, void *value);    /* const char * */
int prune_read_bytes(struct lock_reader *reader, void *value);   /* uint64_t */
int prune_read_version(struct lock_reader *reader, void *value); /* uint64_t, of "$LATEST" or "7" */
int prune_read_marker(struct lock_reader *reader, void *value);  /* bool: there is a further page */

/* Adds an element to a list and returns it, all zero; NULL where memory is exhausted. */
void *prune_list_add(struct prune_list *list, size_t size_bytes, struct shared_arena *arena);

/* All names have to be of one region and account: plans of several are not to be mixed up. */
int prune_check_place(struct lock_reader *reader, size_t at, const struct prune_arn *arn,
                      struct prune_lists *lists);

#endif
