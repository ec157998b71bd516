#include "odd_peer.h"
#include "session_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_refusals(struct session_rig *rig)
{
    struct session_answer answer;
    struct rig_call call = {.rig = rig, .call = rig_get, .outlook = SESSION_SERVED};
    rig_row(rig, "READONLY for a moment, and for longer");
    for (int i = 0; i < 2; i++) {
        redis_server_command(&rig->redis, "REPLICAOF 127.0.0.1 1");
        rig_begin(&call);
        rig_sleep_ms(400);
        redis_server_command(&rig->redis, "REPLICAOF NO ONE");
        rig_join(&call);
        call.call = rig_login;
    }
    rig_expect(rig, session_client_said(rig->client, "READONLY"), "Redis did not say READONLY");
    redis_server_command(&rig->redis, "REPLICAOF 127.0.0.1 1");
    rig_get(rig, SESSION_REFUSED, &answer);
    redis_server_command(&rig->redis, "REPLICAOF NO ONE");
    rig_get(rig, SESSION_SERVED, &answer);

    rig_row(rig, "OOM: reads go on");
    redis_server_command(&rig->redis, "CONFIG SET maxmemory 1");
    for (int i = 0; i < 4; i++) {
        rig_login(rig, SESSION_REFUSED, &answer);
        rig_expect(rig, answer.ended_sec - answer.began_sec < 1, "OOM is asked about again and again");
        rig_get(rig, SESSION_SERVED, &answer);
    }
    rig_expect(rig, session_client_said(rig->client, "OOM"), "Redis did not say OOM");
    redis_server_command(&rig->redis, "CONFIG SET maxmemory 0");
    rig_login(rig, SESSION_SERVED, &answer);

    rig_row(rig, "WRONGTYPE: no session");
    redis_server_command(&rig->redis, "RPUSH session:0123456789abcdef0123456789abcdef x");
    rig_ask(rig, "GET", "/session", NULL, "0123456789abcdef0123456789abcdef", 401);
    rig_expect(rig, session_client_said(rig->client, "WRONGTYPE"), "the log does not tell of WRONGTYPE");
    rig_ask(rig, "DELETE", "/session", NULL, "0123456789abcdef0123456789abcdef", 204);
}

/* Thousands of keys in a dump, of which each takes half a millisecond: Redis listens long before it is ready.
 * (While it reads a log of commands it looks at its clients only once in 1,024 of them.) */
static void fill_dump(struct session_rig *rig, const char *command)
{
    redis_server_command(&rig->redis, "EVAL \"for i=1,3000 do redis.call('%s','filler:'..i%s) end\" 0",
                         command, *command == 'S' ? ",i" : "");
    redis_server_command(&rig->redis, "BGREWRITEAOF");
    for (int i = 0; i < 1000; i++) {
        const char *state = redis_server_command(&rig->redis, "INFO persistence");
        if (strstr(state, "aof_rewrite_in_progress:0") && strstr(state, "aof_rewrite_scheduled:0"))
            return;
        rig_sleep_ms(10);
    }
    rig_expect(rig, false, "Redis does not write its dump");
}

static void test_loading(struct session_rig *rig)
{
    static const char *const slowly[] = {"--key-load-delay", "500", "--loading-process-events-interval-bytes",
                                         "1024", NULL};
    struct session_answer answer;
    rig_row(rig, "LOADING");
    rig->client->deadline_ms = SESSION_PATIENT_MS;
    fill_dump(rig, "SET");
    for (int i = 0; i < 2; i++) {
        redis_server_kill(&rig->redis);
        redis_server_start(&rig->redis, slowly, true);
        i == 0 ? rig_get(rig, SESSION_SERVED, &answer) : rig_login(rig, SESSION_SERVED, &answer);
    }
    rig_expect(rig, session_client_said(rig->client, "LOADING"), "Redis did not say LOADING");
    rig->client->deadline_ms = SESSION_DEADLINE_MS;
    rig_restart(rig);
    fill_dump(rig, "DEL");
}

/* Starts another function, which a test then calls in the place of the first. Returns the first. */
static struct session_client *open_other(struct session_rig *rig, const char *url)
{
    struct session_client *first = rig->client, *other = malloc(sizeof(*other));
    if (!other)
        abort();
    session_client_open(other, rig->bootstrap, url, first->row);
    rig->client = other;
    return first;
}

static void close_other(struct session_rig *rig, struct session_client *first)
{
    session_client_close(rig->client);
    free(rig->client);
    rig->client = first;
}

/* What is wrong in an address is refused at once, and the log says what it is. */
static void refuse_address(struct session_rig *rig, const char *url, const char *log)
{
    struct session_answer answer;
    struct session_client *first = open_other(rig, url);
    for (int i = 0; i < 3; i++) {
        rig_login(rig, SESSION_REFUSED, &answer);
        rig_expect(rig, answer.ended_sec - answer.began_sec < 1, "a wrong setting is tried again and again");
    }
    rig_expect(rig, session_client_said(rig->client, log), log);
    rig_expect(rig, session_client_said(rig->client, "\"level\":\"ERROR\""), "no ERROR line");
    rig_expect(rig, !session_client_said(rig->client, "s3cret"), "the log tells a password");
    close_other(rig, first);
}

static void serve_address(struct session_rig *rig, const char *url)
{
    struct session_answer answer;
    struct session_client *first = open_other(rig, url);
    rig_login(rig, SESSION_SERVED, &answer);
    redis_server_command(&rig->redis, "AUTH s3cret@/\r\nCLIENT KILL TYPE normal");
    rig_get(rig, SESSION_SERVED, &answer);
    close_other(rig, first);
}

static void test_addresses(struct session_rig *rig)
{
    char url[256];
    int port = rig->redis.port;
    rig_row(rig, "REDIS_URL, password and database");
    snprintf(url, sizeof(url), "redis://localhost:%d/3", port);
    serve_address(rig, url);
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/99", port);
    refuse_address(rig, url, "DB index is out of range");
    snprintf(url, sizeof(url), "redis://:s3cret@127.0.0.1:%d", port);
    refuse_address(rig, url, "without any password configured");

    redis_server_command(&rig->redis, "CONFIG SET requirepass s3cret@/");
    snprintf(url, sizeof(url), "redis://:s3cret%%40%%2f@127.0.0.1:%d", port);
    serve_address(rig, url);
    snprintf(url, sizeof(url), "redis://default:s3cret%%40%%2F@localhost:%d/1", port);
    serve_address(rig, url);
    snprintf(url, sizeof(url), "redis://:s3cret@127.0.0.1:%d", port);
    refuse_address(rig, url, "WRONGPASS");
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d", port);
    refuse_address(rig, url, "NOAUTH");
    redis_server_command(&rig->redis, "AUTH s3cret@/\r\nCONFIG SET requirepass \"\"");

    refuse_address(rig, "", "REDIS_URL: set it to");
    refuse_address(rig, "http://127.0.0.1", "should begin with redis://");
    refuse_address(rig, "rediss://:s3cret@127.0.0.1", "no TLS");
    refuse_address(rig, "redis://s3cret@127.0.0.1", "before the @");
    refuse_address(rig, "redis://:s3cret%4@127.0.0.1", "percent");
    refuse_address(rig, "redis://", "no host");
    refuse_address(rig, "redis://[::1", "after [,");
    refuse_address(rig, "redis://127.0.0.1:0", "the port");
    refuse_address(rig, "redis://127.0.0.1:6379/x", "the database");
}

/* What is at that address is never Redis; the first invocation finds it out slowly, but in time. */
static void refuse_peer(struct session_rig *rig, const char *url, const char *log)
{
    struct session_answer answer;
    struct session_client *first = open_other(rig, url);
    rig->client->deadline_ms = 1500;
    rig_get(rig, SESSION_REFUSED, &answer);
    rig_login(rig, SESSION_REFUSED, &answer);
    rig_get(rig, SESSION_REFUSED, &answer);
    rig_expect(rig, answer.ended_sec - answer.began_sec < 0.5, "the breaker stays closed");
    rig_expect(rig, session_client_said(rig->client, log), log);
    close_other(rig, first);
}

static void test_odd_peers(struct session_rig *rig)
{
    static const char *const logs[] = {[ODD_PEER_DRIBBLES] = "no answer in time",
                                       [ODD_PEER_HTTP] = "Protocol error",
                                       [ODD_PEER_RESETS] = "Connection reset by peer",
                                       [ODD_PEER_DEAF] = "no answer in time"};
    rig_row(rig, "not Redis, or nobody");
    for (int kind = ODD_PEER_DRIBBLES; kind <= ODD_PEER_DEAF; kind++) {
        char url[64];
        int port;
        struct odd_peer *peer = odd_peer_open((enum odd_peer_kind)kind, &port);
        snprintf(url, sizeof(url), "redis://127.0.0.1:%d", port);
        refuse_peer(rig, url, logs[kind]);
        odd_peer_close(peer);
    }
    refuse_peer(rig, "redis://no-such-host.invalid", "look up no-such-host.invalid");
}

static void test_leaving_peer(struct session_rig *rig)
{
    char url[64];
    int port;
    struct session_answer answer;
    struct odd_peer *peer = odd_peer_open(ODD_PEER_LEAVES, &port);
    rig_row(rig, "one that closes and resets after each answer");
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d", port);
    struct session_client *first = open_other(rig, url);
    for (int i = 0; i < 4; i++) {
        rig_login(rig, SESSION_SERVED, &answer);
        rig_sleep_ms(100);
    }
    close_other(rig, first);
    odd_peer_close(peer);
}

void session_settings(struct session_rig *rig)
{
    test_refusals(rig);
    test_loading(rig);
    test_addresses(rig);
    test_odd_peers(rig);
    test_leaving_peer(rig);
}
