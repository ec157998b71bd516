#include "check.h"
#include "scratch.h"

#include "package/package_python.h"

/* Headers as PEP 552 has them; what follows is of no interest. */
#define MAGIC "\xf3\x0d\x0d\x0a"
#define TIMED                \
    MAGIC "\0\0\0\0"         \
          "\xd9\xad\x04\x6b" \
          "\x28\x00\x00\x00" \
          "code"
#define OF_1980              \
    MAGIC "\0\0\0\0"         \
          "\x00\xa6\xce\x12" \
          "\x28\x00\x00\x00" \
          "code"
#define HASHED       \
    MAGIC "\1\0\0\0" \
          "hashhash" \
          "code"
#define CHECKED      \
    MAGIC "\3\0\0\0" \
          "hashhash" \
          "code"
#define PYTHON_36      \
    "\x33\x0d\x0d\x0a" \
    "\xd9\xad\x04\x6b" \
    "\x28\x00\x00\x00" \
    "longer code"

struct row {
    const char *place;
    const char *bytes;
    size_t size;
    bool stays;
};

#define ROW(place, bytes, stays)               \
    {                                          \
        place, bytes, sizeof(bytes) - 1, stays \
    }

static const struct row rows[] = {
    ROW("__pycache__/app.cpython-313.opt-2.pyc", TIMED, false),
    ROW("__pycache__/app.cpython-313.pyc", TIMED, false),
    ROW("x/__pycache__/checked.pyc", CHECKED, true),
    ROW("x/__pycache__/cut.pyc", "\xf3\x0d\x0d\x0a\0\0\0\0\xd9\xad\x04\x6b\x28\x00\x00", true),
    ROW("x/__pycache__/deep/y.pyc", TIMED, true),
    ROW("x/__pycache__/empty.pyc", "", true),
    ROW("x/__pycache__/hashed.pyc", HASHED, true),
    ROW("x/__pycache__/notes.txt", TIMED, true),
    ROW("x/__pycache__/old.pyc", PYTHON_36, true),
    ROW("x/__pycache__/other.pyc", "\xf3\x0d\x0d\x0b\0\0\0\0\xd9\xad\x04\x6b\x28\x00\x00\x00", true),
    ROW("x/__pycache__/timed.cpython-313.pyc", TIMED, false),
    ROW("x/__pycache__/zipped.pyc", OF_1980, true),
    ROW("x/alone.pyc", TIMED, true),
    ROW("x/my__pycache__/y.pyc", TIMED, true),
    ROW("x/timed.py", "import x\n", true),
};

#define COUNT (sizeof(rows) / sizeof(*rows))

static struct package_entry entries[COUNT + 1];
static char sources[COUNT][16];

/* A package of the rows; a function's runtime, and a symlink's target, NULL for none. */
static struct package_stale drop(const char *runtime, const char *link, struct package *package)
{
    struct manifest_function function = {.name = "f", .runtime = runtime};
    const struct manifest manifest = {.functions = &function, .function_count = 1};
    struct package_stale stale = {9, 9};
    *package = (struct package){.entries = entries, .count = COUNT};
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(sources[i], sizeof(sources[i]), "%zu", i);
        scratch_bytes(sources[i], rows[i].bytes, rows[i].size);
        entries[i] = (struct package_entry){
            .place = rows[i].place, .source = sources[i], .kind = PACKAGE_FILE, .size_bytes = rows[i].size};
        package->unzipped_bytes += rows[i].size;
    }
    if (link)
        entries[package->count++] = (struct package_entry){
            .place = "z", .source = "z", .target = link, .kind = PACKAGE_SYMLINK, .size_bytes = 1};
    CHECK_NUMBER(package_drop_stale(&manifest, 3, package, &stale, NULL), 0);
    return stale;
}

static void test_what_stays(void)
{
    struct package package;
    char *folder = scratch_enter();
    const struct package_stale stale = drop("python3.13", "x", &package);
    CHECK_NUMBER(stale.files, 3);
    CHECK_NUMBER(stale.bytes, 3 * (sizeof(TIMED) - 1));
    size_t at = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < COUNT; i++) {
        CHECK_ROW(rows[i].place);
        bool is_next = at < package.count && strcmp(package.entries[at].place, rows[i].place) == 0;
        CHECK(is_next == rows[i].stays);
        at += is_next;
        bytes += rows[i].stays ? rows[i].size : 0;
    }
    CHECK_NUMBER(package.count, at + 1);
    CHECK_NUMBER(package.unzipped_bytes, bytes + 1);
    scratch_leave(folder);
}

/* Other runtimes, programs, and packages that name such files. */
static void test_all_stays(void)
{
    static const struct {
        const char *runtime, *link;
    } whole[] = {
        {"nodejs22.x", NULL}, {NULL, NULL}, {"python3.12", "x/__pycache__"}, {"python3.12", "x/timed.pyc"}};
    char *folder = scratch_enter();
    for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
        struct package package;
        const struct package_stale stale = drop(whole[i].runtime, whole[i].link, &package);
        CHECK_NUMBER(stale.files, 0);
        CHECK_NUMBER(stale.bytes, 0);
        CHECK_NUMBER(package.count, COUNT + (whole[i].link != NULL));
    }
    scratch_leave(folder);
}

/* Gone, a folder, a pipe that nobody writes to: for others to tell of. */
static void test_not_readable(void)
{
    static struct package_entry three[] = {
        {.place = "__pycache__/a.pyc", .source = "away", .kind = PACKAGE_FILE},
        {.place = "__pycache__/b.pyc", .source = ".", .kind = PACKAGE_EXECUTABLE},
        {.place = "__pycache__/c.pyc", .source = "pipe", .kind = PACKAGE_FILE}};
    struct manifest_function function = {.name = "f", .runtime = "python3.13"};
    const struct manifest manifest = {.functions = &function, .function_count = 1};
    struct package package = {.entries = three, .count = 3};
    struct package_stale stale;
    char *folder = scratch_enter();
    SCRATCH_NEED(mkfifo("pipe", 0666) == 0);
    CHECK_NUMBER(package_drop_stale(&manifest, 1, &package, &stale, NULL), 0);
    CHECK_NUMBER(stale.files, 0);
    CHECK_NUMBER(package.count, 3);
    scratch_leave(folder);
}

int main(void)
{
    CHECK_RUN(test_what_stays);
    CHECK_RUN(test_all_stays);
    CHECK_RUN(test_not_readable);
    return check_report();
}
