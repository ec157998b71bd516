/* project_image.h - what is inside a project's programs, by the one account that demine size gives of them too. */
#ifndef PACKER_PROJECT_IMAGE_H
#define PACKER_PROJECT_IMAGE_H

#include "image/image.h"
#include "project.h"

/*
 * As image_read for the function at a place, in the arena; but its origins are those of the graph, which is read as
 * project_read_graph does, where the program has what that is made of.
 */
int project_read_image(struct project *project, size_t function, struct shared_arena *arena,
                       struct image *image, struct shared_error *err);

#endif
