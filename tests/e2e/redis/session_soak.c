#include "session_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTAGES 512
#define REFUSALS 4096
#define SESSIONS 8

/* An invocation is expected to be served where Redis was there for so long without a break in its time: it
 * covers one attempt that hangs (0.6 s) and the longest pause after it (0.2 s), on a busy machine. */
#define ENOUGH_SEC 1.6

/* How long after an outage the breaker may still refuse. */
#define BREAKER_SEC 1.6

struct span {
    double from_sec, to_sec;
};

struct soak {
    struct session_rig *rig;
    unsigned long random, caller_random; /* of the accidents, of the calls */
    double end_sec;
    struct span outages[OUTAGES], refusals[REFUSALS];
    int outage_count, refusal_count, wrong;
    char ids[SESSIONS][64]; /* sessions that are there; "" */
};

/* xorshift64*: George Marsaglia, "Xorshift RNGs", 2003. */
static unsigned draw(unsigned long *random, unsigned below)
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return (unsigned)((*random * 0x2545F4914F6CDD1D) >> 33) % below;
}

/* One accident, noted where Redis was away for its time. */
static void have_accident(struct soak *soak)
{
    struct redis_server *redis = &soak->rig->redis;
    struct span *outage = &soak->outages[soak->outage_count];
    unsigned kind = draw(&soak->random, 8);
    int pause_ms = (int)draw(&soak->random, kind == 7 ? 4500 : 500);
    if (kind < 2) {
        redis_server_command(redis, "CLIENT KILL TYPE normal");
        return;
    }
    outage->from_sec = session_now_sec();
    redis_server_freeze(redis);
    if (kind < 5)
        redis_server_kill(redis);
    rig_sleep_ms(pause_ms);
    if (kind == 5 || kind == 7)
        redis_server_kill(redis);
    if (kind == 6)
        redis_server_thaw(redis);
    else
        redis_server_start(redis, NULL, false);
    outage->to_sec = session_now_sec();
    soak->outage_count++;
}

static void note_refusal(struct soak *soak, const struct session_answer *answer)
{
    if (answer->refused && soak->refusal_count < REFUSALS)
        soak->refusals[soak->refusal_count++] = (struct span){answer->began_sec, answer->ended_sec};
}

/* A session that Redis said it has, it has until it is deleted, whatever happened meanwhile. */
static void call_once(struct soak *soak, unsigned long *random)
{
    struct session_rig *rig = soak->rig;
    struct session_answer answer;
    char *id = soak->ids[draw(random, SESSIONS)];
    unsigned wish = draw(random, 10);
    strcpy(rig->id, id);
    if (!*id) {
        rig_login(rig, SESSION_EITHER, &answer);
        strcpy(id, answer.served ? answer.id : "");
    } else if (wish == 0) {
        struct session_request request = {
            .method = "DELETE", .path = "/session", .id = id, .status = 204, .outlook = SESSION_EITHER};
        session_client_call(rig->client, &request, &answer);
        *id = '\0';
    } else {
        rig_get(rig, SESSION_EITHER, &answer);
    }
    note_refusal(soak, &answer);
}

static void *call_on(void *argument)
{
    struct soak *soak = argument;
    while (session_now_sec() < soak->end_sec)
        call_once(soak, &soak->caller_random);
    return NULL;
}

/* The longest time in a span for which Redis was there. */
static double longest_presence(const struct soak *soak, struct span span)
{
    double longest = 0, from = span.from_sec;
    for (int i = 0; i < soak->outage_count; i++) {
        const struct span *outage = &soak->outages[i];
        if (outage->to_sec <= from || outage->from_sec >= span.to_sec)
            continue;
        longest = outage->from_sec - from > longest ? outage->from_sec - from : longest;
        from = outage->to_sec;
    }
    return span.to_sec - from > longest ? span.to_sec - from : longest;
}

static bool was_away(const struct soak *soak, struct span span)
{
    for (int i = 0; i < soak->outage_count; i++) {
        if (soak->outages[i].from_sec < span.to_sec && soak->outages[i].to_sec > span.from_sec)
            return true;
    }
    return false;
}

static void judge_refusals(struct soak *soak)
{
    for (int i = 0; i < soak->refusal_count; i++) {
        struct span span = soak->refusals[i];
        struct span before = {span.from_sec - BREAKER_SEC, span.to_sec};
        if (longest_presence(soak, span) < ENOUGH_SEC && was_away(soak, before))
            continue;
        fprintf(stderr, "refused after %.0f ms, though Redis was there\n",
                (span.to_sec - span.from_sec) * 1e3);
        session_client_lose(soak->rig->client, "a 503 that need not have been");
    }
}

void session_soak(struct session_rig *rig, unsigned long seed, double seconds)
{
    static struct soak soak;
    pthread_t caller;
    seed = seed ? seed : 1;
    soak = (struct soak){.rig = rig,
                         .random = seed,
                         .caller_random = seed ^ 0x9E3779B97F4A7C15,
                         .end_sec = session_now_sec() + seconds};
    rig_row(rig, "accidents at random");
    printf("the random part's seed is %lu\n", seed);
    fflush(stdout);
    if (pthread_create(&caller, NULL, call_on, &soak) != 0)
        abort();
    while (session_now_sec() < soak.end_sec && soak.outage_count < OUTAGES) {
        rig_sleep_ms((int)draw(&soak.random, 900));
        have_accident(&soak);
    }
    pthread_join(caller, NULL);
    judge_refusals(&soak);
    printf("%d outages\n", soak.outage_count);
}
