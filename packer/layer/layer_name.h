/* layer_name.h - names of layers where 16 digits are not enough. */
#ifndef PACKER_LAYER_NAME_H
#define PACKER_LAYER_NAME_H

#include "layer/layer_plan.h"

#define LAYER_NAME_DIGITS 16

/* As layer_name, with up to 32 digits; what is needed on the way comes from scratch. */
char *layer_name_long(const char *project, const struct layer_item *items, const struct layer_set *set,
                      unsigned digits, struct shared_arena *scratch, struct shared_arena *arena);

#endif
