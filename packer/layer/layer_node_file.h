/* layer_node_file.h - package.json and scripts, as far as it matters to where node finds packages. */
#ifndef PACKER_LAYER_NODE_FILE_H
#define PACKER_LAYER_NODE_FILE_H

#include "layer/layer_unit.h"

/*
 * Reads a package.json: what it needs are dependencies, optional and peer ones. What cannot be read, or is no JSON, is
 * not readable. SHARED_ENOMEM.
 */
int layer_node_file_read(const char *path, struct shared_arena *arena, struct layer_node_file *file,
                         struct shared_error *err);

/*
 * Whether a script imports ES modules, or exports what others do; one that cannot be read, or that is made to take long,
 * is taken for one that does. SHARED_ENOMEM.
 */
int layer_node_script_read(const char *path, bool *imports, struct shared_error *err);
bool layer_node_script_imports(struct shared_slice text);

/* The bytes of the name of a package that a path begins with, "x" or "@s/x"; 0: it is none. */
size_t layer_node_name_size(const char *path);

#endif
