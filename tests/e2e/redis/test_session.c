/*
 * test_session.c - samples/session against a real Redis that is killed, stopped, restarted and configured
 * wrongly.
 *
 * No invocation may be lost that could be served, and each that could not must be a clean 503 before its
 * deadline. Prints how many there were of each, and fails where one was lost.
 */
#include "session_rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* redis/redis_ask.c: two invocations without an answer open the breaker for a second. */
#define BREAKER_OPEN_MS 1000

static void test_life(struct session_rig *rig)
{
    static const char *const attributes[] = {"; Path=/", "; Max-Age=1800", "; Secure", "; HttpOnly",
                                             "; SameSite=Lax"};
    struct session_answer answer;
    rig_row(rig, "a session's life");
    rig_login(rig, SESSION_SERVED, &answer);
    for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
        rig_expect(rig, strstr(answer.cookie, attributes[i]) != NULL, attributes[i]);
    redis_server_command(&rig->redis, "EXPIRE session:%s 100", rig->id);
    rig_get(rig, SESSION_SERVED, &answer);
    const char *left = redis_server_command(&rig->redis, "TTL session:%s", rig->id);
    rig_expect(rig, strcmp(left, ":1800") == 0 || strcmp(left, ":1799") == 0, "a session is not prolonged");
    for (int i = 0; i < 300; i++)
        rig_get(rig, SESSION_SERVED, &answer);
    rig_delete(rig, SESSION_SERVED, &answer);
    rig_ask(rig, "DELETE", "/session", NULL, rig->id, 204);
    rig_session(rig);
    redis_server_command(&rig->redis, "PEXPIRE session:%s 1", rig->id);
    rig_sleep_ms(20);
    rig_ask(rig, "GET", "/session", NULL, rig->id, 401);
}

static void test_bad_input(struct session_rig *rig)
{
    static const char *const bodies[] = {NULL,
                                         "",
                                         "ada",
                                         "{}",
                                         "[\"user\"]",
                                         "{\"user\":7}",
                                         "{\"user\":\"\"}",
                                         "{\"user\":\"a b\"}",
                                         "{\"user\":\"a\\\"b\"}",
                                         "{\"user\":\"a\\u0000b\"}",
                                         "{\"user\":\"ad\xc3\xa4\"}",
                                         "{\"user\":\"ada\"} and more",
                                         "{\"user\":\"ada\"",
                                         "{\"user\":\"0123456789012345678901234567890123456789"
                                         "0123456789012345678901234\"}"};
    static const char *const ids[] = {NULL,
                                      "",
                                      "x",
                                      "00000000000000000000000000000000",
                                      "0000000000000000000000000000000G",
                                      "000000000000000000000000000000000",
                                      "../../../../../../../../../../..",
                                      "*"};
    char large[2048] = "{\"user\":\"ada\",\"x\":\"";
    rig_row(rig, "bad input");
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
        rig_ask(rig, "POST", "/login", bodies[i], NULL, 400);
    memset(large + strlen(large), 'x', 1500);
    rig_ask(rig, "POST", "/login", strcat(large, "\"}"), NULL, 413);
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        rig_ask(rig, "GET", "/session", NULL, ids[i], 401);
    rig_ask(rig, "DELETE", "/session", NULL, NULL, 401);
    rig_ask(rig, "GET", "/", NULL, NULL, 404);
    rig_ask(rig, "PUT", "/session", NULL, NULL, 405);
}

static void test_dropped(struct session_rig *rig)
{
    struct session_answer answer;
    rig_row(rig, "idle connection killed (CLIENT KILL)");
    rig_session(rig);
    for (int i = 0; i < 24; i++) {
        redis_server_command(&rig->redis, "CLIENT KILL TYPE normal");
        if (i % 12 == 0)
            rig_sleep_ms(1100); /* past what the function lends unchecked */
        i % 3 == 0 ? rig_login(rig, SESSION_SERVED, &answer) : rig_get(rig, SESSION_SERVED, &answer);
    }
    rig_row(rig, "idle connection dropped (timeout 1)");
    redis_server_command(&rig->redis, "CONFIG SET timeout 1");
    for (int i = 0; i < 2; i++) {
        rig_sleep_ms(2500);
        const char *clients = redis_server_command(&rig->redis, "CLIENT LIST TYPE normal");
        rig_expect(rig, !strstr(clients, "cmd=getex"), "Redis did not drop the idle connection");
        rig_get(rig, SESSION_SERVED, &answer);
    }
    redis_server_command(&rig->redis, "CONFIG SET timeout 0");
}

static void test_restarted(struct session_rig *rig)
{
    struct session_answer answer;
    rig_row(rig, "killed and restarted between two");
    for (int i = 0; i < 6; i++) {
        rig_restart(rig);
        if (i == 5)
            rig_sleep_ms(1100);
        i % 3 == 2 ? rig_login(rig, SESSION_SERVED, &answer) : rig_get(rig, SESSION_SERVED, &answer);
    }
}

static void test_down(struct session_rig *rig)
{
    struct session_answer answer;
    int quick = 0;
    rig_row(rig, "down");
    redis_server_kill(&rig->redis);
    for (int i = 0; i < 12; i++) {
        if (i % 3 == 0)
            rig_login(rig, SESSION_REFUSED, &answer);
        else
            rig_get(rig, SESSION_REFUSED, &answer);
        quick += answer.ended_sec - answer.began_sec < 0.5;
    }
    rig_expect(rig, quick >= 8, "the breaker does not make an outage quick");
    rig_sleep_ms(BREAKER_OPEN_MS + 100);
    rig_get(rig, SESSION_REFUSED, &answer);
    rig_expect(rig, answer.ended_sec - answer.began_sec > 1, "a breaker that was open long lets nobody try");
    rig_row(rig, "back, after the breaker's time");
    redis_server_start(&rig->redis, NULL, false);
    rig_sleep_ms(BREAKER_OPEN_MS + 100);
    for (int i = 0; i < 5; i++)
        rig_get(rig, SESSION_SERVED, &answer);
}

/* Redis is stopped, so that the invocation surely waits for it when it is killed. */
static void die_during(struct session_rig *rig, struct rig_call *call, bool returns)
{
    redis_server_freeze(&rig->redis);
    rig_begin(call);
    rig_sleep_ms(200);
    redis_server_kill(&rig->redis);
    rig_sleep_ms(300);
    if (returns)
        redis_server_start(&rig->redis, NULL, false);
    rig_join(call);
    if (!returns)
        redis_server_start(&rig->redis, NULL, false);
}

static void test_killed_during(struct session_rig *rig)
{
    struct session_answer answer;
    struct rig_call call = {.rig = rig, .outlook = SESSION_SERVED};
    rig_row(rig, "killed during one, and back in time");
    rig->client->deadline_ms = SESSION_PATIENT_MS;
    for (int i = 0; i < 6; i++) {
        call.call = i % 3 == 0 ? rig_login : i % 3 == 1 ? rig_get : rig_delete;
        die_during(rig, &call, true);
    }
    rig_session(rig);
    rig_row(rig, "killed during one, and not back");
    rig->client->deadline_ms = SESSION_DEADLINE_MS;
    call.outlook = SESSION_REFUSED;
    call.call = rig_get;
    die_during(rig, &call, false);
    rig_get(rig, SESSION_SERVED, &answer);
    call.call = rig_login;
    die_during(rig, &call, false);
    rig_get(rig, SESSION_SERVED, &answer);
}

static void test_hung(struct session_rig *rig)
{
    struct session_answer answer;
    struct rig_call call = {.rig = rig, .outlook = SESSION_SERVED};
    rig_row(rig, "hung, and going on in time");
    rig->client->deadline_ms = SESSION_PATIENT_MS;
    for (int i = 0; i < 6; i++) {
        call.call = i % 3 == 0 ? rig_login : i % 3 == 1 ? rig_get : rig_delete;
        redis_server_freeze(&rig->redis);
        rig_begin(&call);
        rig_sleep_ms(i < 3 ? 150 : 1000);
        redis_server_thaw(&rig->redis);
        rig_join(&call);
    }
    rig_session(rig);
    rig_row(rig, "hung past the deadline");
    rig->client->deadline_ms = SESSION_DEADLINE_MS;
    redis_server_freeze(&rig->redis);
    rig_get(rig, SESSION_REFUSED, &answer);
    redis_server_thaw(&rig->redis);
    rig_get(rig, SESSION_SERVED, &answer);
    redis_server_freeze(&rig->redis);
    rig->client->deadline_ms = 700;
    rig_login(rig, SESSION_REFUSED, &answer);
    rig->client->deadline_ms = SESSION_DEADLINE_MS;
    redis_server_thaw(&rig->redis);
    rig_get(rig, SESSION_SERVED, &answer);
}

static void signal_function(struct session_rig *rig, int number)
{
    pid_t function = emulator_program(rig->client->emulator);
    if (function > 0)
        kill(function, number);
}

static void test_frozen_function(struct session_rig *rig)
{
    struct session_answer answer;
    struct rig_call call = {.rig = rig, .call = rig_get, .outlook = SESSION_SERVED};
    rig_row(rig, "function frozen, its connection gone meanwhile");
    rig->client->deadline_ms = SESSION_PATIENT_MS;
    for (int i = 0; i < 4; i++) {
        signal_function(rig, SIGSTOP);
        if (i % 2)
            rig_restart(rig);
        else
            redis_server_command(&rig->redis, "CLIENT KILL TYPE normal");
        rig_sleep_ms(i < 2 ? 200 : 1200);
        signal_function(rig, SIGCONT);
        rig_get(rig, SESSION_SERVED, &answer);
    }
    for (int i = 0; i < 2; i++) {
        redis_server_freeze(&rig->redis);
        rig_begin(&call);
        rig_sleep_ms(100);
        signal_function(rig, SIGSTOP);
        rig_restart(rig);
        rig_sleep_ms(500);
        signal_function(rig, SIGCONT);
        rig_join(&call);
    }
    rig->client->deadline_ms = SESSION_DEADLINE_MS;
}

static void test_warm_up(struct session_rig *rig)
{
    char url[64];
    struct session_answer answer;
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d", rig->redis.port);
    rig_row(rig, "after a warm-up");
    session_client_open(rig->client, rig->bootstrap, url, rig->client->row);
    double began_sec = session_now_sec();
    const char *body = session_client_event(rig->client, "{\"warm\":true}");
    double warm_sec = session_now_sec() - began_sec;
    rig_expect(rig, strcmp(body, "{\"warm\":true}") == 0, "a warm-up is not answered as one");
    const char *clients = redis_server_command(&rig->redis, "CLIENT LIST TYPE normal");
    rig_expect(rig, strstr(clients, "cmd=ping") != NULL, "a warm-up makes no connection");
    rig_session(rig);
    rig_get(rig, SESSION_SERVED, &answer);
    printf("first request of the function %.2f ms after its start, warm-up %.2f ms\n",
           rig->client->run.requests[0].arrived_sec * 1e3, warm_sec * 1e3);
}

int main(int argc, char **argv)
{
    static struct session_client client;
    static struct session_rig rig = {.client = &client};
    unsigned long seed = argc > 3 ? strtoul(argv[3], NULL, 0) : (unsigned long)(session_now_sec() * 1e6);
    if (argc < 3) {
        fprintf(stderr, "usage: %s BOOTSTRAP SCRATCH_FOLDER [SEED]\n", argv[0]);
        return 2;
    }
    rig.bootstrap = argv[1];
    rig.redis.folder = argv[2];
    redis_server_start(&rig.redis, NULL, false);
    test_warm_up(&rig);
    test_life(&rig);
    test_bad_input(&rig);
    test_dropped(&rig);
    test_restarted(&rig);
    test_down(&rig);
    test_killed_during(&rig);
    test_hung(&rig);
    test_frozen_function(&rig);
    session_settings(&rig);
    session_soak(&rig, seed, 20);
    session_client_close(rig.client);
    redis_server_kill(&rig.redis);
    int lost = rig_report(&rig);
    printf("%d lost; the random part's seed is %lu\n", lost, seed);
    return lost ? 1 : 0;
}
