#include "check.h"

#include "link/depfile.h"

static const struct {
    const char *name, *text;
    bool line_each;
    const char *paths[6]; /* ended by NULL; none: malformed */
    bool malformed;
} rows[] = {
    {"gcc, several a line",
     "a.o: a.c /usr/include/x.h \\\n b.h\n\nb.h:\n",
     false,
     {"a.c", "/usr/include/x.h", "b.h"},
     false},
    {"gcc, escapes", "a.o: my\\ file.c x\\#y $$z\n", false, {"my file.c", "x#y", "$z"}, false},
    {"bfd, spaces as they are",
     "out: \\\n  /a b/c.o \\\n  /d.a\n\n/a b/c.o:\n",
     true,
     {"/a b/c.o", "/d.a"},
     false},
    {"lld, escaped spaces", "out: \\\n  /a\\ b/c.o \\\n  /d.a\n", true, {"/a b/c.o", "/d.a"}, false},
    {"mold, one line, then targets",
     "out: /a b/c.o /d.a\n\n/a b/c.o:\n\n/d.a:\n",
     true,
     {"/a b/c.o", "/d.a"},
     false},
    {"mold, one line alone", "out: /c.o /d.a\n", true, {"/c.o", "/d.a"}, false},
    {"carriage returns", "a.o: a.c \\\r\n b.c\r\n", false, {"a.c", "b.c"}, false},
    {"no dependency", "a.o:\n", false, {NULL}, false},
    {"cut off", "a.o: a.c \\", false, {"a.c"}, false},
    {"no rule", "hello", false, {NULL}, true},
    {"empty", "", false, {NULL}, true},
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_arena arena = {0};
        struct shared_error err;
        struct depfile deps;
        CHECK_ROW(rows[i].name);
        int status =
            depfile_parse(shared_slice_from_text(rows[i].text), rows[i].line_each, &arena, &deps, &err);
        CHECK_NUMBER(status, rows[i].malformed ? SHARED_EPROTO : 0);
        size_t count = 0;
        for (; status == 0 && rows[i].paths[count]; count++) {
            if (CHECK(count < deps.count))
                CHECK_TEXT(deps.paths[count], rows[i].paths[count]);
        }
        if (status == 0)
            CHECK_NUMBER(deps.count, count);
        shared_arena_clean_up(&arena);
    }
}

int main(void)
{
    CHECK_RUN(test_rows);
    return check_report();
}
