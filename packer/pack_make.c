#include "pack_inner.h"

#include "base/pool.h"
#include "command.h"
#include "layer/lock_names.h"
#include "project_files.h"

/* After the folders are made. That of the first of two packs holds those of the second. */
static int find_own(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    const struct project_own_paths paths = {
        .manifest = &pack->manifest,
        .state = pack->state,
        .output = options->look ? options->output : pack->output,
        .cache = options->cache,
        .keeps_output = !options->look,
    };
    if (!options->own)
        return project_own(&paths, &pack->arena, &pack->own, &pack->err);
    pack->own = *options->own;
    return 0;
}

static int collect(struct pack *pack)
{
    int status = package_collect_all(&pack->manifest, &pack->own, pool_threads(pack->options->parallel),
                                     pack->arenas, pack->packages, &pack->err);
    for (size_t i = 0; status == 0 && i < pack->manifest.function_count; i++)
        status = project_check_files(&pack->manifest, &pack->manifest.functions[i], &pack->packages[i],
                                     pack->options->again, &pack->err);
    return status;
}

static int leave_out(struct pack *pack)
{
    return package_drop_stale(&pack->manifest, pool_threads(pack->options->parallel), pack->packages,
                              &pack->stale, &pack->err);
}

/* After the folders are taken: another run may have been about to write it. */
static int read_lock(struct pack *pack)
{
    int status = lock_file_read(pack->lock_path, &pack->arena, &pack->last, &pack->err);
    if (status == 0)
        status = lock_file_is_of(&pack->last, pack->lock_path, pack->manifest.name, &pack->err);
    return status < 0 || pack->options->plan.replan
               ? status
               : lock_names_check(&pack->last, pack->lock_path, &pack->err);
}

static bool is_too_large(const struct pack *pack)
{
    for (size_t i = 0; i < pack->findings.count; i++)
        if (pack->findings.items[i].exceeded &&
            pack->findings.items[i].limit == &limit_table[LIMIT_UNZIPPED_BYTES])
            return true;
    return false;
}

/* Who only looks wants to see all that is exceeded; but what is too large to be unpacked need not be deflated. */
static bool goes_on(const struct pack *pack, int status, int (*next)(struct pack *))
{
    return status == 0 ||
           (status > 0 && pack->options->look && !(next == pack_read_contents && is_too_large(pack)));
}

int pack_make(struct pack *pack)
{
    static int (*const stages[])(struct pack *) = {
        pack_take_folders,  read_lock,          find_own,           collect,           leave_out,
        pack_check_limits,  pack_link_programs, pack_warn_of_links, pack_check_limits, pack_check_budgets,
        pack_read_contents, pack_plan_layers,   pack_check_limits,
    };
    int status = 0, exceeded = 0;
    if (pack->options->account)
        status = limit_region_read(pack->options->account, &pack->arena, &pack->region, &pack->err);
    for (size_t i = 0; i < sizeof(stages) / sizeof(*stages) && goes_on(pack, status, stages[i]); i++) {
        exceeded |= status;
        status = stages[i](pack);
    }
    return status < 0 ? status : status | exceeded;
}

int pack_complain(struct pack *pack, int status)
{
    for (size_t i = 0; status > 0 && i < pack->findings.count; i++) {
        if (pack->findings.items[i].exceeded)
            fprintf(stderr, "demine: %s\n", pack->findings.items[i].message);
    }
    for (size_t i = 0; status > 0 && i < pack->budgets.count; i++)
        fprintf(stderr, "demine: %s\n", pack->budgets.items[i].message);
    if (status < 0)
        command_complain(&pack->err);
    return status == 0 ? EXIT_DONE : status > 0 ? EXIT_LIMIT : EXIT_FAILED;
}
