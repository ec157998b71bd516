#include "check.h"
#include "zip_oracle.h"

#include "zip/zip_verify.h"
#include "zip/zip_write.h"

static struct shared_arena arena;
static struct shared_error err;

/* Writes a package with both writers, compares the bytes, and has the result verified. */
static void check_package(struct package *package)
{
    static const struct zip_options silent;
    struct zip_written written;
    struct zip_verified verified;
    package->unzipped_bytes = 0;
    for (size_t i = 0; i < package->count; i++)
        package->unzipped_bytes += package->entries[i].size_bytes;
    if (!CHECK_NUMBER(zip_write(package, "ours.zip", NULL, &silent, &arena, &written, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    CHECK_NUMBER(zip_commit(written.temporary, "ours.zip", &err), 0);
    oracle_write(package, "oracle.zip");
    CHECK_NUMBER(system("cmp ours.zip oracle.zip"), 0);
    if (!CHECK_NUMBER(zip_verify("ours.zip", &arena, &verified, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    CHECK(memcmp(&verified.zip, &written.zip, sizeof(verified.zip)) == 0);
    CHECK_NUMBER(verified.package.count, package->count);
}

static char *text_of(const char *format, int number)
{
    char *text = shared_arena_format(&arena, format, number);
    SCRATCH_NEED(text);
    return text;
}

static void test_kinds(void)
{
    struct package_entry entries[] = {
        {.place = "a/long", .source = "long", .kind = PACKAGE_FILE, .size_bytes = 200000},
        {.place = "a/run", .source = "long", .kind = PACKAGE_EXECUTABLE, .size_bytes = 200000},
        {.place = "b", .source = "empty", .kind = PACKAGE_FILE},
        {.place = "c/", .source = "c", .kind = PACKAGE_FOLDER},
        {.place = "d", .source = "d", .target = "a/../a/long", .kind = PACKAGE_SYMLINK, .size_bytes = 11},
        {.place = "\xC3\xA9", .source = "noise", .kind = PACKAGE_FILE, .size_bytes = 999},
    };
    struct package package = {.entries = entries, .count = sizeof(entries) / sizeof(*entries)};
    char *bytes = shared_arena_alloc(&arena, 200000);
    SCRATCH_NEED(bytes);
    for (unsigned i = 0, random = 1; i < 200000; i++)
        bytes[i] = i < 999 ? (char)((random = random * 1103515245 + 12345) >> 16) : (char)(i >> 8);
    scratch_bytes("long", bytes, 200000);
    scratch_bytes("noise", bytes, 999);
    scratch_bytes("empty", "", 0);
    for (int level = 0; level <= 12; level += 3) {
        made_contents(&package, level, &arena);
        check_package(&package);
    }
}

/* More than 16 bits count; 65,535 entries need no zip64, but look as if they did. */
static void test_many(void)
{
    static const size_t counts[] = {65534, 65535, 65536, 100000};
    struct package_entry *entries = shared_arena_alloc(&arena, 100000 * sizeof(*entries));
    scratch_bytes("one", "1", 1);
    const struct content *content = made_content("one", 0, &arena);
    SCRATCH_NEED(entries);
    for (int i = 0; i < 100000; i++)
        entries[i] = (struct package_entry){.place = text_of("folder/%06d", i),
                                            .source = "one",
                                            .kind = PACKAGE_FILE,
                                            .size_bytes = 1,
                                            .content = content};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        struct package package = {.entries = entries, .count = counts[i]};
        check_package(&package);
    }
}

/* 4,096 bytes, the longest that a place may have. */
static void test_long_names(void)
{
    struct package_entry entries[50];
    struct package package = {.entries = entries, .count = 50};
    scratch_bytes("one", "1", 1);
    for (int i = 0; i < 50; i++) {
        char *place = shared_arena_alloc(&arena, 4097);
        SCRATCH_NEED(place);
        for (size_t k = 0; k < 4096; k++)
            place[k] = k % 200 == 199 ? '/' : 'n';
        place[4095] = (char)('A' + i);
        place[4096] = '\0';
        entries[i] =
            (struct package_entry){.place = place, .source = "one", .kind = PACKAGE_FILE, .size_bytes = 1};
    }
    made_contents(&package, 9, &arena);
    /* No two that differ only in case. */
    package.count = 26;
    check_package(&package);
}

int main(void)
{
    const char *folder = scratch_enter();
    CHECK_RUN(test_kinds);
    CHECK_RUN(test_many);
    CHECK_RUN(test_long_names);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    return check_report();
}
