/* link_input.h - what a function is linked from, looked at before a tool is started. */
#ifndef PACKER_LINK_INPUT_H
#define PACKER_LINK_INPUT_H

#include "link/compile.h"
#include "link/link.h"

struct link_input {
    const char **objects;  /* one for each source, absolute */
    const char **archives; /* in link order, absolute; shared objects where the way has them */
    size_t archive_count;
};

/*
 * Finds the inputs of a way and adds its compile steps to the plan. Fails with SHARED_EINVAL where a source,
 * object, archive or binary is missing, is not a file, or a binary is for another architecture; the message
 * has its place in the manifest.
 */
int link_input_find(const struct link_work *work, const struct link_way *way, struct compile_plan *plan,
                    struct link_input *input, struct shared_error *err);

#endif
