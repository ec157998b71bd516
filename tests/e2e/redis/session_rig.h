/* session_rig.h - what the parts of the test of samples/session share: one Redis, one function, one table. */
#ifndef E2E_SESSION_RIG_H
#define E2E_SESSION_RIG_H

#include "redis_server.h"
#include "session_client.h"

#include <pthread.h>

#define SESSION_ROWS 32

struct session_rig {
    struct redis_server redis;
    struct session_client *client;
    char *bootstrap;
    char id[64]; /* a session that is there: "ada" */
    struct session_row *rows[SESSION_ROWS];
    int row_count;
};

/* Opens a row of the table for what follows. */
void rig_row(struct session_rig *rig, const char *name);

/* Prints the table. Returns how much was lost. */
int rig_report(const struct session_rig *rig);

/* One invocation each. GET and DELETE are of rig->id. */
void rig_login(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer);
void rig_get(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer);
void rig_delete(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer);

/* One that is anything else, and must be answered with a status. body and id may be NULL. */
void rig_ask(struct session_rig *rig, const char *method, const char *path, const char *body, const char *id,
             int status);

/* Kills Redis and starts it anew. */
void rig_restart(struct session_rig *rig);

/* Makes sure that rig->id is a session again. */
void rig_session(struct session_rig *rig);

/* The same while this thread does something to Redis or the function: rig_begin returns at once, rig_join
 * waits. */
struct rig_call {
    struct session_rig *rig;
    void (*call)(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer);
    enum session_outlook outlook;
    struct session_answer answer;
    pthread_t thread;
};
void rig_begin(struct rig_call *call);
void rig_join(struct rig_call *call);

/* Counts a loss where something does not hold. */
void rig_expect(struct session_rig *rig, bool holds, const char *what);

void rig_sleep_ms(int ms);

/* session_settings.c: Redis answers with errors, is configured otherwise, lies at another address, or is
 * none. */
void session_settings(struct session_rig *rig);

/* session_soak.c: logs in and out for so many seconds while Redis has one accident after the other. */
void session_soak(struct session_rig *rig, unsigned long seed, double seconds);

#endif
