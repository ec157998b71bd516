#include "base/terminal.h"

#include <shared/slice.h>

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80
#define MOST_COLUMNS 10000

bool terminal_colour_parse(const char *text, enum terminal_colour *colour)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(text, names[i]) == 0) {
            *colour = (enum terminal_colour)i;
            return true;
        }
    }
    return false;
}

bool terminal_is(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

bool terminal_is_live(FILE *stream)
{
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_wants_colour(FILE *stream, enum terminal_colour colour)
{
    const char *no_color = getenv("NO_COLOR");
    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return terminal_is_live(stream) && (!no_color || !*no_color);
}

size_t terminal_width(FILE *stream)
{
    struct winsize size;
    unsigned long long columns;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (shared_slice_to_number(shared_slice_from_text(getenv("COLUMNS")), MOST_COLUMNS, &columns) &&
        columns > 0)
        return (size_t)columns;
    return DEFAULT_COLUMNS;
}
