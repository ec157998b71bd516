#include "pack_check.h"

#include "base/file.h"
#include "base/path.h"
#include "package/package_shown.h"
#include "zip/zip_compare.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>

#define OPEN_FOLDERS 16

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st, (void)type, (void)place;
    return remove(path);
}

/* What is not there, or stays because it cannot be removed, is the next pack's to find. */
static void remove_folder(const char *path)
{
    nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static const struct zip_task *find_task(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->task_count; i++)
        if (strcmp(pack->tasks[i].name, name) == 0)
            return &pack->tasks[i];
    return NULL;
}

static const char *zip_of(const struct zip_task *task)
{
    return task->temporary ? task->temporary : task->path;
}

static int compare_task(struct pack *pack, const struct zip_task *task, const struct pack *again)
{
    const struct zip_task *other = find_task(again, task->name);
    struct zip_difference difference;
    if (!other)
        return shared_fail(&pack->err, SHARED_EPROTO, 0, "%s is not made when it is packed again",
                           task->name);
    int status = zip_compare(zip_of(task), zip_of(other), &pack->arena, &difference, &pack->err);
    if (status < 0 || !difference.differs)
        return status;
    return shared_fail(
        &pack->err, SHARED_EPROTO, 0, "%s: packed again it differs from byte %ju on, %s%s%s", task->name,
        (uintmax_t)difference.offset, difference.place ? "in \"" : "in the zip's directory",
        difference.place ? package_shown(difference.place).text : "", difference.place ? "\"" : "");
}

static int compare_all(struct pack *pack, const struct pack *again)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < pack->task_count; i++)
        status = compare_task(pack, &pack->tasks[i], again);
    for (size_t i = 0; status == 0 && i < again->task_count; i++)
        if (!find_task(pack, again->tasks[i].name))
            status = shared_fail(&pack->err, SHARED_EPROTO, 0, "%s is made only when it is packed again",
                                 again->tasks[i].name);
    return status;
}

/* A limit that is exceeded now was not when the same was packed before. */
static int make_again(struct pack *pack, struct pack *again, const struct pack_options *options)
{
    int status = pack_open(again, options);
    if (status == 0)
        status = pack_make(again);
    if (status == 0)
        status = pack_write_zips(again);
    if (status > 0)
        return shared_fail(&pack->err, SHARED_EPROTO, 0,
                           "packed again it exceeds a limit or breaks a budget");
    if (status == 0)
        return 0;
    pack->err = again->err;
    return shared_error_wrap(&pack->err, "packed again");
}

int pack_check(struct pack *pack)
{
    struct pack_options options = *pack->options;
    const char *folder = path_join(&pack->arena, pack->state, "check");
    options.state = folder ? path_join(&pack->arena, folder, "state") : NULL;
    options.output = folder ? path_join(&pack->arena, folder, "zips") : NULL;
    if (!options.state || !options.output)
        return pack_no_memory(pack);
    options.own = &pack->own;
    options.cache = options.remote = "";
    options.parallel = options.parallel == 1 ? 3 : 1;
    options.quiet = options.again = true;
    options.progress = options.look = false;
    remove_folder(folder);
    struct pack again;
    int status = make_again(pack, &again, &options);
    if (status == 0)
        status = compare_all(pack, &again);
    zip_abandon_all(again.tasks, again.task_count);
    pack_close(&again);
    remove_folder(folder);
    return status;
}
