#include "check.h"
#include "scratch.h"

#include "limit/limit.h"

static struct shared_arena arena;
static struct shared_error err;
static struct limit_region region;

/* What the command prints, other fields included. */
static const char real[] = "{\n"
                           "    \"AccountLimit\": {\n"
                           "        \"TotalCodeSize\": 80530636800,\n"
                           "        \"CodeSizeUnzipped\": 262144000,\n"
                           "        \"CodeSizeZipped\": 52428800,\n"
                           "        \"ConcurrentExecutions\": 1000,\n"
                           "        \"UnreservedConcurrentExecutions\": 1000\n"
                           "    },\n"
                           "    \"AccountUsage\": {\n"
                           "        \"TotalCodeSize\": 9426,\n"
                           "        \"FunctionCount\": 8\n"
                           "    }\n"
                           "}\n";

static void test_real(void)
{
    scratch_file("account.json", real);
    CHECK_NUMBER(limit_region_read("account.json", &arena, &region, &err), 0);
    CHECK(region.limit_bytes == 80530636800);
    CHECK_NUMBER(region.used_bytes, 9426);
    CHECK_NUMBER(region.functions, 8);
    CHECK_NUMBER(region.concurrency, 1000);
    CHECK_TEXT(region.account, "account.json");
}

static void test_bad_files(void)
{
    scratch_folder("folder");
    CHECK_NUMBER(limit_region_read("none.json", &arena, &region, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open none.json: No such file");
    CHECK_NUMBER(limit_region_read("folder", &arena, &region, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "folder is a folder, not a file");
    CHECK_NUMBER(limit_region_read("/dev/zero", &arena, &region, &err), SHARED_EIO);
    SCRATCH_NEED(truncate("account.json", 2 << 20) == 0);
    CHECK_NUMBER(limit_region_read("account.json", &arena, &region, &err), SHARED_ETOOBIG);
}

static int parse(const char *text)
{
    err = (struct shared_error){0};
    return limit_region_parse("a.json", text, strlen(text), &region, &err);
}

#define WITH(number)                               \
    "{\"AccountLimit\":{\"TotalCodeSize\":" number \
    "},\"AccountUsage\":{\"TotalCodeSize\":1,\"FunctionCount\":2}}"

static void test_bad_content(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"", "a.json: not JSON"},
        {"{", "a.json: not JSON"},
        {WITH("1") " x", "a.json: not JSON"},
        {"[]", "a.json: expected an object"},
        {"7", "a.json: expected an object"},
        {"{}",
         "a.json: AccountLimit is missing: expected an object, as made by aws lambda get-account-settings"},
        {"{\"AccountLimit\":3}", "AccountLimit is no object"},
        {"{\"AccountLimit\":{}}", "AccountLimit.TotalCodeSize is missing: expected a whole number"},
        {"{\"AccountLimit\":{\"TotalCodeSize\":1}}", "AccountUsage is missing"},
        {"{\"AccountLimit\":{\"TotalCodeSize\":1},\"AccountUsage\":{\"TotalCodeSize\":1}}",
         "AccountUsage.FunctionCount is missing"},
        {WITH("\"1\""), "AccountLimit.TotalCodeSize is a text: expected a whole number from 0 to 2^53"},
        {WITH("-1"), "AccountLimit.TotalCodeSize is -1: expected a whole number from 0 to 2^53"},
        {WITH("1.5"), "is 1.5: expected"},
        {WITH("1e400"), "is inf: expected"},
        {WITH("9007199254740994"), "is 9007199254740994: expected"},
        {WITH("1,\"ConcurrentExecutions\":-1"), "AccountLimit.ConcurrentExecutions is -1: expected"},
        {WITH("null"), "is no number: expected"},
        {WITH("true"), "is no number: expected"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].text);
        CHECK_NUMBER(parse(table[i].text), SHARED_EINVAL);
        CHECK_MESSAGE(&err, table[i].message);
    }
    CHECK_ROW(NULL);
    CHECK_NUMBER(parse(WITH("9007199254740992")), 0);
    CHECK_NUMBER(region.concurrency, 0);
    CHECK(region.limit_bytes == 9007199254740992);
    CHECK_NUMBER(parse("\xEF\xBB\xBF" WITH("1")), 0);
    CHECK_NUMBER(limit_region_parse("a.json", WITH("1") "\0x", sizeof(WITH("1")) + 1, &region, &err),
                 SHARED_EINVAL);
}

static void test_deep_nesting(void)
{
    enum { DEPTH = 500000 };
    char *text = shared_arena_alloc(&arena, DEPTH + 1);
    memset(text, '[', DEPTH);
    text[DEPTH] = '\0';
    CHECK_NUMBER(parse(text), SHARED_EINVAL);
}

int main(void)
{
    const char *folder = scratch_enter();
    shared_arena_init(&arena);
    CHECK_RUN(test_real);
    CHECK_RUN(test_bad_files);
    CHECK_RUN(test_bad_content);
    CHECK_RUN(test_deep_nesting);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    return check_report();
}
