/* prune_index.h - what was listed, sorted so that it is found. */
#ifndef PACKER_PRUNE_INDEX_H
#define PACKER_PRUNE_INDEX_H

#include "prune/prune.h"

/* A layer version that a kept version of a function has. */
struct prune_use {
    const char *arn;
    const struct prune_version *user;
};

struct prune_index {
    struct prune_version *versions; /* by function, then version */
    size_t version_count;
    struct prune_layer *layers; /* by name, then version */
    size_t layer_count;
    struct prune_alias *aliases; /* by function, version, name */
    size_t alias_count;
    struct prune_page *alias_pages, *version_pages; /* by function */
    size_t alias_page_count, version_page_count;
    struct prune_size *sizes; /* by ARN */
    size_t size_count;
    struct prune_use *uses; /* by ARN, then user; of prune_index_use */
    size_t use_count;
};

/* Copies and sorts. False where memory is exhausted. */
bool prune_index_make(const struct prune_lists *lists, struct shared_arena *arena, struct prune_index *index);

/* Sets uses, of versions that have their verdicts. False where memory is exhausted. */
bool prune_index_use(struct prune_index *index, struct shared_arena *arena);

/* The first alias that points to a version; NULL where none does. */
const char *prune_index_alias(const struct prune_index *index, const struct prune_version *version);

/* The first alias of a function, in index->aliases; alias_count, or one of another function, where it has none. */
size_t prune_index_first_alias(const struct prune_index *index, const char *function);

/* Whether the last page of a function's aliases, or versions, was given. */
bool prune_index_has_aliases(const struct prune_index *index, const struct prune_version *version);
bool prune_index_has_versions(const struct prune_index *index, const struct prune_version *version);

/* Marks the pages of a function's aliases as met. */
void prune_index_meet(struct prune_index *index, const struct prune_version *version);

/* Of a layer version; PRUNE_UNKNOWN where nothing says it. */
uint64_t prune_index_size(const struct prune_index *index, const char *arn);

/* The first kept version that has a layer version; NULL where none has. */
const struct prune_version *prune_index_user(const struct prune_index *index, const char *arn);

#endif
