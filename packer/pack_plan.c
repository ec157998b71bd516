#include "pack_plan.h"

#include "command.h"

#include <shared/slice.h>

#include <string.h>

#define EXTRA_LIMIT_BYTES ((1ull << 53) - 1)

static int read_level(const char *subcommand, struct pack_plan *plan)
{
    static const enum manifest_level levels[] = {LEVEL_DEFAULT, LEVEL_FAST, LEVEL_SMALLEST};
    static const char *const names[] = {"default", "fast", "smallest"};
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
        if (strcmp(optarg, names[i]) == 0) {
            plan->level = &levels[i];
            return -1;
        }
    return command_misused(subcommand, "--level %s: must be fast, default or smallest", optarg);
}

static int read_extra(const char *subcommand, struct pack_plan *plan)
{
    unsigned long long number;
    if (!shared_slice_to_number(shared_slice_from_text(optarg), EXTRA_LIMIT_BYTES, &number))
        return command_misused(subcommand, "--allow-extra %s: must be a number of bytes", optarg);
    plan->extra_bytes = number;
    return -1;
}

bool pack_plan_option(int option, const char *subcommand, struct pack_plan *plan, int *status)
{
    *status = -1;
    if (option == PACK_PLAN_LEVEL)
        *status = read_level(subcommand, plan);
    else if (option == PACK_PLAN_ALLOW_EXTRA)
        *status = read_extra(subcommand, plan);
    else if (option == PACK_PLAN_REPLAN)
        plan->replan = true;
    else
        return false;
    return true;
}
