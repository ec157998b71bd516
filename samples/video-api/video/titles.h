/* titles.h - the titles of the service, read once from share/titles.json, found by id and by query. */
#ifndef VIDEO_TITLES_H
#define VIDEO_TITLES_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

#define TITLE_RENDITIONS_MAX 8

/* All texts belong to struct titles. */
struct title {
    const char *id; /* "metropolis-1927" */
    const char *name;
    const char *original_name; /* NULL where it is the same */
    unsigned year;
    const struct cJSON *genres;             /* array of texts */
    const struct cJSON *directors;          /* array of texts */
    unsigned heights[TITLE_RENDITIONS_MAX]; /* of its renditions in lines, ascending; at least one */
    size_t height_count;
    int64_t available_until_s; /* first second, since 1970 in UTC, at which it is gone; INT64_MAX: stays */
    struct shared_slice json;  /* the title as the API gives it */
};

/* {0} is empty. Read-only once loaded: any thread may look things up. */
struct titles {
    struct title *items;
    size_t count;
    struct cJSON *root;
    struct shared_arena arena;
};

/*
 * Reads an array of titles. Fails with SHARED_EPROTO and a message that names the title and the field; with
 * SHARED_ENOMEM. titles_clean_up is right afterwards in any case.
 */
int titles_load(struct titles *titles, struct shared_slice json, struct shared_error *err);
void titles_clean_up(struct titles *titles);

/* The title of an id, or NULL. */
const struct title *titles_find(const struct titles *titles, const char *id);

/* Whether the title's licence has run out at a time, given in seconds since 1970. */
static inline bool title_expired(const struct title *title, int64_t now_s)
{
    return now_s >= title->available_until_s;
}

#define TITLE_LIMIT_DEFAULT 20
#define TITLE_LIMIT_MAX 100

/* What is asked for; {.limit = TITLE_LIMIT_DEFAULT} matches all. */
struct title_query {
    const char *genre; /* NULL: any */
    const char *text;  /* part of a name or of a director's, whatever the case; NULL: any */
    unsigned year;     /* 0: any */
    size_t limit;      /* how many to give, 1 to TITLE_LIMIT_MAX */
};

/*
 * Takes one parameter of a URL's query: genre, q, year or limit. Fails with SHARED_EINVAL where the name is
 * none of these or the value is no good; the message is fit for the caller of the API. name and value are
 * borrowed.
 */
int title_query_set(struct title_query *query, const char *name, const char *value, struct shared_error *err);

/* Puts the first query->limit titles that match into found and returns how many match in all. */
size_t titles_select(const struct titles *titles, const struct title_query *query,
                     const struct title **found);

#endif
