/* redis_verdict.h - what an answer of Redis means for whoever asked. */
#ifndef SESSION_REDIS_VERDICT_H
#define SESSION_REDIS_VERDICT_H

enum redis_verdict {
    REDIS_ANSWERED,
    REDIS_AWAY,         /* no answer came: ask again, on another connection */
    REDIS_NOT_YET,      /* it loads its data, or is a replica for the moment: the same */
    REDIS_FULL,         /* it takes no writes and will not in a second; it is there all the same */
    REDIS_WRONG_TYPE,   /* what lies under the key is no session */
    REDIS_MISCONFIGURED /* a password, a right or a version is wrong: only a person can help */
};

/* The verdict on an error reply, "WRONGPASS invalid username-password pair or user is disabled." */
enum redis_verdict redis_verdict_of_error(const char *text);

#endif
