#include "check.h"
#include "scratch.h"

#include "base/file.h"
#include "link/argv.h"
#include "link/step.h"

/* A compiler of sorts: its output is what it read. Each run adds a letter to "log". */
#define TOOL                                                                        \
    "printf x >> log; cat a.c $(cat includes) > out; echo map > out.map; "          \
    "{ printf 'out: a.c'; for f in $(cat includes); do printf ' %s' $f; done; } > " \
    "out.d; echo >> out.d"

static const char *const search[] = {".", "first", "second", NULL};

static struct step make_step(const char *script, const char *folder)
{
    static const char *argv[4];
    static char output[128], beside[128], depfile[128];
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = script;
    snprintf(output, sizeof(output), "%s/out", folder);
    snprintf(beside, sizeof(beside), "%s/out.map", folder);
    snprintf(depfile, sizeof(depfile), "%s/out.d", folder);
    return (struct step){.title = "compile a.c",
                         .argv = argv,
                         .folder = folder,
                         .key = "key",
                         .output = output,
                         .beside = beside,
                         .depfile = depfile,
                         .search = search};
}

static void set_up(void)
{
    scratch_file("a.c", "source\n");
    scratch_file("includes", "second/x.h");
    scratch_folder("first");
    scratch_folder("second");
    scratch_file("second/x.h", "header\n");
    scratch_file("log", "");
}

/* As a new process would: with a cache of its own. */
static int run(const struct step *step, struct shared_error *err)
{
    struct shared_arena arena = {0};
    struct hash_cache cache = {.arena = &arena};
    struct step_messages messages = {0};
    int status = step_run_all(step, 1, 1, &cache, &messages, NULL, NULL, err);
    shared_arena_clean_up(&arena);
    return status;
}

static size_t runs(void)
{
    struct stat st;
    SCRATCH_NEED(stat("log", &st) == 0);
    return (size_t)st.st_size;
}

/* What happens between two runs, and how often the tool has then run. */
static const struct {
    const char *name, *between;
    size_t expected;
} rows[] = {
    {"nothing", ":", 1},
    {"touched", "touch a.c second/x.h out", 1},
    {"copied", "cp a.c b && mv b a.c", 1},
    {"source changed", "echo more >> a.c", 2},
    {"header changed", "echo more >> second/x.h", 2},
    {"header that is found first", "echo other > first/x.h", 2},
    {"header beside the source", "echo other > x.h", 2},
    {"header of another name", "echo other > first/y.h", 1},
    {"header gone", "rm second/x.h; echo > includes", 2},
    {"output gone", "rm out", 2},
    {"output cut off", "printf s > out", 2},
    {"map gone", "rm out.map", 2},
    {"map cut off", ": > out.map", 2},
    {"record gone", "rm out.step", 2},
    {"record empty", ": > out.step", 2},
    {"record of nothing", "sed -i '3,$d' out.step", 2},
    {"record cut off in a line", "head -c 60 out.step > r && mv r out.step", 2},
    {"record of another format", "sed -i '1s/.*/demine-step 1/' out.step", 2},
    {"record with noise", "echo noise >> out.step", 2},
    {"record with an empty line", "echo >> out.step", 2},
    {"record is a folder's name", "rm out.step && mkdir out.step && rmdir out.step", 2},
};

static void test_what_runs_again(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_ROW(rows[i].name);
        char *folder = scratch_enter();
        struct step step = make_step(TOOL, folder);
        set_up();
        CHECK_NUMBER(run(&step, NULL), 0);
        CHECK_NUMBER(runs(), 1);
        SCRATCH_NEED(system(rows[i].between) == 0);
        CHECK_NUMBER(run(&step, NULL), 0);
        CHECK_NUMBER(runs(), rows[i].expected);
        CHECK_NUMBER(run(&step, NULL), 0);
        CHECK_NUMBER(runs(), rows[i].expected);
        scratch_leave(folder);
    }
}

static void test_command_and_key(void)
{
    char *folder = scratch_enter();
    struct step step = make_step(TOOL, folder);
    set_up();
    CHECK_NUMBER(run(&step, NULL), 0);
    step.key = "another compiler";
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK_NUMBER(runs(), 2);
    step = make_step(TOOL " ", folder);
    step.key = "another compiler";
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK_NUMBER(runs(), 3);
    scratch_leave(folder);
}

/* Linkers list what link-time optimization made and removed. */
static void test_removed_by_the_tool(void)
{
    char *folder = scratch_enter();
    struct step step = make_step(
        "printf x >> log; echo > out; echo > out.map; printf 'out: \\\n a.c \\\n gone.o\n' > out.d", folder);
    step.line_each = true;
    set_up();
    for (int i = 0; i < 2; i++) {
        CHECK_NUMBER(run(&step, NULL), 0);
        CHECK_NUMBER(runs(), 1);
    }
    scratch_file("a.c", "changed");
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK_NUMBER(runs(), 2);
    scratch_leave(folder);
}

/* What the tool read was written while it ran: nobody knows which content it saw. */
static void test_changed_meanwhile(void)
{
    char *folder = scratch_enter();
    struct step step = make_step(TOOL "; sleep 0.1; echo newer > a.c", folder);
    set_up();
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK(!file_exists("out.step"));
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK_NUMBER(runs(), 2);
    scratch_leave(folder);
}

/* What the record of an earlier run says must not outlive a command that failed. */
static void test_killed_between(void)
{
    char *folder = scratch_enter();
    struct step step = make_step(TOOL, folder);
    set_up();
    CHECK_NUMBER(run(&step, NULL), 0);
    SCRATCH_NEED(system("cp a.c old; echo changed > a.c") == 0);
    struct step killed = make_step("printf half > out; kill -9 $$", folder);
    CHECK_NUMBER(run(&killed, NULL), SHARED_EINVAL);
    SCRATCH_NEED(system("mv old a.c") == 0);
    step = make_step(TOOL, folder);
    CHECK_NUMBER(run(&step, NULL), 0);
    CHECK_NUMBER(runs(), 2);
    scratch_leave(folder);
}

static const struct {
    const char *name, *script;
    enum shared_error_code code;
    const char *message;
} failures[] = {
    {"fails", "echo words; exit 1", SHARED_EINVAL, "compile a.c failed"},
    {"writes nothing", ":", SHARED_EIO, "the tool says that it is done, but has not written out"},
    {"no map", "echo > out", SHARED_EIO, "has not written out.map"},
    {"no list", "rm -f out.d; echo > out; echo > out.map", SHARED_EIO, "compile a.c: open "},
    {"nonsense for a list", "echo > out; echo > out.map; echo no > out.d", SHARED_EPROTO, "no \"target:\""},
    {"reads what is not there", "echo > out; echo > out.map; echo 'out: gone.h' > out.d", SHARED_EIO,
     "cannot read what the tool says that it read: gone.h"},
};

static void test_failures(void)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        struct shared_error err = {0};
        CHECK_ROW(failures[i].name);
        char *folder = scratch_enter();
        struct step step = make_step(failures[i].script, folder);
        CHECK_NUMBER(run(&step, &err), failures[i].code);
        CHECK_MESSAGE(&err, failures[i].message);
        CHECK(!file_exists("out.step"));
        scratch_leave(folder);
    }
}

/* One step's record fails; the others' words are there all the same. */
static void test_all_words_are_kept(void)
{
    char *folder = scratch_enter(), other[128];
    snprintf(other, sizeof(other), "%s/other", folder);
    const char *const silent[] = {"/bin/sh", "-c", ":", NULL};
    const char *const loud[] = {"/bin/sh", "-c", "echo words; exit 1", NULL};
    const struct step steps[] = {
        {.title = "one", .argv = silent, .folder = folder, .key = "", .output = other},
        {.title = "two", .argv = loud, .folder = folder, .key = "", .output = other},
    };
    struct shared_arena arena = {0};
    struct hash_cache cache = {.arena = &arena};
    struct step_messages messages = {0};
    CHECK_NUMBER(step_run_all(steps, 2, 2, &cache, &messages, NULL, NULL, NULL), SHARED_EIO);
    if (CHECK(messages.count == 1)) {
        CHECK_TEXT(messages.items[0].title, "two");
        CHECK_SLICE(messages.items[0].text, "words\n");
    }
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

/* One that may fail is no failure, has no words, and stops nothing; it is run again. */
static void test_may_fail(void)
{
    char *folder = scratch_enter(), first[128], second[128];
    snprintf(first, sizeof(first), "%s/first", folder);
    snprintf(second, sizeof(second), "%s/second", folder);
    const char *const loud[] = {"/bin/sh", "-c", "echo half >first; echo words; exit 1", NULL};
    const char *const good[] = {"/bin/sh", "-c", "echo warned; echo whole >second", NULL};
    for (int i = 0; i < 2; i++) {
        bool failed[2] = {false, false};
        const struct step steps[] = {
            {.title = "one",
             .argv = loud,
             .folder = folder,
             .key = "",
             .output = first,
             .failed = &failed[0]},
            {.title = "two",
             .argv = good,
             .folder = folder,
             .key = "",
             .output = second,
             .failed = &failed[1]},
        };
        struct shared_arena arena = {0};
        struct hash_cache cache = {.arena = &arena};
        struct step_messages messages = {0};
        CHECK_NUMBER(step_run_all(steps, 2, 2, &cache, &messages, NULL, NULL, NULL), 0);
        CHECK(failed[0] && !failed[1]);
        if (CHECK(messages.count == (i == 0)) && i == 0)
            CHECK_TEXT(messages.items[0].title, "two");
        CHECK(!file_exists("first.step") && file_exists("second.step"));
        shared_arena_clean_up(&arena);
    }
    scratch_leave(folder);
}

static void test_hash_cache(void)
{
    char *folder = scratch_enter(), name[32];
    struct shared_arena arena = {0};
    struct hash_cache cache = {.arena = &arena};
    struct hash first, again;
    CHECK(!hash_cache_get(&cache, NULL, &first));
    CHECK(!hash_cache_get(&cache, "missing", &first));
    CHECK(!hash_cache_get(&cache, ".", &first));
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "%d", i);
        scratch_file(name, name);
        CHECK(hash_cache_get(&cache, name, &first));
    }
    scratch_file("7", "changed");
    first = hash_bytes(shared_slice_from_text("7"));
    CHECK(hash_cache_get(&cache, "7", &again) && memcmp(&first, &again, sizeof(first)) == 0);
    hash_cache_forget(&cache, "7");
    CHECK(hash_cache_get(&cache, "7", &again) && memcmp(&first, &again, sizeof(first)) != 0);
    hash_cache_forget(&cache, "never asked for");
    CHECK(!hash_cache_get(&cache, "missing", &first));
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
}

static void test_argv(void)
{
    static const struct {
        const char *path, *item;
    } paths[] = {{"a.c", "a.c"}, {"-x.c", "./-x.c"}, {"@x.c", "./@x.c"}, {"/a b", "/a b"}};
    struct shared_arena arena = {0};
    struct argv argv = {.arena = &arena};
    for (size_t i = 0; i < 4; i++) {
        argv_add_path(&argv, paths[i].path);
        CHECK_TEXT(argv.items[i], paths[i].item);
    }
    for (int i = 0; i < 200; i++)
        argv_add(&argv, "more");
    CHECK_NUMBER(argv.count, 204);
    CHECK(!argv.items[204] && !argv.failed);
    argv_add(&argv, NULL); /* what a failed allocation gives */
    argv_add(&argv, "after");
    CHECK(argv.failed);
    CHECK_NUMBER(argv.count, 204);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_what_runs_again);
    CHECK_RUN(test_command_and_key);
    CHECK_RUN(test_removed_by_the_tool);
    CHECK_RUN(test_changed_meanwhile);
    CHECK_RUN(test_killed_between);
    CHECK_RUN(test_failures);
    CHECK_RUN(test_all_words_are_kept);
    CHECK_RUN(test_may_fail);
    CHECK_RUN(test_hash_cache);
    CHECK_RUN(test_argv);
    return check_report();
}
