#include "pack_inner.h"

#include "base/cleanup.h"
#include "package/package_shown.h"

#include <stdlib.h>
#include <string.h>

/* So many are named. */
#define SHOWN_MOST 3

struct dangling {
    size_t count;
    const struct package_entry *shown[SHOWN_MOST];
    const char *functions[SHOWN_MOST]; /* of those shown */
    const char *remedy;                /* one of them, as an asset; NULL: where they lead there is nothing */
};

/* What a symlink leads to, as the manifest would name it; NULL: nothing is there, or memory is exhausted. */
static const char *end_of(struct pack *pack, const struct package_entry *link)
{
    CLEANUP_FREE char *end = realpath(link->source, NULL), *top = realpath(pack->manifest.folder, NULL);
    size_t size = top ? strlen(top) : 0;
    if (!end)
        return NULL;
    bool below = size > 1 && strncmp(end, top, size) == 0 && end[size] == '/';
    return shared_arena_copy(&pack->arena, shared_slice_from_text(below ? end + size + 1 : end));
}

static int look(struct pack *pack, size_t i, struct dangling *dangling)
{
    const struct package_entry **links;
    size_t count;
    int status = package_dangling(&pack->packages[i], &pack->arena, &links, &count, &pack->err);
    for (size_t j = 0; status == 0 && j < count; j++) {
        if (dangling->count < SHOWN_MOST) {
            dangling->shown[dangling->count] = links[j];
            dangling->functions[dangling->count] = pack->manifest.functions[i].name;
        }
        dangling->count++;
        const char *end = dangling->remedy ? NULL : end_of(pack, links[j]);
        if (end)
            dangling->remedy = shared_arena_format(
                &pack->arena, "\"%s\": \"%s\"", package_shown(links[j]->place).text, package_shown(end).text);
    }
    return status;
}

static void warn(const struct dangling *dangling)
{
    fprintf(stderr, "demine: warning: %zu symlink%s to what the package does not hold:", dangling->count,
            dangling->count == 1 ? " leads" : "s lead");
    for (size_t i = 0; i < dangling->count && i < SHOWN_MOST; i++)
        fprintf(stderr, "%s function %s: \"%s\" to %s", i ? ";" : "", dangling->functions[i],
                package_shown(dangling->shown[i]->place).text,
                package_shown(dangling->shown[i]->target).text);
    if (dangling->count > SHOWN_MOST)
        fprintf(stderr, "; and %zu more", dangling->count - SHOWN_MOST);
    fprintf(stderr, ". Nothing can be read through them");
    if (dangling->remedy)
        fprintf(stderr, "; an asset takes a symlink's place: %s", dangling->remedy);
    fputc('\n', stderr);
}

int pack_warn_of_links(struct pack *pack)
{
    struct dangling dangling = {.count = 0};
    int status = 0;
    for (size_t i = 0; status == 0 && !pack->options->again && i < pack->manifest.function_count; i++)
        status = look(pack, i, &dangling);
    if (status == 0 && dangling.count > 0) {
        progress_clean_up(&pack->progress);
        warn(&dangling);
    }
    return status;
}
