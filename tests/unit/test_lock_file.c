/* demine.lock.json: what is written is read back, and what is wrong is said with its line. */
#include "check.h"

#include "layer/lock_file.h"
#include "layer/lock_value.h"

#include <shared/arena.h>

#include <stdlib.h>
#include <unistd.h>

#define SHA_A "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define SHA_B "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
#define HASH_A "00112233445566778899aabbccddeeff"
#define HASH_B "ffeeddccbbaa99887766554433221100"

#define HEAD "{\n  \"format\": 1,\n  \"project\": \"video\",\n  \"architecture\": \"x86_64\",\n"
#define FUNCTIONS                                    \
    "  \"functions\": {\n"                           \
    "    \"catalog\": {\n"                           \
    "      \"zip_bytes\": 100,\n"                    \
    "      \"sha256\": \"" SHA_A "\",\n"             \
    "      \"content\": \"" HASH_A "\",\n"           \
    "      \"unzipped_bytes\": 300,\n"               \
    "      \"layers\": [\"video-2\", \"video-1\"]\n" \
    "    },\n"                                       \
    "    \"playback\": {\n"                          \
    "      \"zip_bytes\": 0,\n"                      \
    "      \"sha256\": \"" SHA_B "\",\n"             \
    "      \"content\": \"" HASH_B "\",\n"           \
    "      \"unzipped_bytes\": 1099511627776,\n"     \
    "      \"layers\": []\n"                         \
    "    }\n"                                        \
    "  },\n"
#define LAYERS                                                                                              \
    "  \"layers\": {\n"                                                                                     \
    "    \"video-1\": {\n"                                                                                  \
    "      \"zip_bytes\": 10,\n"                                                                            \
    "      \"sha256\": \"" SHA_A "\",\n"                                                                    \
    "      \"content\": \"" HASH_B "\",\n"                                                                  \
    "      \"unzipped_bytes\": 20,\n"                                                                       \
    "      \"items\": [\n"                                                                                  \
    "        {\"place\": \"lib/libpng16.so.16\", \"digest\": \"" HASH_A                                     \
    "\", \"zip_bytes\": 1, \"unzipped_bytes\": 2, \"shadowed\": true},\n"                                   \
    "        {\"place\": \"share/\\\"x\\\" \xC3\xA9.json\", \"digest\": \"" HASH_B                          \
    "\", \"zip_bytes\": 3, \"unzipped_bytes\": 4}\n"                                                        \
    "      ]\n"                                                                                             \
    "    },\n"                                                                                              \
    "    \"video-2\": {\n"                                                                                  \
    "      \"zip_bytes\": 11,\n"                                                                            \
    "      \"sha256\": \"" SHA_B "\",\n"                                                                    \
    "      \"content\": \"" HASH_A "\",\n"                                                                  \
    "      \"unzipped_bytes\": 21,\n"                                                                       \
    "      \"items\": [\n"                                                                                  \
    "        {\"place\": \"bin/x\", \"digest\": \"" HASH_B "\", \"zip_bytes\": 5, \"unzipped_bytes\": 6}\n" \
    "      ]\n"                                                                                             \
    "    }\n"                                                                                               \
    "  },\n"
#define CHANGES                                                           \
    "  \"changes\": {\n"                                                  \
    "    \"bin/x\": {\"count\": 7, \"digest\": \"" HASH_A "\"},\n"        \
    "    \"lib/libz.so.1\": {\"count\": 0, \"digest\": \"" HASH_B "\"}\n" \
    "  },\n"
#define LEDGER                                                                                           \
    "  \"ledger\": [\n"                                                                                  \
    "    {\"date\": \"2025-12-31\", \"kind\": \"function\", \"name\": \"catalog\", \"zip_bytes\": 90, "  \
    "\"sha256\": \"" SHA_B "\"},\n"                                                                      \
    "    {\"date\": \"2025-12-31\", \"kind\": \"function\", \"name\": \"catalog\", \"zip_bytes\": 100, " \
    "\"sha256\": \"" SHA_A "\", \"layers\": \"" HASH_A "\"},\n"                                          \
    "    {\"date\": \"2026-02-28\", \"kind\": \"layer\", \"name\": \"video-1\", \"zip_bytes\": 10, "     \
    "\"sha256\": \"" SHA_A "\"}\n"                                                                       \
    "  ]\n"
static const char whole[] = HEAD FUNCTIONS LAYERS CHANGES LEDGER "}\n";
static const char empty[] =
    HEAD "  \"functions\": {},\n  \"layers\": {},\n  \"changes\": {},\n  \"ledger\": []\n}\n";

static struct shared_arena arena;

static int parse(const char *text, struct lock_file *lock, struct shared_error *err)
{
    return lock_file_parse("demine.lock.json", shared_slice_from_text(text), &arena, lock, err);
}

static void test_read(void)
{
    struct lock_file lock;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(parse(whole, &lock, &err), 0))
        fprintf(stderr, "%s\n", err.text);
    CHECK_TEXT(lock.project, "video");
    CHECK_TEXT(lock.architecture, "x86_64");
    CHECK_NUMBER(lock.function_count, 2);
    CHECK_NUMBER(lock.functions[0].layer_count, 2);
    CHECK_TEXT(lock.functions[0].layers[1], "video-1");
    CHECK_NUMBER(lock.functions[1].zip.unzipped_bytes, 1099511627776);
    CHECK_TEXT(lock.functions[1].zip.sha256, SHA_B);
    CHECK_NUMBER(lock.functions[1].zip.content.bytes[1], 0xEE);
    CHECK_NUMBER(lock.layer_count, 2);
    CHECK_TEXT(lock.layers[0].items[1].place, "share/\"x\" \xC3\xA9.json");
    CHECK(lock.layers[0].items[0].shadowed && !lock.layers[0].items[1].shadowed);
    CHECK_NUMBER(lock.layers[1].items[0].changes, 7);
    CHECK_NUMBER(lock.layers[0].items[0].changes, 0);
    CHECK_NUMBER(lock.ledger_count, 3);
    CHECK_NUMBER(lock.ledger[1].zip_bytes, 100);
    CHECK(!lock.ledger[0].attached.known && lock.ledger[1].attached.known);
    CHECK_TEXT(lock.ledger[1].attached.digest, HASH_A);
    CHECK_NUMBER(lock.ledger[2].kind, LOCK_LAYER);
    CHECK_TEXT(lock.ledger[2].date, "2026-02-28");
    CHECK(lock_find_layer(&lock, "video-2") == &lock.layers[1] && !lock_find_layer(&lock, "video-3"));
    CHECK(lock_find_function(&lock, "catalog") == &lock.functions[0]);
    CHECK_NUMBER(lock_find_change(&lock, "lib/libz.so.1")->digest.bytes[0], 0xFF);
}

static void test_round_trip(void)
{
    static const char *const texts[] = {whole, empty};
    for (size_t i = 0; i < 2; i++) {
        struct lock_file lock;
        CHECK_NUMBER(parse(texts[i], &lock, NULL), 0);
        CHECK_SLICE(lock_file_text(&lock, &arena), texts[i]);
    }
}

/* Written by other tools: no blanks, other order of members, escapes that need not be. */
static void test_other_layout(void)
{
    struct lock_file lock;
    CHECK_NUMBER(parse("{\"format\":1,\"ledger\":[],\"layers\":{\"l\":{\"items\":[{\"digest\":\"" HASH_A
                       "\",\"place\":\"a\\u00e9\\ud83c\\udfac\\/b\",\"unzipped_bytes\":1,\"zip_bytes\":2}],"
                       "\"sha256\":\"" SHA_A "\",\"content\":\"" HASH_A
                       "\",\"zip_bytes\":1,\"unzipped_bytes\":1}},"
                       "\"changes\":{},\"functions\":{},\"architecture\":\"arm64\",\"project\":\"p\"}",
                       &lock, NULL),
                 0);
    CHECK_TEXT(lock.layers[0].items[0].place, "a\xC3\xA9\xF0\x9F\x8E\xAC/b");
    CHECK_TEXT(lock.architecture, "arm64");
}

/* Two sides of a merge, put one after the other. */
static void test_ledger_order(void)
{
    struct lock_file lock;
    static const char *const lines[] = {"{\"date\": \"2026-03-01\", \"kind\": \"layer\", \"name\": \"b\"",
                                        "{\"date\": \"2026-03-01\", \"kind\": \"function\", \"name\": \"b\"",
                                        "{\"date\": \"2026-01-01\", \"kind\": \"layer\", \"name\": \"a\"",
                                        "{\"date\": \"2026-03-01\", \"kind\": \"function\", \"name\": \"b\""};
    char text[2000];
    char *p = stpcpy(text, HEAD "  \"functions\": {}, \"layers\": {}, \"changes\": {}, \"ledger\": [");
    for (size_t i = 0; i < 4; i++)
        p += sprintf(p, "%s%s, \"zip_bytes\": %zu, \"sha256\": \"" SHA_A "\"}", i ? ", " : "", lines[i], i);
    strcpy(p, "]}");
    CHECK_NUMBER(parse(text, &lock, NULL), 0);
    static const uint64_t order[] = {2, 1, 3, 0};
    for (size_t i = 0; i < 4; i++)
        CHECK_NUMBER(lock.ledger[i].zip_bytes, order[i]);
}

/* The text with the first of one word replaced by another one. */
static const char *changed(const char *from, const char *to)
{
    const char *at = strstr(whole, from);
    if (!CHECK(at != NULL))
        exit(2);
    return shared_arena_format(&arena, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
}

static void test_wrong(void)
{
    static const struct {
        const char *from, *to, *message;
    } rows[] = {
        {"100,", "1e2,",
         ":7: functions.catalog.zip_bytes: found 1e2, expected a whole number from 0 to 10995"},
        {"100,", "-1,", ":7: functions.catalog.zip_bytes: found -1, expected"},
        {"100,", "1099511627777,", "expected a whole number from 0 to 1099511627776"},
        {"100,", "\"100\",", "found \"100\", expected"},
        {"100,", "100", ":8: functions.catalog.zip_bytes: found \"sha256\", expected a comma or }"},
        {"\"zip_bytes\": 100,", "", ":6: functions.catalog: has no \"zip_bytes\""},
        {"zip_bytes", "zip_byte",
         ":7: functions.catalog.zip_byte: is no key of a lock (\"zip_bytes\" is); restore"},
        {"\"zip_bytes\": 100", "\"zip_bytes\": 100, \"zip_bytes\": 100",
         ":7: functions.catalog.zip_bytes: stands here twice"},
        {"\"project\"", "\"x\\u001b[31m\xC2\x9B\": 1, \"project\"", "is no key of a lock; restore"},
        {"\"video\"", "\"vi deo\"", ":3: project: \"vi deo\" must be 1 to 64 letters"},
        {"x86_64", "mips", ":4: architecture: \"mips\" must be x86_64 or arm64"},
        {SHA_A, SHA_A "=", ":8: functions.catalog.sha256: must be a SHA-256 in base64, 44 characters"},
        {"SuFU=", "SuFV=", "must be a SHA-256"},
        {"aabb", "AABB", ":9: functions.catalog.content: must be 32 hex digits in lower case"},
        {"aabb", "aab", "must be 32 hex digits"},
        {"\"video-2\", ", "\"video-1\", ", ":11: functions.catalog.layers[1]: stands here twice"},
        {"\"video-2\", ", "\"video-9\", ", ":11: functions.catalog.layers: there is no layer \"video-9\""},
        {"\"playback\"", "\"catalog\"", ":13: functions.catalog: must stand before \"catalog\""},
        {"\"playback\"", "\"a\"", ":13: functions.a: must stand before \"catalog\""},
        {"\"playback\"", "\"play back\"", ":13: functions[\"play back\"]: the name must be 1 to 64 letters"},
        {"lib/libpng16", "/libpng16", ":28: layers.video-1.items[0].place: \"/libpng16.so.16\" is absolute"},
        {"lib/libpng16", "lib/../x", "has a part \".\" or \"..\""},
        {"lib/libpng16", "lib\\u000a", "has a control character"},
        {"lib/libpng16", "lib\xFF", "is not UTF-8"},
        {"lib/libpng16", "lib\\u0000", ":28: a string holds \\u0000"},
        {"lib/libpng16.so.16", "z", ":29: layers.video-1.items[1]: must stand before \"z\""},
        {"true}", "1}", "layers.video-1.items[0].shadowed: found 1, expected true or false"},
        {"6}", "6, \"kind\": 1}", "layers.video-2.items[0].kind: is no key of a lock; restore"},
        {"\"items\": [", "\"items\": [], \"item\": [",
         ":27: layers.video-1.items: is empty; a layer has one item"},
        {"2025-12-31", "2025-02-29", ":47: ledger[0].date: must be a date, as 2026-11-23"},
        {"\"kind\": \"function\"", "\"kind\": \"layers\"",
         "ledger[0].kind: must be \"function\" or \"layer\""},
        {"\"name\": \"catalog\"", "\"name\": \"cata.log\"",
         "ledger[0].name: \"cata.log\" must be 1 to 140 letters"},
        {"\"layers\": \"" HASH_A, "\"layers\": \"x",
         "ledger[1].layers: must be 32 hex digits in lower case, or \"\""},
        {"\"layer\", \"name\"", "\"layer\", \"layers\": \"\", \"name\"",
         "ledger[2]: a layer has no \"layers\""},
        {"\"count\": 7", "\"count\": 9007199254740993", "changes[\"bin/x\"].count: found 9007199254740993"},
        {"\"bin/x\": {", "\"z/x\": {", ":44: changes[\"lib/libz.so.1\"]: must stand before \"z/x\""},
        {"\"format\": 1,", "", ":3: this is no lock of demine: a lock begins with \"format\""},
        {"\"format\": 1", "\"format\": \"1\"", ":2: format: found \"1\", expected a whole number"},
        {"  \"layers\": {\n", "<<<<<<< HEAD\n  \"layers\": {\n", ":21: a merge conflict: take one side"},
        {"  \"ledger\"", "=======\n  \"ledger\"", ":46: a merge conflict"},
        {"  \"ledger\"", ">>>>>>> other\n  \"ledger\"", ":46: a merge conflict"},
        {"  \"ledger\"", " <<<<<<< other\n  \"ledger\"", ":46: a character that JSON does not have"},
        {"  \"ledger\"", "  // the ledger\n  \"ledger\"", ":46: a character that JSON does not have"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct lock_file lock;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(parse(changed(rows[i].from, rows[i].to), &lock, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, "demine.lock.json:");
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(strpbrk(err.text, "\x1b\n") == NULL);
        CHECK(!lock.project && lock.function_count == 0);
    }
}

/* A lock of as many layers, all attached to one function. */
static const char *with_layers(size_t count)
{
    const char *names = "", *layers = "";
    for (size_t i = 0; i < count; i++) {
        const char *comma = i ? ", " : "";
        names = shared_arena_format(&arena, "%s%s\"l%02zu\"", names, comma, i);
        layers = shared_arena_format(&arena,
                                     "%s%s\"l%02zu\": {\"zip_bytes\": 1, \"sha256\": \"" SHA_A
                                     "\", \"content\": \"" HASH_A
                                     "\", \"unzipped_bytes\": 1, \"items\": [{\"place\": \"a\", "
                                     "\"digest\": \"" HASH_A "\", \"zip_bytes\": 1, \"unzipped_bytes\": 1}]}",
                                     layers, comma, i);
    }
    return shared_arena_format(&arena,
                               HEAD "\"functions\": {\"f\": {\"zip_bytes\": 1, \"sha256\": \"" SHA_A
                                    "\", \"content\": \"" HASH_A
                                    "\", \"unzipped_bytes\": 1, \"layers\": [%s]}}, \"layers\": {%s}, "
                                    "\"changes\": {}, \"ledger\": []}",
                               names, layers);
}

/* No function attaches more layers than a planner would; so no name is compared with many. */
static void test_most_layers(void)
{
    struct lock_file lock;
    struct shared_error err = {0};
    CHECK_NUMBER(parse(with_layers(16), &lock, &err), 0);
    CHECK_NUMBER(lock.functions[0].layer_count, 16);
    CHECK_NUMBER(parse(with_layers(17), &lock, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err,
                  "demine.lock.json:5: functions.f.layers[16]: is one too many: demine attaches at most "
                  "16 layers to a function; restore the lock");
}

static void test_wrong_whole(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", ":1: the text ends too early: an object is missing"},
        {"\n\n[]", ":3: found [, expected an object"},
        {"{}", ":1: this is no lock of demine"},
        {"{\"name\": \"p\"}", ":1: this is no lock of demine"},
        {"{\"format\": 1, \"project\": \"p\",}",
         ":1: project: a comma before the closing }; restore the lock as last committed"},
        {"{\"format\": 1} 7", "has no \"project\""},
        {"{\"format\": 1, \"functions\": {\"a\": [[[[", "functions.a: found [, expected an object"},
        {"{\"format\": 1, 7", "found 7, expected a name in double quotes"},
        {"{\"format\": 1, \"ledger\" 7", "ledger: found 7, expected a colon after the name"},
        {"\xEF\xBB\xBF{}", ":1: a character that JSON does not have"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct lock_file lock;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(parse(rows[i].text, &lock, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
    }
    struct lock_file lock;
    struct shared_error err = {0};
    char *text = shared_arena_format(&arena, "%sx", whole);
    CHECK_NUMBER(parse(text, &lock, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "demine.lock.json:52: a word that is neither");
    for (size_t size = 0; size < sizeof(whole) - 2; size++)
        CHECK(lock_file_parse("l", shared_slice_of(whole, size), &arena, &lock, NULL) == SHARED_EINVAL);
}

static void test_newer(void)
{
    struct lock_file lock;
    struct shared_error err = {0};
    CHECK_NUMBER(parse("{\n\"format\": 2, \"newer\": [1.5, null]}", &lock, &err), SHARED_EUNSUPPORTED);
    CHECK_NUMBER(err.code, SHARED_EUNSUPPORTED);
    CHECK_MESSAGE(&err,
                  "demine.lock.json:2: format: is 2, this demine reads 1: use the demine that wrote it");
}

static void test_file(void)
{
    char path[] = "/tmp/test_lock_fileXXXXXX";
    struct lock_file lock, again;
    struct shared_error err = {0};
    if (!CHECK(mkdtemp(path) != NULL))
        return;
    const char *file = shared_arena_format(&arena, "%s/demine.lock.json", path);
    const char *link = shared_arena_format(&arena, "%s/link.json", path);
    CHECK_NUMBER(lock_file_read(file, &arena, &lock, &err), 0);
    CHECK(!lock.project && lock.ledger_count == 0);
    CHECK_NUMBER(parse(whole, &lock, NULL), 0);
    CHECK_NUMBER(symlink("demine.lock.json", link), 0);
    CHECK_NUMBER(lock_file_write(file, &lock, &arena, &err), 0);
    CHECK_NUMBER(lock_file_read(link, &arena, &again, &err), 0);
    CHECK_SLICE(lock_file_text(&again, &arena), whole);
    /* Unchanged, it is not written; so a folder that nobody may write to is no obstacle. */
    CHECK_NUMBER(lock_file_write(link, &lock, &arena, &err), 0);
    CHECK(access(link, F_OK) == 0);
    lock.ledger_count = 0;
    CHECK_NUMBER(lock_file_write(link, &lock, &arena, &err), 0);
    CHECK_NUMBER(lock_file_read(file, &arena, &again, &err), 0);
    CHECK_NUMBER(again.ledger_count, 0);
    /* What would be refused when it is read is not written. */
    lock.layers[0].items[0].place = "share/sub/";
    CHECK_NUMBER(lock_file_write(file, &lock, &arena, &err), SHARED_EINVAL);
    CHECK(strstr(err.text, "is left as it was, for demine could not read it again: "));
    CHECK(strstr(err.text, "\"share/sub/\" has an empty part"));
    CHECK_NUMBER(lock_file_read(file, &arena, &again, &err), 0);
    CHECK_NUMBER(again.ledger_count, 0);
    CHECK_NUMBER(unlink(file), 0);
    CHECK_NUMBER(lock_file_read(path, &arena, &again, &err), SHARED_EIO);
    CHECK_NUMBER(lock_file_read("/dev/null", &arena, &again, &err), SHARED_EIO);
    CHECK_NUMBER(unlink(link), 0);
    CHECK_NUMBER(rmdir(path), 0);
}

static void test_values(void)
{
    static const char *const dates[] = {"1970-01-01", "2000-02-29", "2024-02-29", "9999-12-31"};
    static const char *const no_dates[] = {
        "1969-12-31", "1900-02-29", "2026-02-29", "2026-04-31", "2026-00-01",  "2026-13-01", "2026-01-00",
        "2026-1-01",  "2026-01-1",  "2026/01/01", "",           "2026-01-01 ", "-026-01-01"};
    for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
        CHECK(lock_date_is_valid(shared_slice_from_text(dates[i])));
    for (size_t i = 0; i < sizeof(no_dates) / sizeof(*no_dates); i++)
        CHECK(!lock_date_is_valid(shared_slice_from_text(no_dates[i])));
    CHECK(lock_sha256_is_valid(shared_slice_from_text(SHA_A)));
    CHECK(!lock_sha256_is_valid(shared_slice_of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5\0MpJWZG3hSuFU=", 44)));
    struct hash hash;
    CHECK(!lock_hash_read(shared_slice_of("00112233445566778899aabbccddee\0f", 32), &hash));
}

int main(void)
{
    CHECK_RUN(test_read);
    CHECK_RUN(test_round_trip);
    CHECK_RUN(test_other_layout);
    CHECK_RUN(test_ledger_order);
    CHECK_RUN(test_wrong);
    CHECK_RUN(test_most_layers);
    CHECK_RUN(test_wrong_whole);
    CHECK_RUN(test_newer);
    CHECK_RUN(test_file);
    CHECK_RUN(test_values);
    shared_arena_clean_up(&arena);
    return check_report();
}
