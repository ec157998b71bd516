#include "redis_verdict.h"

#include <stddef.h>
#include <string.h>

/* The words that an error begins with, from src/server.c of Redis 7.0 and, for a cluster, src/cluster.c. */
static const struct {
    const char *begin;
    enum redis_verdict verdict;
} errors[] = {
    {"LOADING ", REDIS_NOT_YET},
    {"READONLY ", REDIS_NOT_YET}, /* after a failover the primary is behind another connection */
    {"MASTERDOWN ", REDIS_NOT_YET},
    {"BUSY ", REDIS_NOT_YET},
    {"TRYAGAIN ", REDIS_NOT_YET},
    {"CLUSTERDOWN ", REDIS_NOT_YET},
    {"NOREPLICAS ", REDIS_NOT_YET},
    {"ERR max number of clients reached", REDIS_NOT_YET},
    {"OOM ", REDIS_FULL},
    {"MISCONF ", REDIS_FULL}, /* its disk is full, or cannot be written */
    {"WRONGTYPE ", REDIS_WRONG_TYPE},
};

enum redis_verdict redis_verdict_of_error(const char *text)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
        if (strncmp(text, errors[i].begin, strlen(errors[i].begin)) == 0)
            return errors[i].verdict;
    }
    return REDIS_MISCONFIGURED;
}
