#include "base/progress.h"

#include "base/terminal.h"
#include "base/text_width.h"

#include <time.h>

#define PATIENCE_MS 500
#define REDRAW_MS 100
#define LABEL_COLUMNS 12
#define FRAME_COLUMNS 10 /* brackets, percentage and spaces */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_init(struct progress *progress, FILE *stream, bool wanted)
{
    *progress = (struct progress){
        .stream = stream, .enabled = wanted && terminal_is_live(stream), .next_ms = now_ms() + PATIENCE_MS};
    pthread_mutex_init(&progress->lock, NULL);
}

void progress_clean_up(struct progress *progress)
{
    if (progress->drawn) {
        fputs("\r\033[K", progress->stream);
        fflush(progress->stream);
    }
    pthread_mutex_destroy(&progress->lock);
}

static void draw(struct progress *progress, double share, const char *label)
{
    size_t width = terminal_width(progress->stream);
    size_t room = width > LABEL_COLUMNS + FRAME_COLUMNS ? width - LABEL_COLUMNS - FRAME_COLUMNS : 0;
    if (room > 50)
        room = 50;
    size_t filled = (size_t)(share * (double)room);
    fprintf(progress->stream, "\r\033[K%-*.*s", LABEL_COLUMNS, (int)text_fit(label, LABEL_COLUMNS), label);
    if (room > 0) {
        fputc('[', progress->stream);
        for (size_t i = 0; i < room; i++)
            fputc(i < filled ? '=' : i == filled ? '>' : ' ', progress->stream);
        fputc(']', progress->stream);
    }
    fprintf(progress->stream, " %3d %%", (int)(share * 100));
    fflush(progress->stream);
    progress->drawn = true;
}

void progress_update(struct progress *progress, double share, const char *label)
{
    if (!progress->enabled)
        return;
    pthread_mutex_lock(&progress->lock);
    int64_t now = now_ms();
    if (now >= progress->next_ms) {
        progress->next_ms = now + REDRAW_MS;
        draw(progress, share < 0 ? 0 : share > 1 ? 1 : share, label);
    }
    pthread_mutex_unlock(&progress->lock);
}
