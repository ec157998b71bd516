#include "pack_inner.h"

#include <shared/slice.h>

#include <stdlib.h>
#include <string.h>

#define CACHE_LIMIT_BYTES (1ull << 50)

static void advanced(void *user, double share)
{
    struct pack *pack = user;
    progress_update(&pack->progress, share, "packing");
}

static void warn(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "demine: warning: %s\n", text);
}

static const char *given(const char *option, const char *variable)
{
    return option ? option : getenv(variable);
}

/* "off" and nothing are the same: none. */
static const char *unless_off(const char *text)
{
    return text && strcmp(text, "off") == 0 ? "" : text;
}

static int read_options(struct pack *pack)
{
    const struct pack_options *options = pack->options;
    const char *bytes = getenv("DEMINE_CACHE_BYTES"), *reads = getenv("DEMINE_CACHE_READ_ONLY");
    unsigned long long number = 0;
    if (bytes && *bytes &&
        (!shared_slice_to_number(shared_slice_from_text(bytes), CACHE_LIMIT_BYTES, &number) || number == 0))
        return shared_fail(&pack->err, SHARED_EPROTO, 0,
                           "DEMINE_CACHE_BYTES is %s, must be a number from 1 to 2^50", bytes);
    if (reads && *reads && strcmp(reads, "0") != 0 && strcmp(reads, "1") != 0)
        return shared_fail(&pack->err, SHARED_EPROTO, 0, "DEMINE_CACHE_READ_ONLY is %s, must be 0 or 1",
                           reads);
    pack->content_options = (struct content_options){
        .state = pack->state,
        .parallel = options->parallel,
        .level = options->plan.level ? *options->plan.level : pack->manifest.level,
        .cache = project_cache(options->cache),
        .cache_bytes = number,
        .remote = unless_off(given(options->remote, "DEMINE_CACHE_URL")),
        .remote_reads_only = options->remote_reads_only || (reads && strcmp(reads, "1") == 0),
        .progress = advanced,
        .user = pack,
        .warn = options->again ? NULL : warn,
    };
    return 0;
}

int pack_read_contents(struct pack *pack)
{
    int status = read_options(pack);
    if (status < 0)
        return status;
    pack->contents = content_open(&pack->content_options, &pack->err);
    if (!pack->contents)
        return (int)pack->err.code;
    status = content_read(pack->contents, pack->packages, pack->manifest.function_count, &pack->err);
    return status < 0 ? status : content_deflate(pack->contents, &pack->err);
}
