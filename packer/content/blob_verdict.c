#include "content/blob_transfer.h"

#include <stdarg.h>
#include <stdio.h>

/* So often a server may fail in a run. */
#define FAILURES_MAX 4

/* What waiting for it may cost a run. */
#define BUDGET_MS_DEFAULT 10000
#define MADE_BYTES_PER_S_DEFAULT 64000000

void blob_verdict_tell(struct blob_remote *remote, const char *format, ...)
{
    char what[160], text[SHARED_ERROR_TEXT_BYTES];
    if (!remote->options.warn)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    snprintf(text, sizeof(text), "cache %.70s: %s", remote->shown, what);
    remote->options.warn(remote->options.warn_user, text);
}

void blob_verdict_failed(struct blob_remote *remote, bool at_once, const char *format, ...)
{
    char what[120];
    va_list arguments;
    if (++remote->failures >= FAILURES_MAX || at_once)
        remote->off = true;
    if (remote->told)
        return;
    remote->told = true;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    blob_verdict_tell(remote, "%s; done without%s", what,
                      remote->off ? "" : ", and left alone if it goes on");
}

void blob_verdict_time(struct blob_remote *remote)
{
    const struct blob_remote_options *options = &remote->options;
    uint64_t budget_ms = options->budget_ms ? options->budget_ms : BUDGET_MS_DEFAULT;
    uint64_t rate = options->made_bytes_per_s ? options->made_bytes_per_s : MADE_BYTES_PER_S_DEFAULT;
    double waited_s = (double)remote->waited_ms / 1e3, saved_s = remote->carried_bytes / (double)rate;
    if (remote->off || waited_s - saved_s <= (double)budget_ms / 1e3)
        return;
    remote->off = true;
    blob_verdict_tell(
        remote,
        "too slow: %ju requests took %.1f s, %.1f s more than they saved; left alone for the rest "
        "of the run",
        (uintmax_t)remote->requests, waited_s, waited_s - saved_s);
}

/* Nothing came back, or not all. */
static void no_answer(struct blob_transfer *transfer, CURLcode result)
{
    struct blob_remote *remote = transfer->remote;
    bool of_many = remote->answered && blob_transfer_unmade(transfer, result);
    bool at_once = result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_RESOLVE_PROXY ||
                   (!of_many && (result == CURLE_COULDNT_CONNECT || result == CURLE_OPERATION_TIMEDOUT)) ||
                   result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CONNECT_ERROR ||
                   result == CURLE_UNSUPPORTED_PROTOCOL;
    blob_verdict_failed(remote, at_once, "%s", remote->curl.easy_strerror(result));
}

static enum blob_answer put_refused(struct blob_transfer *transfer, long status)
{
    struct blob_remote *remote = transfer->remote;
    if (status != 413) {
        const char *what = status == 404 || status == 410
                               ? "answers a PUT with %ld: nothing is kept; is the path right?"
                               : "can only be read (it answers a PUT with %ld); nothing is sent";
        if (!remote->options.reads_only)
            blob_verdict_tell(remote, what, status);
        remote->options.reads_only = true;
        return BLOB_ABSENT;
    }
    uint64_t size = transfer->entry.blob.stream_bytes + BLOB_BODY_HEADER_BYTES;
    if (!remote->told_size)
        blob_verdict_tell(remote,
                          "takes no body of %ju bytes (413); larger limit: nginx' client_max_body_size",
                          (uintmax_t)size);
    remote->told_size = true;
    if (!remote->body_bytes_max || remote->body_bytes_max > size)
        remote->body_bytes_max = size;
    return BLOB_ABSENT;
}

/* Not what is to be sent: to be sent anything, or so much. */
static bool refuses(long status)
{
    return status == 401 || status == 403 || status == 404 || status == 405 || status == 410 ||
           status == 413 || status == 501;
}

static bool leads_elsewhere(long status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

enum blob_answer blob_verdict(struct blob_transfer *transfer, CURLcode result, long status)
{
    struct blob_remote *remote = transfer->remote;
    bool put = transfer->verb == BLOB_PUT;
    if (put && refuses(status))
        return put_refused(transfer, status);
    /* Our own trouble: no room for what came, or what was to be sent turned out to be damaged. */
    if (!transfer->fault && (result == CURLE_ABORTED_BY_CALLBACK || result == CURLE_OUT_OF_MEMORY ||
                             (result == CURLE_WRITE_ERROR && status == 200)))
        return BLOB_FAILED;
    if (transfer->fault) {
        blob_mend_note(transfer);
        return BLOB_FAILED;
    }
    if (result != CURLE_OK && (status == 0 || status / 100 == 2)) {
        no_answer(transfer, result);
        return BLOB_FAILED;
    }
    if (status == 200 || (put && status / 100 == 2))
        return BLOB_THERE;
    /* A bucket's web site says 403 of what it has not; 409 and 412: another was faster. */
    if (status == 404 || status == 403 || status == 410 || (put && (status == 409 || status == 412)) ||
        (transfer->verb == BLOB_HEAD && (status == 405 || status == 501)))
        return BLOB_ABSENT;
    if (leads_elsewhere(status))
        blob_verdict_failed(remote, true, "leads elsewhere (%ld): give the URL that it leads to", status);
    else if (status == 401 || status == 407)
        blob_verdict_failed(remote, true, "wants other credentials (%ld): https://user:password@host/…",
                            status);
    else
        blob_verdict_failed(remote, false, "answers with %ld", status);
    return BLOB_FAILED;
}
