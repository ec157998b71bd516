/* Archives as GNU and BSD ar write them, thin ones, and such that are none. */
#include "check.h"

#include "image/archive.h"

#include <shared/arena.h>

#include <stdlib.h>

/* A header; the size is what the caller says. */
#define HEADER(name, size) name "0           0     0     100644  " size "`\n"

static const char gnu[] = "!<arch>\n" HEADER("/               ", "4         ") "\0\0\0\0" HEADER(
    "//              ",
    "22        ") "a_very_long_name.o/\n\n\n" HEADER("short.o/        ",
                                                     "3         ") "abc\n" HEADER("/0              ",
                                                                                  "2         ") "de";

static const char bsd[] = "!<arch>\n" HEADER("#1/12           ", "16        ") "__.SYMDEF\0\0\0xxxx" HEADER(
    "#1/20           ", "25        ") "a_very_long_name.o\0\0hello\n" HEADER("short.o         ",
                                                                             "2         ") "ok";

static const char thin[] = "!<thin>\n" HEADER("/               ", "2         ") "\0\0" HEADER(
    "//              ", "14        ") "sub/other.o/\n\n" HEADER("/0              ", "999999    ")
    HEADER("near.o/         ", "5         ");

static void check_members(struct shared_slice content, const char *const *names, const char *const *contents,
                          size_t count)
{
    struct archive archive;
    struct archive_member member;
    struct shared_error err = {0};
    if (!CHECK_NUMBER(archive_open("x.a", content, &archive, &err), 0))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!CHECK_NUMBER(archive_next(&archive, &member, &err), 1)) {
            fprintf(stderr, "    %s\n", err.text);
            return;
        }
        CHECK_SLICE(member.name, names[i]);
        CHECK(contents ? shared_slice_equal(member.content, shared_slice_from_text(contents[i]))
                       : member.content.data == NULL);
    }
    CHECK_NUMBER(archive_next(&archive, &member, &err), 0);
}

static void test_forms(void)
{
    static const char *const gnu_names[] = {"short.o", "a_very_long_name.o"}, *const gnu_texts[] = {"abc",
                                                                                                    "de"};
    static const char *const bsd_names[] = {"a_very_long_name.o", "short.o"}, *const bsd_texts[] = {"hello",
                                                                                                    "ok"};
    static const char *const thin_names[] = {"sub/other.o", "near.o"};
    check_members(shared_slice_of(gnu, sizeof(gnu) - 1), gnu_names, gnu_texts, 2);
    check_members(shared_slice_of(bsd, sizeof(bsd) - 1), bsd_names, bsd_texts, 2);
    check_members(shared_slice_of(thin, sizeof(thin) - 1), thin_names, NULL, 2);
    check_members(shared_slice_from_text("!<arch>\n"), NULL, NULL, 0);
}

static int read_all(struct shared_slice content, struct shared_error *err)
{
    struct archive archive;
    struct archive_member member;
    int status = archive_open("x.a", content, &archive, err);
    if (status == 0)
        do
            status = archive_next(&archive, &member, err);
        while (status == 1);
    return status;
}

static void test_errors(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "x.a is no archive"},
        {"!<arch>", "x.a is no archive"},
        {"!<arch>\nx", "its member at byte 8 does not end in its 9 bytes"},
        {"!<arch>\n" HEADER("a.o/            ", "4         ") "abc", "x.a is cut off: its member at byte 8"},
        {"!<arch>\n" HEADER("a.o/            ", "0x4       ") "abcd", "the member at byte 8 has no header"},
        {"!<arch>\n" HEADER("a.o/            ", "          ") "abcd", "has no header"},
        {"!<arch>\n" HEADER("/7              ", "0         "), "not in the table of long names"},
        {"!<arch>\n" HEADER("//              ", "4         ") "a.o/" HEADER("/0              ", "0         "),
         "a name that does not end"},
        {"!<arch>\n" HEADER("//              ", "6         ") "a.o/\n\n" HEADER("/6              ",
                                                                                "0         "),
         "not in the table of long names"},
        {"!<arch>\n" HEADER("#1/9            ", "4         ") "abcd",
         "a name that is longer than its content"},
        {"!<thin>\n" HEADER("#1/00           ", "4         "), "a name in BSD's form"},
        {"!<arch>\n" HEADER("#1/x            ", "4         ") "abcd",
         "a name that is longer than its content"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_error err = {0};
        CHECK_ROW(rows[i].message);
        CHECK_NUMBER(read_all(shared_slice_from_text(rows[i].text), &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
    }
}

/* Each cut of a good archive is an error, or one with fewer members. */
static void test_cuts(void)
{
    for (size_t size = 0; size < sizeof(gnu) - 1; size++) {
        struct shared_error err = {0};
        char *copy = malloc(size ? size : 1);
        if (!CHECK(copy != NULL))
            return;
        memcpy(copy, gnu, size);
        int status = read_all(shared_slice_of(copy, size), &err);
        CHECK(status == 0 || (status == SHARED_EPROTO && strstr(err.text, "x.a") != NULL));
        free(copy);
    }
}

int main(void)
{
    CHECK_RUN(test_forms);
    CHECK_RUN(test_errors);
    CHECK_RUN(test_cuts);
    return check_report();
}
