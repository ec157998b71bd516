/* layer_python_file.h - what a distribution says of its files. */
#ifndef PACKER_LAYER_PYTHON_FILE_H
#define PACKER_LAYER_PYTHON_FILE_H

#include "layer/layer_unit.h"

/*
 * Calls visit for each path of a RECORD ("Recording installed projects", PyPA specifications: CSV lines of path, hash,
 * size) or of a list of one path a line, relative to where packages lie. Stops at what visit returns but 0.
 */
typedef int layer_python_visit(void *user, const char *path, struct shared_error *err);
int layer_python_record_each(struct shared_slice text, layer_python_visit *visit, void *user,
                             struct shared_error *err);

/* Whether the folder or file of a name is of a distribution: "x-1.0.dist-info", "x.egg-info". */
bool layer_python_is_metadata(const char *name, size_t size);

/* Whether the names of a distribution, "Foo.Bar-1.0.dist-info", and of a package, "foo_bar", are the same one's. */
bool layer_python_same_name(const char *metadata, const char *package);

#endif
