/* test_crash_words.c - what is said of crashes whose texts, registers and stacks are as bad as can be. */
#include "check.h"

#include "crash/crash_inner.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

static cJSON *parse(const struct shared_crash_words *words)
{
    struct shared_slice line = words->line;
    CHECK(line.size_bytes <= SHARED_CRASH_LINE_BYTES && line.data[line.size_bytes - 1] == '\n');
    CHECK(memchr(line.data, '\n', line.size_bytes) == line.data + line.size_bytes - 1);
    cJSON *json = cJSON_ParseWithLength(line.data, line.size_bytes);
    if (!CHECK(json != NULL))
        fprintf(stderr, "    the line is %.*s", (int)line.size_bytes, line.data);
    return json;
}

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static struct shared_crash make_crash(void)
{
    return (struct shared_crash){
        .signal = SIGSEGV,
        .pc = (uintptr_t)make_crash,
        .sp = (uintptr_t)__builtin_frame_address(0),
        .fp = (uintptr_t)__builtin_frame_address(0),
    };
}

/* Texts of any length and bytes: the line stays one piece of a pipe, and JSON, and holds frames. */
static void test_texts(void)
{
    static const char fills[] = {'a', '\n', '"', '\x01', '\x7f', '\xff', '\xc3'};
    char *text = malloc(100001);
    for (size_t i = 0; i < sizeof(fills); i++) {
        struct shared_crash crash = make_crash();
        struct shared_crash_words words;
        struct shared_crash_invocation invocation = {text, NULL};
        memset(text, fills[i], 100000);
        text[100000] = '\0';
        crash.condition = text;
        crash.file = text;
        crash.line = INT32_MAX;
        crash.has_address = true;
        crash.address = UINTPTR_MAX;
        shared_crash_current = &invocation;
        shared_crash_words_make(&words, &crash, false);
        shared_crash_current = NULL;
        cJSON *json = parse(&words);
        CHECK_TEXT(text_of(json, "address"), "0xffffffffffffffff");
        CHECK(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "frames")) > 0);
        CHECK(text_of(json, "requestId") != NULL);
        cJSON_Delete(json);
    }
    free(text);
}

static void test_numbers(void)
{
    static const struct {
        uintptr_t value;
        const char *text;
    } rows[] = {{0, "0x0"}, {10, "0xa"}, {0x1000, "0x1000"}, {UINTPTR_MAX, "0xffffffffffffffff"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char text[32] = "";
        struct shared_buffer buffer = {.data = text, .capacity_bytes = sizeof(text)};
        shared_crash_append_hex(&buffer, rows[i].value);
        CHECK_TEXT(text, rows[i].text);
    }
}

static void test_plainly(void)
{
    struct shared_crash crash = make_crash();
    struct shared_crash_invocation invocation = {(const char *)(uintptr_t)64, NULL};
    struct shared_crash_words words;
    shared_crash_current = &invocation; /* is not looked at */
    shared_crash_words_make(&words, &crash, true);
    shared_crash_current = NULL;
    cJSON *json = parse(&words);
    CHECK_TEXT(text_of(json, "requestId"), NULL);
    CHECK_TEXT(text_of(json, "message"), "crash: SIGSEGV");
    CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "frames")), 0);
    cJSON_Delete(json);
}

/* Registers that point anywhere: nothing is read but the stack. */
static void test_registers(void)
{
    char *heap = malloc(64);
    char *forbidden = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
    const uintptr_t values[] = {0,
                                1,
                                8,
                                4096,
                                (uintptr_t)heap,
                                (uintptr_t)forbidden,
                                (uintptr_t)test_registers,
                                stack,
                                stack + 1,
                                stack - 8,
                                (uintptr_t)1 << 47,
                                UINTPTR_MAX - 7,
                                UINTPTR_MAX};
    size_t count = sizeof(values) / sizeof(*values);
    for (size_t i = 0; i < count * count * count; i++) {
        struct shared_crash_words words;
        const struct shared_crash crash = {.signal = SIGILL,
                                           .pc = values[i % count],
                                           .sp = values[i / count % count],
                                           .fp = values[i / count / count],
                                           .lr = values[(i + 5) % count]};
        shared_crash_words_make(&words, &crash, false);
        cJSON_Delete(parse(&words));
    }
    munmap(forbidden, 8192);
    free(heap);
}

/* A chain of frames that goes round, or down, ends. */
static void test_chains(void)
{
    static struct shared_crash_maps maps;
    struct shared_crash_frame frames[SHARED_CRASH_FRAMES];
    const struct shared_crash_program program = shared_crash_program();
    volatile uintptr_t records[8] __attribute__((aligned(16)));
    struct shared_crash crash = make_crash();
    shared_crash_maps(&maps, (uintptr_t)records);
    CHECK((uintptr_t)records >= maps.stack_start && (uintptr_t)records < maps.stack_end);
    CHECK(maps.module_count > 0);
    uintptr_t called_from = (uintptr_t)__builtin_return_address(0);
    for (int i = 0; i < 8; i += 2) {
        records[i] = (uintptr_t)&records[(i + 2) % 8];
        records[i + 1] = called_from;
    }
    crash.called = true;
    crash.sp = crash.fp = (uintptr_t)records;
    CHECK_NUMBER(shared_crash_frames(&crash, &program, &maps, frames), 5);
    CHECK_NUMBER(frames[1].address, called_from - 1);
    CHECK(!frames[1].guessed);
    records[0] = (uintptr_t)records;
    CHECK_NUMBER(shared_crash_frames(&crash, &program, &maps, frames), 2);
    records[1] = (uintptr_t)&crash; /* is no code */
    CHECK(shared_crash_frames(&crash, &program, &maps, frames) >= 1);
    CHECK(frames[1].guessed || frames[1].address != (uintptr_t)&crash - 1);
}

static void test_program(void)
{
    const struct shared_crash_program program = shared_crash_program();
    CHECK(program.code_start <= (uintptr_t)test_program && (uintptr_t)test_program < program.code_end);
    CHECK(program.base <= program.code_start);
}

/* Each thread has its own; a second call, and one in a thread that has one already, change nothing. */
static void *use_stack(void *unused)
{
    stack_t before, after;
    CHECK_NUMBER(shared_crash_stack(NULL), 0);
    CHECK(sigaltstack(NULL, &before) == 0 && !(before.ss_flags & SS_DISABLE));
    CHECK_NUMBER(shared_crash_stack(NULL), 0);
    CHECK(sigaltstack(NULL, &after) == 0 && after.ss_sp == before.ss_sp);
    return unused;
}

static void test_stacks(void)
{
    pthread_t thread;
    use_stack(NULL);
    int failed = pthread_create(&thread, NULL, use_stack, NULL);
    if (!failed)
        pthread_join(thread, NULL);
    CHECK_NUMBER(failed, 0);
}

/* Whose invocation dies with a thread that has none of its own: the only one that there is. */
static void test_invocation(void)
{
    const struct shared_crash_invocation one = {"1", NULL}, two = {"2", NULL};
    CHECK(shared_crash_invocation() == NULL);
    atomic_store(&shared_crash_latest, &one);
    atomic_store(&shared_crash_under_way, 1);
    CHECK(shared_crash_invocation() == &one);
    atomic_store(&shared_crash_under_way, 2);
    CHECK(shared_crash_invocation() == NULL);
    shared_crash_current = &two;
    CHECK(shared_crash_invocation() == &two);
    shared_crash_current = NULL;
    atomic_store(&shared_crash_under_way, 0);
    CHECK(shared_crash_invocation() == NULL);
    atomic_store(&shared_crash_latest, NULL);
}

int main(void)
{
    CHECK_RUN(test_texts);
    CHECK_RUN(test_numbers);
    CHECK_RUN(test_plainly);
    CHECK_RUN(test_registers);
    CHECK_RUN(test_chains);
    CHECK_RUN(test_program);
    CHECK_RUN(test_stacks);
    CHECK_RUN(test_invocation);
    return check_report();
}
