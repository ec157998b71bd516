#include "check.h"

#include "template/template.h"
#include "template/yaml_text.h"

#include <stdlib.h>

static struct shared_arena arena;
static struct shared_error err;

static void test_yaml_text(void)
{
    static const struct {
        const char *text, *written;
    } table[] = {
        {"", "\"\""},
        {"yes", "\"yes\""},
        {"0123", "\"0123\""},
        {"a: b # c", "\"a: b # c\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"a\n\tb\r", "\"a\\n\\tb\\u000D\""},
        {"\x01\x7F", "\"\\u0001\\u007F\""},
        {"\xC2\x85\xC2\x9F\xC2\xA0", "\"\\u0085\\u009F\xC2\xA0\""},
        {"\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF", "\"\\u2028\\u2029\\uFEFF\""},
        {"\xC3\xA9\xE2\x82\xAC", "\"\xC3\xA9\xE2\x82\xAC\""},
        {"\xF0\x9F\x98\x80", "\"\\U0001F600\""},
        {"\xEF\xBF\xBE\xEF\xBF\xBD", "\"\\uFFFE\xEF\xBF\xBD\""},
        {"a\xFF", "\"a?\""},
        {"${x} {{resolve:ssm:y}} %", "\"${x} {{resolve:ssm:y}} %\""},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        if (!CHECK(out != NULL))
            return;
        yaml_text(out, table[i].text);
        fclose(out);
        CHECK_TEXT(text, table[i].written);
        free(text);
    }
}

static void test_ids(void)
{
    static const char *const names[] = {"video-api", "a", "A", "9x", "video_api", "-_", "videoApi", "Video"};
    const char **ids = template_ids(names, 8, "Function", &arena);
    if (!CHECK(ids != NULL))
        return;
    CHECK_TEXT(ids[0], "VideoApiFunction");
    CHECK_TEXT(ids[2], "AFunction"); /* "A" comes before "a" */
    CHECK(strncmp(ids[1], "AFunction", 9) == 0 && strlen(ids[1]) == 9 + 32);
    CHECK_TEXT(ids[3], "9xFunction");
    CHECK(strncmp(ids[4], "VideoApiFunction", 16) == 0 && strlen(ids[4]) == 16 + 32);
    CHECK_TEXT(ids[5], "Function");
    CHECK(strlen(ids[6]) == 16 + 32 && strcmp(ids[6], ids[4]) != 0);
    CHECK_TEXT(ids[7], "VideoFunction");
    /* The first by name keeps its id, whatever the order they come in. */
    static const char *const other[] = {"video_api", "video-api"};
    const char **same = template_ids(other, 2, "Function", &arena);
    CHECK(same && strcmp(same[0], ids[4]) == 0 && strcmp(same[1], ids[0]) == 0);
    CHECK(template_ids(NULL, 0, "Layer", &arena) != NULL);
}

static void test_paths(void)
{
    static const struct {
        const char *folder, *path, *relative;
    } table[] = {
        {"/a/b", "/a/b/dist/x.zip", "dist/x.zip"},
        {"/a/b/", "/a/b/dist/x.zip", "dist/x.zip"},
        {"/a/b/deploy", "/a/b/dist/x.zip", "../dist/x.zip"},
        {"/a/bc", "/a/b/x.zip", "../b/x.zip"},
        {"/a/b", "/a/bc/x.zip", "../bc/x.zip"},
        {"/", "/x.zip", "x.zip"},
        {"/", "/a/x.zip", "a/x.zip"},
        {"/a/b/c", "/x.zip", "../../../x.zip"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].folder);
        CHECK_TEXT(relative_path(table[i].folder, table[i].path, &arena), table[i].relative);
    }
    CHECK_ROW(NULL);
}

static void test_config(void)
{
    struct manifest manifest = {.name = "my_api"};
    struct shared_slice text;
    CHECK_NUMBER(template_config_make(&manifest, &arena, &text, &err), 0);
    CHECK(strncmp(text.data, TEMPLATE_MARK, strlen(TEMPLATE_MARK)) == 0);
    CHECK(strstr(text.data, "\nstack_name = \"my-api\"\n") && strstr(text.data, "\nresolve_s3 = true\n"));
    manifest.s3_bucket = "packages.example";
    CHECK_NUMBER(template_config_make(&manifest, &arena, &text, &err), 0);
    CHECK(strstr(text.data, "\ns3_bucket = \"packages.example\"\ns3_prefix = \"my-api\"\n"));
    CHECK(!strstr(text.data, "resolve_s3"));
    CHECK_TEXT(template_stack_name("9lives", &arena), "stack-9lives");
    CHECK_TEXT(template_stack_name("_x", &arena), "stack--x");
}

int main(void)
{
    CHECK_RUN(test_yaml_text);
    CHECK_RUN(test_ids);
    CHECK_RUN(test_paths);
    CHECK_RUN(test_config);
    shared_arena_clean_up(&arena);
    return check_report();
}
