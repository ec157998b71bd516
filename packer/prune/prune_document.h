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

/* An ARN and where it stands. */
struct prune_named {
    struct prune_arn arn;
    struct shared_slice text; /* all of it */
    uint64_t version;         /* of PRUNE_LAYER */
    size_t at;
};

enum prune_named_kind { PRUNE_FUNCTION, PRUNE_ALIAS, PRUNE_LAYER };

/* Takes the ARN of a function or its version, of an alias, or of a version of a layer; another one fails. */
int prune_read_named(struct lock_reader *reader, enum prune_named_kind kind, struct prune_named *named);

/* All names have to be of one region and account: plans of several are not to be mixed up. */
int prune_check_place(struct lock_reader *reader, const struct prune_named *named, struct prune_lists *lists);

/* A copy in the reader's arena. */
int prune_copy(struct lock_reader *reader, struct shared_slice text, const char **copy);

/* Adds a copy of an element to a list. */
int prune_add(struct lock_reader *reader, struct prune_list *list, const void *element, size_t size_bytes);

/* Adds a page for each function of the elements from first on: versions or aliases, structs that begin with it. */
int prune_add_pages(struct lock_reader *reader, const struct prune_list *list, size_t size_bytes,
                    size_t first, bool last, struct prune_list *pages);

#endif
