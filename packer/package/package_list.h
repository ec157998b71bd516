/* package_list.h - the inner steps of package_collect: a list that grows, filled by walks, then checked. */
#ifndef PACKER_PACKAGE_LIST_H
#define PACKER_PACKAGE_LIST_H

#include "package/package.h"
#include "package/package_own.h"

#include <sys/types.h>

struct package_list {
    struct shared_arena *arena;
    struct shared_arena *growth; /* where items grow, alone, until they are sorted; NULL: in arena */
    struct package_entry *items;
    size_t count;
    size_t capacity;
    uid_t self;       /* whose own files need no question whether they can be read */
    unsigned threads; /* that may walk through folders; 0 is 1 */
    bool program;     /* of a function that is one: it will be at "bootstrap" */
    const struct manifest *manifest;
    const struct package_own *own; /* what walks leave out; NULL: nothing */
};

/* Appends an entry; a file's or symlink's place is checked. */
int package_list_add(struct package_list *list, const struct package_entry *entry, struct shared_error *err);

/* The same of one that was checked. */
int package_list_append(struct package_list *list, const struct package_entry *entry,
                        struct shared_error *err);

int package_no_memory(struct shared_error *err);

/* Adds anything but a folder, found as name in folder; entry has source and place. */
struct stat;
int package_leaf_add(struct package_list *list, int folder, const char *name, const struct stat *st,
                     struct package_entry *entry, struct shared_error *err);

/* Whether a folder's or a file's place is safe and is not taken by the function itself. */
int package_place_check(const struct package_list *list, const char *place, const char *source,
                        struct shared_error *err);

/* Adds one asset: a file, or all that a folder holds. */
int package_asset_add(struct package_list *list, const char *source, const struct manifest_asset *asset,
                      struct shared_error *err);

/* Adds what a folder holds, below a place ("": the top of the package); st is the folder's. Of several failures the one
 * of the first text is told. */
int package_walk(struct package_list *list, const char *source, const char *place, const struct stat *st,
                 struct shared_error *err);

/* Leaves out symlinks in whose place an asset of its own lies. */
void package_list_replace_links(struct package_list *list, const struct manifest_function *function);

/* Sorts by place, into the arena, leaves out folders that turned out not to be empty, and refuses places that clash. */
int package_clash_check(struct package_list *list, struct shared_error *err);

/* Follows every symlink within the sorted list. */
int package_link_check(const struct package_list *list, struct shared_error *err);

#endif
