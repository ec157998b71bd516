/* layer_places.h - numbers for places, and which place lies below which. */
#ifndef PACKER_LAYER_PLACES_H
#define PACKER_LAYER_PLACES_H

#include "layer/layer_inner.h"

/* Sets net->place. */
bool layer_places_number(struct layer_net *net, struct shared_arena *arena);

/* Sets net->parent: a file of one function may be a folder in a layer of another's. */
bool layer_places_nest(struct layer_net *net, struct shared_arena *arena);

#endif
