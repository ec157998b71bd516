/* What goes to a terminal, and what stays away from anything else. Terminals here are pseudo ones. */
#include "check.h"

#include "base/columns.h"
#include "base/progress.h"
#include "base/terminal.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct pair {
    int master;
    FILE *terminal;
};

static bool open_pair(struct pair *pair, unsigned short columns)
{
    pair->terminal = NULL;
    pair->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (!CHECK(pair->master >= 0 && grantpt(pair->master) == 0 && unlockpt(pair->master) == 0))
        return false;
    int fd = open(ptsname(pair->master), O_RDWR | O_NOCTTY);
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    CHECK_NUMBER(ioctl(fd, TIOCSWINSZ, &size), 0);
    pair->terminal = fdopen(fd, "w");
    return CHECK(pair->terminal != NULL);
}

static void close_pair(struct pair *pair)
{
    if (pair->terminal)
        fclose(pair->terminal);
    close(pair->master);
}

/* What the terminal has been sent by now; "" where nothing. */
static const char *sent(const struct pair *pair)
{
    static char text[1024];
    fflush(pair->terminal);
    struct pollfd ready = {.fd = pair->master, .events = POLLIN};
    ssize_t size = poll(&ready, 1, 0) > 0 ? read(pair->master, text, sizeof(text) - 1) : 0;
    text[size > 0 ? size : 0] = '\0';
    return text;
}

static void test_colour(void)
{
    static const struct {
        const char *term, *no_color;
        enum terminal_colour wish;
        bool on_terminal, on_file;
    } rows[] = {
        {"xterm", NULL, COLOUR_AUTO, true, false},   {"xterm", "", COLOUR_AUTO, true, false},
        {"xterm", "1", COLOUR_AUTO, false, false},   {"dumb", NULL, COLOUR_AUTO, false, false},
        {NULL, NULL, COLOUR_AUTO, false, false},     {"dumb", "1", COLOUR_ALWAYS, true, true},
        {"xterm", NULL, COLOUR_NEVER, false, false},
    };
    struct pair pair;
    FILE *file = tmpfile();
    if (open_pair(&pair, 80) && CHECK(file != NULL)) {
        setenv("CLICOLOR_FORCE", "1", 1);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            CHECK_ROW(rows[i].term);
            rows[i].term ? setenv("TERM", rows[i].term, 1) : unsetenv("TERM");
            rows[i].no_color ? setenv("NO_COLOR", rows[i].no_color, 1) : unsetenv("NO_COLOR");
            CHECK(terminal_wants_colour(pair.terminal, rows[i].wish) == rows[i].on_terminal);
            CHECK(terminal_wants_colour(file, rows[i].wish) == rows[i].on_file);
        }
        unsetenv("NO_COLOR");
        unsetenv("CLICOLOR_FORCE");
        setenv("TERM", "xterm", 1);
        CHECK(terminal_is_live(pair.terminal) && !terminal_is_live(file));
    }
    if (file)
        fclose(file);
    close_pair(&pair);
}

static void test_colour_option(void)
{
    enum terminal_colour colour;
    CHECK(terminal_colour_parse("auto", &colour) && colour == COLOUR_AUTO);
    CHECK(terminal_colour_parse("always", &colour) && colour == COLOUR_ALWAYS);
    CHECK(terminal_colour_parse("never", &colour) && colour == COLOUR_NEVER);
    CHECK(!terminal_colour_parse("", &colour) && !terminal_colour_parse("Auto", &colour));
}

static void test_width(void)
{
    static const struct {
        const char *columns;
        size_t width;
    } rows[] = {{"120", 120}, {"0", 80}, {"-3", 80}, {"wide", 80}, {"", 80}, {"99999999999999999999", 80},
                {NULL, 80}};
    struct pair pair;
    FILE *file = tmpfile();
    if (open_pair(&pair, 57) && CHECK(file != NULL)) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            CHECK_ROW(rows[i].columns);
            rows[i].columns ? setenv("COLUMNS", rows[i].columns, 1) : unsetenv("COLUMNS");
            CHECK_NUMBER(terminal_width(pair.terminal), 57);
            CHECK_NUMBER(terminal_width(file), rows[i].width);
        }
    }
    if (file)
        fclose(file);
    close_pair(&pair);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_progress_waits(void)
{
    struct pair pair;
    struct progress progress;
    if (open_pair(&pair, 40)) {
        int64_t before = now_ms();
        progress_init(&progress, pair.terminal, true);
        CHECK(progress.next_ms >= before + 500 && progress.next_ms <= now_ms() + 500);
        progress.next_ms = INT64_MAX;
        progress_update(&progress, 0.5, "linking");
        CHECK_TEXT(sent(&pair), "");

        progress.next_ms = 0;
        before = now_ms();
        progress_update(&progress, 0.5, "linking");
        CHECK(progress.next_ms >= before + 100 && progress.next_ms <= now_ms() + 100);
        CHECK_TEXT(sent(&pair), "\r\033[Klinking     [=========>        ]  50 %");
        progress_clean_up(&progress);
        CHECK_TEXT(sent(&pair), "\r\033[K");
    }
    close_pair(&pair);
}

static void test_progress_never_drawn_leaves_no_trace(void)
{
    struct pair pair;
    struct progress progress;
    if (open_pair(&pair, 40)) {
        progress_init(&progress, pair.terminal, true);
        progress_clean_up(&progress);
        progress_init(&progress, pair.terminal, false);
        progress.next_ms = 0;
        progress_update(&progress, 0.5, "linking");
        progress_clean_up(&progress);
        CHECK_TEXT(sent(&pair), "");
    }
    close_pair(&pair);
    FILE *file = tmpfile();
    if (!CHECK(file != NULL))
        return;
    progress_init(&progress, file, true);
    progress.next_ms = 0;
    progress_update(&progress, 0.5, "linking");
    progress_clean_up(&progress);
    CHECK_NUMBER(ftell(file), 0);
    fclose(file);
}

static void check_drawn(unsigned short columns, double share, const char *label, const char *line)
{
    struct pair pair;
    struct progress progress;
    if (open_pair(&pair, columns)) {
        progress_init(&progress, pair.terminal, true);
        progress.next_ms = 0;
        progress_update(&progress, share, label);
        CHECK_TEXT(sent(&pair), line);
        progress_clean_up(&progress);
    }
    close_pair(&pair);
}

static void test_progress_fits(void)
{
    check_drawn(30, 0, "x", "\r\033[Kx           [>       ]   0 %");
    check_drawn(30, 1, "x", "\r\033[Kx           [========] 100 %");
    check_drawn(30, 7, "x", "\r\033[Kx           [========] 100 %");
    check_drawn(30, -1, "x", "\r\033[Kx           [>       ]   0 %");
    check_drawn(30, NAN, "x", "\r\033[Kx           [>       ]   0 %");
    check_drawn(30, 1, "a label too long", "\r\033[Ka label too [========] 100 %");
    check_drawn(30, 1, "\xC3\xA9\xC3\xA9", "\r\033[K\xC3\xA9\xC3\xA9          [========] 100 %");
    check_drawn(12, 0.5, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
                "\r\033[K\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9  50 %");
    check_drawn(3, 0.5, "x", "\r\033[K  50 %");
    check_drawn(500, 0, "x",
                "\r\033[Kx           [>                                                 ]   0 %");
}

static void *update_often(void *user)
{
    struct progress *progress = user;
    for (int i = 0; i < 10000; i++)
        progress_update(progress, i / 10000.0, "linking");
    return NULL;
}

/* For the thread sanitizer; and whole lines come out. */
static void test_progress_of_many_threads(void)
{
    struct pair pair;
    struct progress progress;
    pthread_t threads[4];
    if (open_pair(&pair, 40)) {
        progress_init(&progress, pair.terminal, true);
        progress.next_ms = 0;
        for (size_t i = 0; i < 4; i++)
            CHECK_NUMBER(pthread_create(&threads[i], NULL, update_often, &progress), 0);
        for (size_t i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        CHECK(strncmp(sent(&pair), "\r\033[Klinking     [", 17) == 0);
        progress_clean_up(&progress);
    }
    close_pair(&pair);
}

/* Cells in reading order, ended by NULL. */
static void check_table(size_t column_count, const char *const *cells, bool colour, const char *expected)
{
    struct shared_arena arena;
    struct shared_error err;
    char text[1024] = "";
    shared_arena_init(&arena);
    struct columns columns = {.arena = &arena, .column_count = column_count};
    for (; *cells; cells++)
        columns_add(&columns, *cells);
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK_NUMBER(columns_print(&columns, out, colour, &err), 0);
    fclose(out);
    CHECK_TEXT(text, expected);
    shared_arena_clean_up(&arena);
}

static void test_columns(void)
{
    static const char *const cells[] = {"name", "bytes", "share", "h\xC3\xA9llo", "12", "5 %", "a long",
                                        "7",    "",      NULL};
    check_table(3, cells, false,
                "name    bytes  share\n"
                "h\xC3\xA9llo      12    5 %\n"
                "a long      7\n");
    check_table(3, cells, true,
                "\033[1mname    bytes  share\033[0m\n"
                "h\xC3\xA9llo      12    5 %\n"
                "a long      7\n");
    static const char *const narrow[] = {"name", "x", NULL};
    check_table(1, narrow, false, "name\nx\n");
    static const char *const nothing[] = {NULL};
    check_table(2, nothing, false, "");
}

#define X10 "xxxxxxxxxx"
#define SYMBOL_120 "a_symbol_h" X10 X10 X10 X10 X10 X10 X10 X10 X10 "its_end" X10 "end"

/* Numbers stay where a person looks for them, and both ends of a name are seen. */
static void test_long_names(void)
{
    static const char *const cells[] = {"PART", "FILE", "  " SYMBOL_120 " *", "1,234", "short", "12", NULL};
    check_table(2, cells, false,
                "PART                                                                       FILE\n"
                "  a_symbol_h" X10 X10 "xxxx\xE2\x80\xA6" X10 "xxxits_end" X10 "end *  1,234\n"
                "short                                                                        12\n");
    /* What is no name is not cut. */
    static const char *const numbers[] = {"x", SYMBOL_120, NULL};
    check_table(2, numbers, false, "x  " SYMBOL_120 "\n");
    static const char *const wide[] = {"\xC3\xA9" X10 X10 X10 X10 X10 X10 X10 "\xC3\xA9\xC3\xA9", NULL};
    check_table(1, wide, false,
                "\xC3\xA9" X10 X10 X10 "xxxxx\xE2\x80\xA6" X10 X10 X10 "xxx\xC3\xA9\xC3\xA9\n");
}

/* As wide as the terminal, the widest first; but 24 columns of a name are always there. */
static void test_names_on_terminal(void)
{
    static const struct {
        unsigned short columns;
        const char *row;
    } rows[] = {
        {200, SYMBOL_120 "  1,234  and_another_name.o\r\n"},
        {80, "a_symbol_h" X10 "xxxxxx\xE2\x80\xA6xxxxxxits_end" X10 "end  1,234  and_another_name.o\r\n"},
        {10, "a_symbol_hxx\xE2\x80\xA6"
             "xxxxxxxxend  1,234  and_another_name.o\r\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pair pair;
        struct shared_arena arena = {0};
        struct columns columns = {.arena = &arena, .column_count = 3, .names = 1u << 2};
        columns_add(&columns, SYMBOL_120);
        columns_add(&columns, "1,234");
        columns_add(&columns, "and_another_name.o");
        CHECK_ROW(rows[i].row);
        if (open_pair(&pair, rows[i].columns)) {
            CHECK_NUMBER(columns_print(&columns, pair.terminal, false, NULL), 0);
            CHECK_TEXT(sent(&pair), rows[i].row);
        }
        close_pair(&pair);
        shared_arena_clean_up(&arena);
    }
}

static void test_columns_grow(void)
{
    struct shared_arena arena;
    struct shared_error err;
    shared_arena_init(&arena);
    struct columns columns = {.arena = &arena, .column_count = 2};
    for (int i = 0; i < 1000; i++)
        columns_add(&columns, "x");
    CHECK(columns.cell_count == 1000 && !columns.failed);
    CHECK_TEXT(columns.cells[999], "x");
    columns_add(&columns, NULL);
    CHECK_NUMBER(columns_print(&columns, stdout, false, &err), SHARED_ENOMEM);
    shared_arena_clean_up(&arena);
}

static void test_numbers(void)
{
    static const struct {
        uint64_t number;
        const char *text;
    } rows[] = {{0, "0"},
                {999, "999"},
                {1000, "1,000"},
                {1234567, "1,234,567"},
                {UINT64_MAX, "18,446,744,073,709,551,615"}};
    struct shared_arena arena;
    shared_arena_init(&arena);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_TEXT(columns_number_text(&arena, rows[i].number), rows[i].text);
    struct columns columns = {.arena = &arena, .column_count = 1};
    columns_add_number(&columns, 12345);
    columns_add_share(&columns, 5, 10000);
    columns_add_share(&columns, 123, 1000);
    columns_add_share(&columns, 7, 7);
    columns_add_share(&columns, 7, 0);
    CHECK_TEXT(columns.cells[0], "12,345");
    CHECK_TEXT(columns.cells[1], "0.05 %");
    CHECK_TEXT(columns.cells[2], "12.3 %");
    CHECK_TEXT(columns.cells[3], "100 %");
    CHECK_TEXT(columns.cells[4], "-");
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_colour);
    CHECK_RUN(test_colour_option);
    CHECK_RUN(test_width);
    CHECK_RUN(test_progress_waits);
    CHECK_RUN(test_progress_never_drawn_leaves_no_trace);
    CHECK_RUN(test_progress_fits);
    CHECK_RUN(test_progress_of_many_threads);
    CHECK_RUN(test_columns);
    CHECK_RUN(test_long_names);
    CHECK_RUN(test_names_on_terminal);
    CHECK_RUN(test_columns_grow);
    CHECK_RUN(test_numbers);
    return check_report();
}
