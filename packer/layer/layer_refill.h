/* layer_refill.h - new layers beside those that are there. */
#ifndef PACKER_LAYER_REFILL_H
#define PACKER_LAYER_REFILL_H

#include "layer/layer_inner.h"

/*
 * Of each item: functions that carry it themselves though it could come from one more layer. With room true, of
 * functions that may attach one more.
 */
bool layer_refill_users(const struct layer_net *net, const struct layer_state *state, bool room,
                        struct shared_arena *scratch, struct layer_users *users);

/* Makes layers for functions with room; more says whether there are any. */
bool layer_refill(const struct layer_net *net, struct shared_arena *scratch, struct shared_arena *arena,
                  struct layer_state *state, bool *more);

#endif
