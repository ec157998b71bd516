#include "content/blob_curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t at;
} functions[] = {
    {"curl_global_init", offsetof(struct blob_curl, global_init)},
    {"curl_easy_init", offsetof(struct blob_curl, easy_init)},
    {"curl_easy_cleanup", offsetof(struct blob_curl, easy_cleanup)},
    {"curl_easy_reset", offsetof(struct blob_curl, easy_reset)},
    {"curl_easy_setopt", offsetof(struct blob_curl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(struct blob_curl, easy_getinfo)},
    {"curl_easy_strerror", offsetof(struct blob_curl, easy_strerror)},
    {"curl_multi_init", offsetof(struct blob_curl, multi_init)},
    {"curl_multi_cleanup", offsetof(struct blob_curl, multi_cleanup)},
    {"curl_multi_setopt", offsetof(struct blob_curl, multi_setopt)},
    {"curl_multi_add_handle", offsetof(struct blob_curl, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(struct blob_curl, multi_remove_handle)},
    {"curl_multi_perform", offsetof(struct blob_curl, multi_perform)},
    {"curl_multi_poll", offsetof(struct blob_curl, multi_poll)},
    {"curl_multi_info_read", offsetof(struct blob_curl, multi_info_read)},
    {"curl_slist_append", offsetof(struct blob_curl, slist_append)},
    {"curl_slist_free_all", offsetof(struct blob_curl, slist_free_all)},
};

static void *open_library(void)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof(names) / sizeof(*names); i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return library;
}

int blob_curl_load(struct blob_curl *curl, struct shared_error *err)
{
    void *library = open_library();
    if (!library)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                           "libcurl.so.4 cannot be loaded; on Debian: apt-get install libcurl4");
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function)
            return shared_fail(err, SHARED_EUNSUPPORTED, 0,
                               "libcurl has no %s: one of 7.66 or newer is needed", functions[i].name);
        memcpy((char *)curl + functions[i].at, &function, sizeof(function));
    }
    if (curl->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return shared_fail(err, SHARED_EUNSUPPORTED, 0, "libcurl does not start");
    return 0;
}
