/* slice_part.h - what stands at the ends of texts that lie in files. */
#ifndef PACKER_SLICE_PART_H
#define PACKER_SLICE_PART_H

#include <shared/slice.h>

#include <stdbool.h>

bool slice_begins(struct shared_slice text, const char *prefix);

/* What stands after the last slash of a path. Points into path. */
struct shared_slice slice_base(struct shared_slice path);

#endif
