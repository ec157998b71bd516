/*
 * session_client.h - who logs in: gives the function events, judges what it answers, and counts.
 *
 * An invocation is served where it is answered as it should be; it is refused where the answer is a clean
 * 503; everything else is lost: an error, another status, no answer before the deadline, a 503 where Redis
 * was there.
 */
#ifndef E2E_SESSION_CLIENT_H
#define E2E_SESSION_CLIENT_H

#include "emulator.h"

#include <stdbool.h>
#include <stddef.h>

#define SESSION_TIMES 8192

/* Milliseconds that an invocation has; where it is to be served, however slow the machine is, it is patient. */
#define SESSION_DEADLINE_MS 3000
#define SESSION_PATIENT_MS 20000

/* What was done in one part of the test. */
struct session_row {
    const char *name;
    int invocations, served, refused, lost;
    size_t time_count;
    double times_sec[SESSION_TIMES]; /* of those served, the first so many */
};

/* The function's process with whoever calls it. {0} before session_client_open. */
struct session_client {
    char *argv[2];
    const char *env[2];
    char url[256]; /* REDIS_URL=… */
    struct emulator_options options;
    struct emulator_run run;
    struct emulator *emulator;
    struct session_row *row; /* where the next invocations are counted */
    int deadline_ms;         /* of the next invocations */
};

/* What Redis is able to at the time of an invocation. */
enum session_outlook {
    SESSION_SERVED,  /* it must be served */
    SESSION_REFUSED, /* it must be a clean 503 */
    SESSION_EITHER   /* the caller finds out */
};

/* What is asked, and how it should be answered. */
struct session_request {
    const char *method, *path, *body, *id; /* body and id may be NULL */
    int status;                            /* where it is served */
    const char *text;                      /* in the body of the answer; NULL: none is looked for */
    enum session_outlook outlook;
};

struct session_answer {
    bool served, refused; /* neither: lost */
    int status;
    char id[64];      /* of the cookie that was set; "" */
    char cookie[512]; /* all of it */
    char body[1024];
    double began_sec, ended_sec; /* emulator_now's clock */
};

double session_now_sec(void);

/* Starts the function with a REDIS_URL and waits until it asks for its first event. Exits where it does not.
 */
void session_client_open(struct session_client *client, char *bootstrap, const char *url,
                         struct session_row *row);

/* Tells it to end, sanitizers and all; every violation of the Runtime API is printed and counted as one lost
 * invocation. */
void session_client_close(struct session_client *client);

/* One invocation. What is lost is told on standard error, with the reason. Where the function is gone the
 * test exits. */
void session_client_call(struct session_client *client, const struct session_request *request,
                         struct session_answer *answer);

/* Gives the function an event as it is and takes the body of its answer; NULL where there was none. Not
 * counted. */
const char *session_client_event(struct session_client *client, const char *event);

/* Whether the function has said something, on standard output or error. */
bool session_client_said(const struct session_client *client, const char *text);

/* Counts a loss that only its caller could see. */
void session_client_lose(struct session_client *client, const char *why);

#endif
