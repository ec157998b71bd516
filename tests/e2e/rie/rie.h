/* rie.h - aws-lambda-rie with a function behind it, and requests to it. */
#ifndef E2E_RIE_H
#define E2E_RIE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct rie {
    pid_t pid;
    int port; /* where it is invoked */
};

struct rie_answer {
    int status;
    char *text; /* the whole of it, NUL-terminated; freed by the caller */
    const char *body;
    size_t body_bytes;
};

/* Starts it and waits until it listens. Returns 0, or -1 with a message on standard error. */
int rie_start(const char *program, const char *function, struct rie *rie);
void rie_stop(struct rie *rie);

/* Invokes the function. header is a further header line or NULL. Returns 0 or -1. */
int rie_invoke(const struct rie *rie, const char *header, const char *event, size_t event_bytes,
               struct rie_answer *answer);

#endif
