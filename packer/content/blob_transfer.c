#include "content/blob_transfer.h"

#include "base/cleanup.h"
#include "content/blob_url.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define CONNECTIONS_DEFAULT 8
#define CONNECTIONS_MAX 64
#define TIMEOUT_MS_DEFAULT 5000
/* Outlives the first packet that is lost, which is sent again after a second. */
#define CONNECT_TIMEOUT_MS 2500

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t timeout_ms(const struct blob_remote *remote)
{
    return remote->options.timeout_ms ? remote->options.timeout_ms : TIMEOUT_MS_DEFAULT;
}

static unsigned wanted_connections(const struct blob_remote *remote)
{
    unsigned wanted = remote->options.connections ? remote->options.connections : CONNECTIONS_DEFAULT;
    return wanted < CONNECTIONS_MAX ? wanted : CONNECTIONS_MAX;
}

/* The first time something is to be sent. */
static bool start(struct blob_remote *remote)
{
    struct shared_error err = {0};
    if (remote->off || remote->multi)
        return !remote->off;
    if (blob_curl_load(&remote->curl, &err) < 0) {
        remote->off = true;
        blob_verdict_tell(remote, "%s; done without", err.text);
        return false;
    }
    /* No "Expect: 100-continue": servers that do not know it are waited for a second each time. */
    remote->headers = remote->curl.slist_append(NULL, "Expect:");
    if (remote->headers)
        remote->curl.slist_append(remote->headers, "Content-Type: application/octet-stream");
    remote->multi = remote->curl.multi_init();
    if (!remote->multi || !remote->headers) {
        remote->off = true;
        return false;
    }
    remote->connections = wanted_connections(remote);
    remote->curl.multi_setopt(remote->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)remote->connections);
    remote->curl.multi_setopt(remote->multi, CURLMOPT_MAXCONNECTS, (long)remote->connections);
    return true;
}

/* libcurl leaves these to who calls it. NULL: the system's. */
static const char *certificates(void)
{
    const char *file = getenv("CURL_CA_BUNDLE");
    if (!file || !*file)
        file = getenv("SSL_CERT_FILE");
    return file && *file ? file : NULL;
}

static void set_common(struct blob_transfer *transfer)
{
    struct blob_remote *remote = transfer->remote;
    __typeof__(curl_easy_setopt) *set = remote->curl.easy_setopt;
    uint64_t whole = timeout_ms(remote), connect = whole < CONNECT_TIMEOUT_MS ? whole : CONNECT_TIMEOUT_MS;
    remote->curl.easy_reset(transfer->easy);
    set(transfer->easy, CURLOPT_PRIVATE, (void *)transfer);
    set(transfer->easy, CURLOPT_URL, transfer->url);
    set(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    set(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    set(transfer->easy, CURLOPT_TIMEOUT_MS, (long)whole);
    /* Unknown to a libcurl before 7.85; the scheme was checked, and nothing is followed. */
    set(transfer->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(transfer->easy, CURLOPT_USERAGENT, "demine/" DEMINE_VERSION);
    set(transfer->easy, CURLOPT_TCP_NODELAY, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name that is still being looked up is not waited for: where no name server answers that takes ten seconds. */
    set(transfer->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    if (strncasecmp(remote->url, "https", 5) != 0)
        return;
    /* One connection that all share (HTTP/2) takes one handshake, and reads the system's certificates once. */
    set(transfer->easy, CURLOPT_PIPEWAIT, 1L);
    if (certificates())
        set(transfer->easy, CURLOPT_CAINFO, certificates());
}

bool blob_transfer_prepare(struct blob_transfer *transfer, enum blob_verb verb)
{
    transfer->verb = verb;
    transfer->fault = NULL;
    transfer->done_bytes = 0;
    free(transfer->url);
    transfer->url = blob_url_of(transfer->remote->url, &transfer->key);
    if (!transfer->url)
        return false;
    set_common(transfer);
    if (verb == BLOB_HEAD)
        transfer->remote->curl.easy_setopt(transfer->easy, CURLOPT_NOBODY, 1L);
    else if (verb == BLOB_GET)
        blob_get_prepare(transfer);
    else
        blob_put_prepare(transfer);
    return true;
}

/* Begins what a slot does next. */
static bool begin(struct blob_work *work, struct blob_transfer *transfer)
{
    CURLM *multi = work->remote->multi;
    if (!work->begin(work, transfer))
        return false;
    transfer->again = false;
    transfer->active = work->remote->curl.multi_add_handle(multi, transfer->easy) == CURLM_OK;
    return transfer->active;
}

bool blob_transfer_unmade(const struct blob_transfer *transfer, CURLcode result)
{
    double made_s = 0;
    if (result != CURLE_COULDNT_CONNECT && result != CURLE_OPERATION_TIMEDOUT)
        return false;
    transfer->remote->curl.easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME, &made_s);
    return made_s <= 0;
}

/* Where a server takes no more connections, what one more was for goes over those that it has taken. */
static bool begin_again(struct blob_transfer *transfer, CURLcode result)
{
    struct blob_remote *remote = transfer->remote;
    if (transfer->again || !remote->answered || remote->connections < 2 ||
        !blob_transfer_unmade(transfer, result))
        return false;
    transfer->again = true;
    remote->curl.multi_setopt(remote->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)--remote->connections);
    return blob_transfer_prepare(transfer, transfer->verb);
}

/* Looks at what is done; returns how many slots have nothing to do any more. */
static size_t look(struct blob_work *work)
{
    const struct blob_curl *curl = &work->remote->curl;
    size_t idle = 0;
    CURLMsg *message;
    int left;
    while ((message = curl->multi_info_read(work->remote->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct blob_transfer *transfer = NULL;
        CURLcode result = message->data.result;
        long status = 0;
        curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        curl->easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        curl->multi_remove_handle(work->remote->multi, transfer->easy);
        transfer->active = false;
        work->remote->requests++;
        work->remote->answered |= status > 0;
        if (begin_again(transfer, result) || work->end(work, transfer, result, status))
            transfer->active = curl->multi_add_handle(work->remote->multi, transfer->easy) == CURLM_OK;
        if (!transfer->active && (work->remote->off || !begin(work, transfer)))
            idle++;
    }
    return idle;
}

static void run(struct blob_work *work, struct blob_transfer *transfers, size_t count)
{
    struct blob_remote *remote = work->remote;
    uint64_t began_ms = now_ms() - remote->waited_ms;
    size_t active = 0;
    while (active < count && begin(work, &transfers[active]))
        active++;
    while (active > 0 && !remote->off) {
        int running;
        if (remote->curl.multi_perform(remote->multi, &running) != CURLM_OK)
            return;
        active -= look(work);
        remote->waited_ms = now_ms() - began_ms;
        blob_verdict_time(remote);
        if (active > 0 && !remote->off)
            remote->curl.multi_poll(remote->multi, NULL, 0, 200, NULL);
    }
}

static void release(struct blob_work *work, struct blob_transfer *transfer)
{
    const struct blob_curl *curl = &work->remote->curl;
    if (transfer->active)
        curl->multi_remove_handle(work->remote->multi, transfer->easy);
    if (transfer->easy)
        curl->easy_cleanup(transfer->easy);
    blob_get_clean_up(transfer);
    free(transfer->url);
}

static void run_with_slots(struct blob_work *work)
{
    size_t wanted = wanted_connections(work->remote), count = 0;
    if (wanted > work->count)
        wanted = work->count;
    CLEANUP_FREE struct blob_transfer *transfers = calloc(wanted + 1, sizeof(*transfers));
    while (transfers && count < wanted) {
        transfers[count] = (struct blob_transfer){.remote = work->remote,
                                                  .cache = work->cache,
                                                  .easy = work->remote->curl.easy_init(),
                                                  .spill = -1};
        if (!transfers[count].easy)
            break;
        count++;
    }
    if (count > 0)
        run(work, transfers, count);
    for (size_t i = 0; i < count; i++)
        release(work, &transfers[i]);
}

void blob_transfer_all(struct blob_work *work)
{
    if (work->count == 0 || !start(work->remote))
        return;
    /* libcurl without signals of its own leaves SIGPIPE to its caller. */
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    run_with_slots(work);
    if (!was_pending)
        while (sigtimedwait(&pipe_signal, NULL, &(struct timespec){0}) > 0)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
