#include "check.h"

#include "base/nearest.h"

static const char *const keys[] = {"sources", "objects",     "binary",    "libraries", "linkage",
                                   "assets",  "environment", "memory_mb", "timeout_s"};

static void test_rows(void)
{
    static const struct {
        const char *wanted, *near;
    } rows[] = {
        {"sources", "sources"},
        {"source", "sources"},
        {"souces", "sources"},
        {"osurces", "sources"},
        {"Sources", "sources"},
        {"memory", "memory_mb"},
        {"mem", "memory_mb"},
        {"env", "environment"},
        {"enviroment", "environment"},
        {"timeout_ms", "timeout_s"},
        {"librarys", "libraries"},
        {"role", NULL},
        {"handler", NULL},
        {"", NULL},
        {"x", NULL},
        {"sourcesandmore", "sources"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].wanted);
        CHECK_TEXT(nearest_name(rows[i].wanted, keys, sizeof(keys) / sizeof(keys[0])), rows[i].near);
    }
}

static void test_limits(void)
{
    char exact[65], longer[66];
    memset(exact, 'a', sizeof(exact));
    memset(longer, 'a', sizeof(longer));
    exact[64] = longer[65] = '\0';
    const char *const names[] = {exact, longer, ""};
    CHECK(nearest_name(exact, names, 3) == exact);
    CHECK(nearest_name(longer, names, 3) == NULL);
    CHECK(nearest_name("a", names, 0) == NULL);
    exact[0] = 'b';
    const char *const twins[] = {"ab", "ba"};
    CHECK_TEXT(nearest_name("abc", twins, 2), "ab");
}

int main(void)
{
    CHECK_RUN(test_rows);
    CHECK_RUN(test_limits);
    return check_report();
}
