/* test_runtime_start.c - where the Runtime API is, as AWS_LAMBDA_RUNTIME_API has it, and what is no such
 * place. */
#include "e2e_check.h"

static void test_not_set(void)
{
    const struct emulator_options options = {.api_unset = true};
    struct emulator_run run = {0};
    if (e2e_play("function_echo", &options, "exit 2", &run)) {
        CHECK_NUMBER(e2e_lines(&run), 1);
        CHECK(strstr(e2e_said(&run), "AWS_LAMBDA_RUNTIME_API") != NULL);
    }
    emulator_run_clean_up(&run);
}

static void test_malformed(void)
{
    static const char *const values[] = {"",
                                         "127.0.0.1",
                                         "127.0.0.1:",
                                         "127.0.0.1:0",
                                         ":9001",
                                         "127.0.0.1:65536",
                                         "127.0.0.1:port",
                                         "127.0.0.1:90x01",
                                         "127.0.0.1:-1",
                                         "127.0.0.1:99999999999999999999",
                                         "127.0.0.1:9001prefix",
                                         "http://127.0.0.1:9001",
                                         "/127.0.0.1:9001",
                                         "127.0.0.1:9001\r\nX-Injected: yes"};
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        const struct emulator_options options = {.api = values[i]};
        struct emulator_run run = {0};
        CHECK_ROW(values[i]);
        if (e2e_play("function_echo", &options, "exit 2", &run)) {
            CHECK(strstr(e2e_said(&run), "AWS_LAMBDA_RUNTIME_API") != NULL);
            CHECK_NUMBER(run.connections, 0);
        }
        emulator_run_clean_up(&run);
    }
}

/* A host that only a resolver can find: the message names the header that has one. */
static void test_host_without_resolver(void)
{
    static const char *const values[] = {"runtime.internal:9001", "127.0.0.1.example:9001", "256.0.0.1:9001",
                                         "[::1]:9001"};
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        const struct emulator_options options = {.api = values[i]};
        struct emulator_run run = {0};
        CHECK_ROW(values[i]);
        if (e2e_play("function_echo", &options, "exit 2", &run) && i < 3)
            CHECK(strstr(e2e_said(&run), "shared/resolve.h") != NULL);
        emulator_run_clean_up(&run);
    }
}

struct place {
    const char *function, *host, *suffix;
};

/* A path behind the port is kept in front of every request, and is no part of Host: the emulator compares
 * both. */
static void test_places(void)
{
    static const struct place places[] = {
        {"function_echo", "127.0.0.1", NULL},
        {"function_echo", "127.0.0.1", "/some/prefix"},
        {"function_echo", "localhost", NULL},
        {"function_echo", "localhost", "/p"},
        {"function_resolve", "localhost", "/some/prefix"},
        {"function_resolve", "127.0.0.1", NULL},
        {"function_context", "runtime.internal", "/of/options"},
    };
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        const struct emulator_options options = {.host = places[i].host, .suffix = places[i].suffix};
        struct emulator_run run = {0};
        CHECK_ROW(places[i].host);
        if (e2e_play(places[i].function, &options, "next event=x\nresponse\nnext event=y\nresponse" E2E_END,
                     &run))
            CHECK_NUMBER(run.connections, 1);
        emulator_run_clean_up(&run);
    }
}

static void test_init_error_below_a_path(void)
{
    const struct emulator_options options = {.suffix = "/some/prefix"};
    struct emulator_run run = {0};
    e2e_play("function_init_fail", &options, "init-error\nexit 1", &run);
    emulator_run_clean_up(&run);
}

/* The resolver's own words, of options and of shared/resolve.h; RFC 6761 keeps .invalid from ever being
 * found. */
static void test_unknown_host(void)
{
    const struct emulator_options options = {.api = "nobody.invalid:9001"};
    static const char *const functions[] = {"function_context", "function_resolve"};
    for (size_t i = 0; i < 2; i++) {
        struct emulator_run run = {0};
        CHECK_ROW(functions[i]);
        if (e2e_play(functions[i], &options, "exit 2", &run))
            CHECK(strstr(e2e_said(&run), "nobody.invalid") != NULL);
        emulator_run_clean_up(&run);
    }
}

int main(int argc, char **argv)
{
    e2e_main(argc, argv);
    CHECK_RUN(test_not_set);
    CHECK_RUN(test_malformed);
    CHECK_RUN(test_host_without_resolver);
    CHECK_RUN(test_places);
    CHECK_RUN(test_init_error_below_a_path);
    CHECK_RUN(test_unknown_host);
    return check_report();
}
