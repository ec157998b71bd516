/*
 * blob_curl.h - libcurl, loaded where a server is to be spoken to.
 *
 * Linked, it and its thirty libraries would add 4 ms to the start of each demine; so its functions are looked up by
 * name when they are needed, and nothing of demine needs it otherwise.
 */
#ifndef PACKER_BLOB_CURL_H
#define PACKER_BLOB_CURL_H

#include <shared/error.h>

#include <curl/curl.h>

struct blob_curl {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_reset) *easy_reset;
    __typeof__(curl_easy_setopt) *easy_setopt;
    __typeof__(curl_easy_getinfo) *easy_getinfo;
    __typeof__(curl_easy_strerror) *easy_strerror;
    __typeof__(curl_multi_init) *multi_init;
    __typeof__(curl_multi_cleanup) *multi_cleanup;
    __typeof__(curl_multi_setopt) *multi_setopt;
    __typeof__(curl_multi_add_handle) *multi_add_handle;
    __typeof__(curl_multi_remove_handle) *multi_remove_handle;
    __typeof__(curl_multi_perform) *multi_perform;
    __typeof__(curl_multi_poll) *multi_poll;
    __typeof__(curl_multi_info_read) *multi_info_read;
    __typeof__(curl_slist_append) *slist_append;
    __typeof__(curl_slist_free_all) *slist_free_all;
};

/* Loads it, for good. SHARED_EUNSUPPORTED: it is not on this machine; the message says what to install. One thread. */
int blob_curl_load(struct blob_curl *curl, struct shared_error *err);

#endif
