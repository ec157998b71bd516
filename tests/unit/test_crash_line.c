/* test_crash_line.c - which lines of a log tell of a crash, and of which. */
#include "check.h"

#include "symbolize/crash_line.h"

#include <stdlib.h>

#define CRASH "{\"buildId\":\"0aFF\",\"frames\":[\"0x1a\",\"libc.so.6+0x2b\",\"0x3c?\"]}"

static const struct {
    const char *name;
    const char *line;
    size_t count;
} lines[] = {
    {"alone", CRASH, 1},
    {"with an end", CRASH "\n", 1},
    {"behind a time", "2026-01-31T12:00:00Z\t" CRASH, 1},
    {"behind a brace that opens nothing", "{ {x {\"a\":1} {\"b\": " CRASH, 1},
    {"before more", CRASH " and {more}", 1},
    {"two", CRASH CRASH, 2},
    {"within", "{\"a\":[1,{\"b\":" CRASH "},null]}", 1},
    {"two within", "[" CRASH ",{\"x\":" CRASH "}]", 2},
    {"as a text", "{\"message\":\"x {\\\"buildId\\\":\\\"0aff\\\",\\\"frames\\\":[]}\\n\"}", 1},
    {"cut off", "{\"buildId\":\"0aff\",\"frames\":[\"0x1a\"", 0},
    {"no id", "{\"frames\":[\"0x1a\"],\"buildid\":\"0aff\"}", 0},
    {"no frames", "{\"buildId\":\"0aff\",\"frames\":null}", 0},
    {"an id of an odd number of digits", "{\"buildId\":\"0af\",\"frames\":[]}", 0},
    {"an id that is none", "{\"buildId\":\"0axf\",\"frames\":[]}", 0},
    {"an id that is a number", "{\"buildId\":12,\"frames\":[]}", 0},
    {"frames that are numbers", "{\"buildId\":\"0aff\",\"frames\":[26]}", 0},
    {"a frame without digits", "{\"buildId\":\"0aff\",\"frames\":[\"0x\"]}", 0},
    {"a frame of too many", "{\"buildId\":\"0aff\",\"frames\":[\"0x12345678901234567\"]}", 0},
    {"a frame with more behind", "{\"buildId\":\"0aff\",\"frames\":[\"0x1 \"]}", 0},
    {"an empty id", "{\"buildId\":\"\",\"frames\":[]}", 1},
    {"the largest frame", "{\"buildId\":\"\",\"frames\":[\"0xffffffffffffffff?\"]}", 1},
    {"words", "frames of buildId", 0},
    {"nothing", "", 0},
};

static void test_lines(void)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct shared_arena arena = {0};
        struct crash_records records;
        struct shared_error err;
        CHECK_ROW(lines[i].name);
        CHECK_NUMBER(crash_line_read(shared_slice_from_text(lines[i].line), &arena, &records, &err), 0);
        CHECK_NUMBER(records.count, lines[i].count);
        for (size_t j = 0; j < records.count; j++)
            CHECK(*records.items[j].build_id == '\0' || strcmp(records.items[j].build_id, "0aff") == 0);
        shared_arena_clean_up(&arena);
    }
}

static void test_content(void)
{
    static const char line[] = "{\"requestId\":\"8\",\"message\":\"crash: \\\"x\\\"\",\"buildId\":\"0aFF\","
                               "\"frames\":[\"0x1a\",\"libc.so.6+0x2b\",\"0x3c?\",\"?+0x0\"]}";
    struct shared_arena arena = {0};
    struct crash_records records;
    CHECK_NUMBER(crash_line_read(shared_slice_from_text(line), &arena, &records, NULL), 0);
    if (CHECK_NUMBER(records.count, 1) && CHECK_NUMBER(records.items->frame_count, 4)) {
        const struct crash_frame *frames = records.items->frames;
        CHECK_TEXT(records.items->request_id, "8");
        CHECK_TEXT(records.items->message, "crash: \"x\"");
        CHECK(frames[0].in_program && !frames[0].guessed);
        CHECK_NUMBER(frames[0].address, 0x1a);
        CHECK(!frames[1].in_program && !frames[1].guessed);
        CHECK_TEXT(frames[1].text, "libc.so.6+0x2b");
        CHECK(frames[2].in_program && frames[2].guessed);
        CHECK_NUMBER(frames[2].address, 0x3c);
        CHECK(!frames[3].in_program && !frames[3].guessed);
    }
    shared_arena_clean_up(&arena);
}

/* A NUL, or bytes that are no UTF-8, end nothing that stands after them. */
static void test_any_bytes(void)
{
    static const char line[] = "\0\xff{\"a\0\":{\x80\"buildId\"" CRASH "\0";
    struct shared_arena arena = {0};
    struct crash_records records;
    CHECK_NUMBER(crash_line_read(shared_slice_of(line, sizeof(line)), &arena, &records, NULL), 0);
    CHECK_NUMBER(records.count, 1);
    shared_arena_clean_up(&arena);
}

/* A line that is made so that each of its braces is parsed to the end takes its time, but not for ever. */
static void test_hostile(void)
{
    enum { BRACES = 900, REST = 1 << 20 };
    struct shared_arena arena = {0};
    struct crash_records records;
    char *line = malloc(5 * BRACES + REST + 16), *at = line;
    for (int i = 0; i < BRACES; i++)
        at = stpcpy(at, "{\"a\":");
    *at++ = '[';
    for (int i = 0; i < REST / 2; i++)
        at = stpcpy(at, "1,");
    at = stpcpy(at, "buildId");
    CHECK_NUMBER(crash_line_read(shared_slice_of(line, (size_t)(at - line)), &arena, &records, NULL), 0);
    CHECK_NUMBER(records.count, 0);
    shared_arena_clean_up(&arena);
    free(line);
}

int main(void)
{
    CHECK_RUN(test_lines);
    CHECK_RUN(test_content);
    CHECK_RUN(test_any_bytes);
    CHECK_RUN(test_hostile);
    return check_report();
}
