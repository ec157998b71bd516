#include "check.h"

#include "base/path.h"

static const struct {
    const char *folder, *name, *joined;
} joins[] = {
    {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {".", "b", "b"},
    {"", "b", "b"},    {"a", "/b", "/b"},  {"a", "", "a/"},  {"..", "b", "../b"},
};

static const struct {
    const char *path, *folder, *base;
} splits[] = {
    {"a", ".", "a"}, {"a/b", "a", "b"}, {"/a", "/", "a"}, {"/a/b", "/a", "b"}, {"a/", "a", ""}, {"", ".", ""},
};

static void test_parts(void)
{
    struct shared_arena arena = {0};
    for (size_t i = 0; i < sizeof(joins) / sizeof(*joins); i++)
        CHECK_TEXT(path_join(&arena, joins[i].folder, joins[i].name), joins[i].joined);
    for (size_t i = 0; i < sizeof(splits) / sizeof(*splits); i++) {
        CHECK_TEXT(path_folder(&arena, splits[i].path), splits[i].folder);
        CHECK_TEXT(path_base(splits[i].path), splits[i].base);
    }
    shared_arena_clean_up(&arena);
}

static const struct {
    const char *place, *why; /* NULL: safe */
} places[] = {
    {"a", NULL},
    {"share/titles.json", NULL},
    {"a b,c;d$e", NULL},
    {"...", NULL},
    {".hidden/..b/c..", NULL},
    {"\xC3\xA9/\xF0\x9F\x8E\xAC", NULL},
    {"", "is empty"},
    {"/a", "is absolute: it must lie in the package"},
    {"a//b", "has an empty part between slashes"},
    {"a/", "has an empty part between slashes"},
    {".", "has a part \".\" or \"..\""},
    {"..", "has a part \".\" or \"..\""},
    {"a/../b", "has a part \".\" or \"..\""},
    {"a/..", "has a part \".\" or \"..\""},
    {"./a", "has a part \".\" or \"..\""},
    {"a\\b", "has a backslash, which unzip tools take for a slash"},
    {"a\nb", "has a control character"},
    {"a\x7F", "has a control character"},
    {"\x1B[31m", "has a control character"},
    {"\xFF", "is not UTF-8"},
    {"\xC0\xAE\xC0\xAE/x", "is not UTF-8"}, /* ".." in too many bytes */
    {"\xED\xA0\x80", "is not UTF-8"},
    {"a\xC3", "is not UTF-8"},
};

static void test_places(void)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        const char *why = "untouched";
        CHECK_ROW(places[i].place);
        CHECK(path_is_safe_place(places[i].place, &why) == !places[i].why);
        CHECK_TEXT(why, places[i].why);
    }
}

static void test_longest_place(void)
{
    char place[4098];
    const char *why;
    memset(place, 'a', sizeof(place));
    place[4096] = '\0';
    CHECK(path_is_safe_place(place, &why));
    place[4096] = 'a';
    place[4097] = '\0';
    CHECK(!path_is_safe_place(place, &why));
    CHECK_TEXT(why, "is longer than 4,096 bytes");
}

int main(void)
{
    CHECK_RUN(test_parts);
    CHECK_RUN(test_places);
    CHECK_RUN(test_longest_place);
    return check_report();
}
