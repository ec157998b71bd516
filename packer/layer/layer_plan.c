/*
 * Facts of the search. Each set of items with the same users ("class") in a layer of its own is the cheapest plan, and
 * is the plan where no function sees more classes than it may attach layers. Elsewhere a plan is a family of sets of
 * functions, one for each layer: what is in the layers follows from it, for an item goes into the layers whose users all
 * carry it. Three searches find a family: merging classes (layer_merge.c), letting functions choose (layer_choose.c),
 * and, of up to 128 functions, taking parts away and building them anew (layer_ruin.c).
 *
 * Greedy by (users - 1) x bytes was 0.8 to 17.5 % above the proven optimum of small problems; tests/bench/bench_layers
 * prints what this one is. Where functions bear strangers, layer_extra.c searches on from there.
 *
 * From scratch, a one-file change may move hundreds of layers, so a plan starts from the last one (layer_keep.c), and a
 * fresh one takes its place only where that saves enough.
 */
#include "layer/layer_plan.h"

#include "base/cleanup.h"
#include "layer/layer_check.h"
#include "layer/layer_inner.h"

/* Whether b is less than a by more than percent of a. */
static bool saves_more(uint64_t a, uint64_t b, uint64_t percent)
{
    return b < a && (unsigned __int128)(a - b) * 100 > (unsigned __int128)a * percent;
}

static bool make_kept(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *state,
                      uint64_t *stored_bytes)
{
    return layer_keep(net, scratch, state) && layer_settle(net, scratch, state) &&
           layer_state_stored(net, state, scratch, stored_bytes);
}

/*
 * The plan that starts from the last one, unless a fresh one is so much better. Mostly it is not: whether it is, less
 * work tells.
 */
static bool choose(const struct layer_net *net, struct shared_arena *scratch, struct layer_state *chosen,
                   struct layer_plan *plan)
{
    uint64_t kept_bytes;
    const struct layer_problem *problem = net->problem;
    plan->replanned = problem->last_count > 0;
    if (problem->last_count == 0 || problem->replan)
        return layer_fresh(net, false, scratch, chosen, &plan->fresh_bytes);
    struct layer_state fresh;
    if (!make_kept(net, scratch, chosen, &kept_bytes) ||
        !layer_fresh(net, true, scratch, &fresh, &plan->fresh_bytes))
        return false;
    plan->replanned = saves_more(kept_bytes, plan->fresh_bytes, problem->replan_percent);
    return !plan->replanned || layer_fresh(net, false, scratch, chosen, &plan->fresh_bytes);
}

static bool make(const struct layer_problem *problem, struct shared_arena *arena, struct layer_plan *plan)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct layer_net net;
    struct layer_state state;
    *plan = (struct layer_plan){.count = 0};
    return layer_net_make(problem, &scratch, &net) && choose(&net, &scratch, &state, plan) &&
           layer_finish(&net, &state, &scratch, arena, plan);
}

int layer_plan_make(const struct layer_problem *problem, struct shared_arena *arena, struct layer_plan *plan,
                    struct shared_error *err)
{
    if (!make(problem, arena, plan))
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to plan layers for %zu functions",
                           problem->function_count);
#ifdef NDEBUG
    return 0;
#else
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    return layer_plan_check(problem, plan, &scratch, err);
#endif
}
