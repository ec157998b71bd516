/* test_log_reader.c - lines from a descriptor, however they come. */
#include "check.h"
#include "scratch.h"

#include "symbolize/log_reader.h"

static int pauses;

static void count_pause(void)
{
    pauses++;
}

/* Writes a text to a file, and gives what the reader makes of it: lines joined by "|". */
static void read_all(const char *text, size_t size_bytes, char *joined)
{
    struct log_reader reader = {0};
    struct shared_slice line;
    struct shared_error err;
    int status;
    scratch_bytes("log", text, size_bytes);
    reader.fd = open("log", O_RDONLY | O_CLOEXEC);
    SCRATCH_NEED(reader.fd >= 0);
    int fd = reader.fd;
    *joined = '\0';
    while ((status = log_reader_next(&reader, count_pause, &line, &err)) > 0)
        snprintf(joined + strlen(joined), 64, "%.*s|", (int)line.size_bytes, line.data);
    CHECK_NUMBER(status, 0);
    CHECK_NUMBER(log_reader_next(&reader, NULL, &line, &err), 0);
    log_reader_clean_up(&reader);
    close(fd);
}

static void test_lines(void)
{
    static const struct {
        const char *text, *joined;
    } rows[] = {
        {"", ""},         {"a", "a|"}, {"a\n", "a\n|"}, {"\n\n", "\n|\n|"}, {"a\nb\n\nc", "a\n|b\n|\n|c|"},
        {"\r\n", "\r\n|"}};
    char *folder = scratch_enter();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char joined[512];
        CHECK_ROW(rows[i].joined);
        read_all(rows[i].text, strlen(rows[i].text), joined);
        CHECK_TEXT(joined, rows[i].joined);
    }
    scratch_leave(folder);
}

/* Each part of a line comes alone; nothing is given before the line is whole, and it is waited for each
 * time. */
static void test_parts(void)
{
    int ends[2];
    struct shared_slice line;
    struct shared_error err;
    SCRATCH_NEED(pipe(ends) == 0);
    struct log_reader reader = {.fd = ends[0]};
    SCRATCH_NEED(write(ends[1], "a", 1) == 1 && write(ends[1], "b\nc", 3) == 3);
    pauses = 0;
    CHECK_NUMBER(log_reader_next(&reader, count_pause, &line, &err), 1);
    CHECK_SLICE(line, "ab\n");
    CHECK_NUMBER(pauses, 1);
    SCRATCH_NEED(write(ends[1], "d\ne\n", 4) == 4);
    CHECK_NUMBER(log_reader_next(&reader, count_pause, &line, &err), 1);
    CHECK_SLICE(line, "cd\n");
    CHECK_NUMBER(log_reader_next(&reader, count_pause, &line, &err), 1);
    CHECK_SLICE(line, "e\n");
    CHECK_NUMBER(pauses, 2);
    close(ends[1]);
    CHECK_NUMBER(log_reader_next(&reader, count_pause, &line, &err), 0);
    log_reader_clean_up(&reader);
    close(ends[0]);
}

/* A line over the limit comes in pieces, of which nothing is lost. */
static void test_huge_line(void)
{
    char *folder = scratch_enter();
    size_t size = 2 * LOG_LINE_LIMIT_BYTES + 5, sum = 0;
    char *text = malloc(size);
    SCRATCH_NEED(text);
    memset(text, 'x', size);
    text[size - 3] = '\n';
    scratch_bytes("log", text, size);
    struct log_reader reader = {.fd = open("log", O_RDONLY | O_CLOEXEC)};
    struct shared_slice line = {0};
    int pieces = 0, fd = reader.fd;
    while (log_reader_next(&reader, NULL, &line, NULL) > 0) {
        pieces++;
        sum += line.size_bytes;
    }
    CHECK_NUMBER(sum, size);
    CHECK(pieces >= 3 && pieces <= 4);
    CHECK_SLICE(line, "xx");
    log_reader_clean_up(&reader);
    close(fd);
    free(text);
    scratch_leave(folder);
}

static void test_failure(void)
{
    struct log_reader reader = {.fd = -1};
    struct shared_slice line;
    struct shared_error err;
    CHECK_NUMBER(log_reader_next(&reader, NULL, &line, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "read the log: Bad file descriptor");
    log_reader_clean_up(&reader);
}

int main(void)
{
    CHECK_RUN(test_lines);
    CHECK_RUN(test_parts);
    CHECK_RUN(test_huge_line);
    CHECK_RUN(test_failure);
    return check_report();
}
