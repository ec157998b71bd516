/*
 * apigw_read.h - the parts of reading an event that several formats share.
 *
 * All of them take the reader's failure as theirs: they give something empty once it has failed.
 */
#ifndef SHARED_APIGW_READ_H
#define SHARED_APIGW_READ_H

#include "json/json_read.h"

#include <shared/apigw.h>

/* Where an event has a map of texts, one of lists of texts, or both. NULL: none. */
struct shared_apigw_map {
    const char *single;
    const char *multi; /* its names win over those of single */
    bool url_encoded;  /* names and values are decoded */
};

/* Each reads what its format has into a request that is all empty. */
void shared_apigw_read_v1(struct shared_json_reader *reader, struct shared_apigw_request *request);
void shared_apigw_read_v2(struct shared_json_reader *reader, struct shared_apigw_request *request);
void shared_apigw_read_mapped(struct shared_json_reader *reader, struct shared_slice event,
                              struct shared_apigw_request *request);

struct shared_apigw_pairs shared_apigw_read_map(struct shared_json_reader *reader,
                                                struct shared_apigw_map map);

/* "body", with the base64 that "isBase64Encoded" announces undone. Sets *body and returns true where there is
 * one. */
bool shared_apigw_read_body(struct shared_json_reader *reader, struct shared_slice *body);

/* The pairs of a list of texts, all under one name. */
struct shared_apigw_pairs shared_apigw_read_list(struct shared_json_reader *reader, const char *path,
                                                 const char *name);

#endif
