#include "rendition.h"

#include <string.h>

#define HEIGHT_OF_PHONES 480
#define HEIGHT_OF_OTHERS 1080

static bool read_quality(const char *text, unsigned *height)
{
    unsigned long long value = 0;
    size_t size = strlen(text);
    if (size < 2 || text[size - 1] != 'p' ||
        !shared_slice_to_number(shared_slice_of(text, size - 1), 4320, &value))
        return false;
    *height = (unsigned)value;
    return true;
}

static unsigned best_height(const struct title *title, unsigned wanted)
{
    unsigned best = title->heights[0];
    for (size_t i = 1; i < title->height_count && title->heights[i] <= wanted; i++)
        best = title->heights[i];
    return best;
}

static bool mentions(const char *header, const char *part)
{
    return header && strstr(header, part);
}

int rendition_choose(const struct title *title, const struct rendition_wish *wish, struct shared_arena *arena,
                     const char **file, struct shared_error *err)
{
    unsigned height = mentions(wish->user_agent, "Mobile") ? HEIGHT_OF_PHONES : HEIGHT_OF_OTHERS;
    if (wish->quality && !read_quality(wish->quality, &height))
        return shared_fail(err, SHARED_EINVAL, 0, "quality: expected a height such as 720p");
    bool streams = !wish->quality && mentions(wish->accept, "application/vnd.apple.mpegurl");
    *file = streams ? "master.m3u8" : shared_arena_format(arena, "%up.mp4", best_height(title, height));
    return *file ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "name a rendition of %s", title->id);
}
