/*
 * router_oracle.h - which route a path belongs to, found the slow way: each route is held against the path,
 * and of those that fit the one that the header of the router puts first wins.
 */
#ifndef TESTS_ROUTER_ORACLE_H
#define TESTS_ROUTER_ORACLE_H

#include <shared/router.h>

#include <stdlib.h>
#include <string.h>

/* How one segment fits: a literal goes before a parameter, a parameter before a catch-all. */
enum oracle_fit { ORACLE_NOT, ORACLE_LITERAL, ORACLE_PARAMETER, ORACLE_REST };

static inline int oracle_digit(char c)
{
    const char *digits = "0123456789abcdefABCDEF", *at = c ? strchr(digits, c) : NULL;
    int value = at ? (int)(at - digits) : -1;
    return value > 15 ? value - 6 : value;
}

/* The next byte of a segment, decoded; -1 at its end. */
static inline int oracle_byte(const char **at)
{
    const char *text = *at;
    if (*text == '/' || !*text)
        return -1;
    if (*text == '%' && oracle_digit(text[1]) >= 0 && oracle_digit(text[2]) >= 0) {
        *at += 3;
        return oracle_digit(text[1]) * 16 + oracle_digit(text[2]);
    }
    *at += 1;
    return (unsigned char)*text;
}

static inline enum oracle_fit oracle_segment(const char *pattern, const char *path)
{
    if (*pattern == '{') {
        const char *end = strchr(pattern, '}');
        if (end[-1] == '+')
            return *path ? ORACLE_REST : ORACLE_NOT;
        return *path && *path != '/' ? ORACLE_PARAMETER : ORACLE_NOT;
    }
    for (;;) {
        int wanted = oracle_byte(&pattern), got = oracle_byte(&path);
        if (wanted != got)
            return ORACLE_NOT;
        if (wanted < 0)
            return ORACLE_LITERAL;
    }
}

/* Writes how each segment of a pattern fits, as a text to be compared. Returns false where one does not. */
static inline bool oracle_fits(const char *pattern, const char *path, char fits[SHARED_ROUTE_SEGMENTS + 1])
{
    size_t count = 0;
    if (*path != '/')
        return false;
    while (pattern && path) {
        enum oracle_fit fit = oracle_segment(++pattern, ++path);
        if (fit == ORACLE_NOT)
            return false;
        fits[count++] = (char)('0' + fit);
        fits[count] = '\0';
        if (fit == ORACLE_REST)
            return true;
        pattern = strchr(pattern, '/');
        path = strchr(path, '/');
    }
    return !pattern && !path;
}

/* 0: the route does not serve the method; the smaller the better otherwise. */
static inline int oracle_method(const struct shared_route *route, const char *method)
{
    if (route->method && strcmp(route->method, method) == 0)
        return 1;
    if (route->method && strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0)
        return 2;
    return route->method ? 0 : 3;
}

/* The route, or NULL; *is_known says whether the path is there under any method. */
static inline const struct shared_route *oracle_find(const struct shared_route *routes, size_t count,
                                                     const char *method, const char *path, bool *is_known)
{
    const struct shared_route *best = NULL;
    char best_fits[SHARED_ROUTE_SEGMENTS + 1] = "", fits[SHARED_ROUTE_SEGMENTS + 1];
    *is_known = false;
    for (size_t i = 0; i < count; i++) {
        if (!oracle_fits(routes[i].pattern, path, fits))
            continue;
        *is_known = true;
        int rank = oracle_method(&routes[i], method);
        int order = best ? strcmp(fits, best_fits) : -1;
        if (!rank || order > 0 || (order == 0 && rank >= oracle_method(best, method)))
            continue;
        best = &routes[i];
        strcpy(best_fits, fits);
    }
    return best;
}

#endif
