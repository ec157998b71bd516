#include "pack_check.h"
#include "pack_inner.h"

#include "command.h"

static int finish(struct pack *pack, int status)
{
    if (status == 0) {
        pack_release_folders(pack);
        status = pack_print_report(pack);
    }
    if (status < 0)
        zip_abandon_all(pack->tasks, pack->task_count);
    int result = pack_complain(pack, status);
    if (status > 0)
        pack_remove_zips(pack);
    return result;
}

int pack_run(const struct pack_options *options)
{
    struct pack pack;
    int status = pack_open(&pack, options), result;
    if (status < 0) {
        command_complain(&pack.err);
        result = status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    } else {
        status = pack_make(&pack);
        if (status == 0)
            status = pack_write_zips(&pack);
        if (status == 0 && options->check)
            status = pack_check(&pack);
        if (status == 0)
            status = pack_commit(&pack);
        result = finish(&pack, status);
    }
    pack_close(&pack);
    return result;
}
