/* test_titles.c - the sample's catalogue: reading it, finding in it, choosing a rendition. */
#include "check.h"
#include "rendition.h"
#include "titles.h"

#include <stdlib.h>

#define GOOD                                                                                                  \
    "[{\"id\":\"a\",\"title\":\"Häxan\",\"year\":1922,\"genres\":[\"horror\"],\"directors\":[\"Méliès\"]," \
    "\"renditions\":[240,480],\"available_until\":\"1970-01-02\"},"                                           \
    "{\"id\":\"b\",\"title\":\"Ünder\",\"original_title\":\"Original\",\"year\":1922,\"genres\":[],"         \
    "\"directors\":[],\"renditions\":[1080]}]"

static int load(struct titles *titles, const char *json, struct shared_error *err)
{
    *titles = (struct titles){0};
    /* A copy of exactly its size, so that reading past its end is seen. */
    size_t size = strlen(json);
    char *copy = malloc(size ? size : 1);
    memcpy(copy, json, size);
    int code = titles_load(titles, shared_slice_of(copy, size), err);
    free(copy);
    return code;
}

static void test_load(void)
{
    struct titles titles;
    struct shared_error err = {0};
    CHECK_NUMBER(load(&titles, GOOD, &err), 0);
    CHECK_NUMBER(titles.count, 2);
    const struct title *title = titles_find(&titles, "b");
    if (CHECK(title)) {
        CHECK_TEXT(title->name, "Ünder");
        CHECK_TEXT(title->original_name, "Original");
        CHECK(!title_expired(title, INT64_MAX - 1));
        CHECK_SLICE(title->json,
                    "{\"id\":\"b\",\"title\":\"Ünder\",\"original_title\":\"Original\",\"year\":1922,"
                    "\"genres\":[],\"directors\":[],\"renditions\":[1080]}");
    }
    CHECK(!titles_find(&titles, "c"));
    CHECK(!titles_find(&titles, ""));
    titles_clean_up(&titles);
    titles_clean_up(&titles);
}

static void test_asset(void)
{
    char text[65536];
    struct titles titles;
    struct shared_error err = {0};
    FILE *file = fopen(TITLES_FILE, "rb");
    if (!CHECK(file != NULL))
        return;
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    CHECK_NUMBER(load(&titles, text, &err), 0);
    CHECK(titles.count >= 60);
    for (size_t i = 0; i < titles.count; i++)
        CHECK(titles_find(&titles, titles.items[i].id) == &titles.items[i]);
    titles_clean_up(&titles);
}

static void test_expiry(void)
{
    static const struct {
        const char *date;
        long long end_s;
    } rows[] = {{"1970-01-01", 86400},        {"1972-02-28", 68169600},    {"1972-02-29", 68256000},
                {"2000-02-29", 951868800},    {"2000-12-31", 978307200},   {"2024-12-31", 1735689600},
                {"2100-02-28", 4107542400LL}, {"2100-03-01", 4107628800LL}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char json[300];
        struct titles titles;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].date);
        snprintf(
            json, sizeof(json),
            "[{\"id\":\"a\",\"title\":\"A\",\"year\":1999,\"genres\":[],\"directors\":[],\"renditions\":[1],"
            "\"available_until\":\"%s\"}]",
            rows[i].date);
        if (CHECK_NUMBER(load(&titles, json, &err), 0)) {
            CHECK(!title_expired(titles.items, rows[i].end_s - 1));
            CHECK(title_expired(titles.items, rows[i].end_s));
        }
        titles_clean_up(&titles);
    }
}

static void test_bad_files(void)
{
#define HEAD "[{\"id\":\"a\",\"title\":\"A\","
#define REST "\"genres\":[],\"directors\":[],\"renditions\":[240]"
    static const struct {
        const char *json, *message;
    } rows[] = {
        {"", "no JSON"},
        {"[{\"id\":", "no JSON"},
        {"{}", "an array of titles"},
        {"[1]", "[0] (no id): id: expected a text"},
        {"[{\"id\":\"\"}]", "id: expected a text"},
        {"[{\"id\":\"a\",\"title\":7}]", "[0] (a): title: expected a text"},
        {HEAD "\"year\":\"1922\"," REST "}]", "year: expected a number"},
        {HEAD "\"year\":1e300," REST "}]", "year: expected a number"},
        {HEAD "\"year\":1922,\"genres\":{},\"directors\":[],\"renditions\":[240]}]",
         "genres: expected an array"},
        {HEAD "\"year\":1922,\"genres\":[1],\"directors\":[],\"renditions\":[240]}]",
         "genres: expected an array"},
        {HEAD "\"year\":1922,\"genres\":[],\"renditions\":[240]}]", "directors: expected an array"},
        {HEAD "\"year\":1922,\"genres\":[],\"directors\":[]}]", "renditions: expected"},
        {HEAD "\"year\":1922,\"genres\":[],\"directors\":[],\"renditions\":[480,240]}]", "ascending"},
        {HEAD "\"year\":1922,\"genres\":[],\"directors\":[],\"renditions\":[1,2,3,4,5,6,7,8,9]}]", "up to 8"},
        {HEAD "\"year\":1922,\"genres\":[],\"directors\":[],\"renditions\":[-1]}]", "ascending"},
        {HEAD "\"year\":1922,\"available_until\":20241231," REST "}]", "available_until: expected a date"},
        {HEAD "\"year\":1922,\"available_until\":\"2024-13-01\"," REST "}]",
         "available_until: expected a date"},
        {HEAD "\"year\":1922,\"available_until\":\"2024-12-00\"," REST "}]",
         "available_until: expected a date"},
        {HEAD "\"year\":1922,\"available_until\":\"2024-2-003\"," REST "}]",
         "available_until: expected a date"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct titles titles;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].json);
        CHECK_NUMBER(load(&titles, rows[i].json, &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
        titles_clean_up(&titles);
    }
}

static void test_select(void)
{
    static const struct {
        const char *name, *value;
        size_t count;
    } rows[] = {
        {"genre", "horror", 1}, {"genre", "Horror", 0}, {"year", "1922", 2},  {"year", "1923", 0},
        {"q", "hÄX", 1},        {"q", "MÉLI", 1},       {"q", "original", 1}, {"q", "ü", 1},
        {"q", "häxane", 0},     {"limit", "1", 2},      {"limit", "100", 2},
    };
    struct titles titles;
    CHECK_NUMBER(load(&titles, GOOD, NULL), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct title *found[TITLE_LIMIT_MAX] = {0};
        struct title_query query = {.limit = TITLE_LIMIT_DEFAULT};
        CHECK_ROW(rows[i].value);
        CHECK_NUMBER(title_query_set(&query, rows[i].name, rows[i].value, NULL), 0);
        CHECK_NUMBER(titles_select(&titles, &query, found), rows[i].count);
        size_t given = rows[i].count < query.limit ? rows[i].count : query.limit;
        CHECK(!given || found[given - 1]);
        CHECK(!found[given]);
    }
    titles_clean_up(&titles);
}

static void test_bad_queries(void)
{
    static const struct {
        const char *name, *value, *message;
    } rows[] = {
        {"year", "", "year: expected"},
        {"year", "1887", "1888 to 2100"},
        {"year", "+1922", "year: expected"},
        {"year", "2101", "1888 to 2100"},
        {"limit", "0", "1 to 100"},
        {"limit", "101", "1 to 100"},
        {"limit", "-1", "limit: expected"},
        {"genre", "", "genre: expected"},
        {"q", "", "q: expected"},
        {"Year", "1922", "unknown"},
        {"", "", "unknown"},
        {"limit", "99999999999999999999", "1 to"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct title_query query = {.limit = TITLE_LIMIT_DEFAULT};
        struct shared_error err = {0};
        CHECK_ROW(rows[i].value);
        CHECK_NUMBER(title_query_set(&query, rows[i].name, rows[i].value, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
    }
}

static void test_rendition(void)
{
    static const char hls[] = "application/vnd.apple.mpegurl, */*", phone[] = "Mozilla/5.0 (…) Mobile/15E148";
    static const struct {
        struct rendition_wish wish;
        const char *file; /* NULL: refused */
    } rows[] = {
        {{0}, "1080p.mp4"},
        {{"720p", NULL, NULL}, "720p.mp4"},
        {{"719p", hls, phone}, "480p.mp4"},
        {{"1p", NULL, NULL}, "480p.mp4"},
        {{"4320p", NULL, NULL}, "1080p.mp4"},
        {{NULL, hls, NULL}, "master.m3u8"},
        {{NULL, "*/*", phone}, "480p.mp4"},
        {{"", NULL, NULL}, NULL},
        {{"p", NULL, NULL}, NULL},
        {{"720", NULL, NULL}, NULL},
        {{"-1p", NULL, NULL}, NULL},
        {{"99999p", NULL, NULL}, NULL},
    };
    struct title title = {.id = "a", .heights = {480, 720, 1080}, .height_count = 3};
    struct shared_arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *file = NULL;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].file);
        int code = rendition_choose(&title, &rows[i].wish, &arena, &file, &err);
        CHECK_NUMBER(code, rows[i].file ? 0 : SHARED_EINVAL);
        if (rows[i].file)
            CHECK_TEXT(file, rows[i].file);
    }
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_load);
    CHECK_RUN(test_asset);
    CHECK_RUN(test_expiry);
    CHECK_RUN(test_bad_files);
    CHECK_RUN(test_select);
    CHECK_RUN(test_bad_queries);
    CHECK_RUN(test_rendition);
    return check_report();
}
