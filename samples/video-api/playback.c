/*
 * playback.c - GET /titles/{id}/play?quality=720p: 302 to the file on the CDN that suits the player.
 *
 * Shows: Error as Response. The same three calls make 302, 404 and 410 behind a proxy integration, a Function
 * URL and a load balancer, and behind a non-proxy integration of the old kind, where they travel as errors; a
 * line in the log.
 */
#include "video/rendition.h"
#include "video/reply.h"
#include "video/route.h"
#include "video/title_asset.h"

#include <shared/fault.h>
#include <shared/log.h>
#include <shared/log_report.h>
#include <shared/runtime.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define METHODS "GET, HEAD"

struct playback {
    struct titles titles;
    const char *cdn_base; /* "https://cdn.example", without a slash at its end */
};

static int init(void *user, struct shared_error *err)
{
    struct playback *playback = user;
    playback->cdn_base = getenv("CDN_BASE");
    if (!playback->cdn_base || strncmp(playback->cdn_base, "https://", 8) != 0)
        return shared_fail(err, SHARED_EINVAL, 0, "CDN_BASE: set it to an address that begins with https://");
    return title_asset_load(&playback->titles, err);
}

static int redirect(const struct shared_context *context, const struct title *title,
                    const struct shared_apigw_request *request, struct shared_answer *answer,
                    struct shared_error *err)
{
    const struct playback *playback = context->user;
    struct rendition_wish wish = {.quality = shared_apigw_query(request, "quality"),
                                  .accept = shared_apigw_header(request, "Accept"),
                                  .user_agent = shared_apigw_header(request, "User-Agent")};
    const char *file = NULL;
    struct shared_error problem = {0};
    if (rendition_choose(title, &wish, request->arena, &file, &problem) < 0)
        return reply_refusal(request, answer, err, 400, &problem);
    const char *url = shared_arena_format(request->arena, "%s/%s/%s", playback->cdn_base, title->id, file);
    if (!url)
        return shared_fail(err, SHARED_ENOMEM, 0, "write the address of %s", title->id);
    struct shared_log log;
    shared_log_init(&log, context->request_id);
    shared_log_with(&log, SHARED_LOG_INFO, "playback",
                    SHARED_LOG_FIELDS(shared_log_text("title", title->id), shared_log_text("file", file)));
    return shared_fault_redirect(request, 302, url, answer, err);
}

static int serve(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    const struct playback *playback = context->user;
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (!route_allows(&request, METHODS))
        return reply_not_allowed(&request, METHODS, answer, err);
    const char *id = NULL;
    if (!route_matches(&request, "/titles/{id}/play", &id) || !id)
        return reply_problem(&request, answer, err, 404, "no such resource");
    const struct title *title = titles_find(&playback->titles, id);
    if (!title)
        return reply_problem(&request, answer, err, 404, "no such title");
    if (title_expired(title, time(NULL)))
        return reply_problem(&request, answer, err, 410, "this title is no longer available");
    return redirect(context, title, &request, answer, err);
}

int main(void)
{
    static struct playback playback;
    struct shared_runtime_options options = {.init = init, .user = &playback, .report = shared_log_report};
    return shared_runtime_run(serve, &options);
}
