/* apigw_split.h - what HTTP packs into one text, taken apart. Texts and pairs live in the arena. */
#ifndef SHARED_APIGW_SPLIT_H
#define SHARED_APIGW_SPLIT_H

#include <shared/apigw.h>

/*
 * The pairs of a query such as "id=1&tag=a%20b&tag=c", decoded. Returns SHARED_EPROTO where it holds %00, or
 * SHARED_ENOMEM.
 */
int shared_apigw_split_query(const char *query, struct shared_arena *arena, struct shared_apigw_pairs *pairs,
                             struct shared_error *err);

/* The cookies in all Cookie headers among headers, values as they are. Returns 0 or SHARED_ENOMEM. */
int shared_apigw_split_cookies(const struct shared_apigw_pairs *headers, struct shared_arena *arena,
                               struct shared_apigw_pairs *cookies, struct shared_error *err);

/* The last address in all X-Forwarded-For headers: who spoke to the load balancer. "" where there is none,
 * NULL where memory is exhausted. */
const char *shared_apigw_last_hop(const struct shared_apigw_pairs *headers, struct shared_arena *arena);

#endif
