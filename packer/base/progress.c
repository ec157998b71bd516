#include "base/progress.h"

#include "base/terminal.h"
#include "base/text_width.h"

#include <stdio.h>
#include <time.h>

#define PATIENCE_MS 500
#define REDRAW_MS 100
#define LABEL_COLUMNS 12
#define BAR_COLUMNS 50
#define SHARE_COLUMNS 7  /* " 100 %" and one left free, lest the line wraps */
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

/* The label, set left in columns; what is too wide for the terminal goes first from the bar, then from the
 * label. One write a line: standard error has no buffer, and messages of others may come between. */
static void draw(struct progress *progress, double share, const char *label)
{
    size_t width = terminal_width(progress->stream);
    size_t columns = width > FRAME_COLUMNS + LABEL_COLUMNS ? LABEL_COLUMNS : 0;
    if (columns == 0 && width > SHARE_COLUMNS)
        columns = width - SHARE_COLUMNS;
    size_t fits = text_fit(label, columns), shown = text_width(label);
    size_t room = width > FRAME_COLUMNS + LABEL_COLUMNS ? width - FRAME_COLUMNS - LABEL_COLUMNS : 0;
    if (room > BAR_COLUMNS)
        room = BAR_COLUMNS;
    size_t filled = (size_t)(share * (double)room);
    char bar[BAR_COLUMNS + 3] = "";
    for (size_t i = 0; i < room; i++)
        bar[i + 1] = i < filled ? '=' : i == filled ? '>' : ' ';
    if (room > 0) {
        bar[0] = '[';
        bar[room + 1] = ']';
    }
    char line[LABEL_COLUMNS * 5 + BAR_COLUMNS + 32];
    int pad = (int)(shown < columns ? columns - shown : 0);
    snprintf(line, sizeof(line), "\r\033[K%.*s%*s%s %3d %%", (int)fits, label, pad, "", bar,
             (int)(share * 100));
    fputs(line, progress->stream);
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
        draw(progress, share > 1 ? 1 : share > 0 ? share : 0, label); /* not a number is 0 */
    }
    pthread_mutex_unlock(&progress->lock);
}
