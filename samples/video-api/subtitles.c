/*
 * subtitles.c - POST /subtitles: SubRip in, plain or gzipped, WebVTT out.
 *
 * Shows: a binary body (the event brings it in base64, the request has it decoded); zlib with a limit on what
 * it makes, so that a bomb of a few KB does not take the function's memory; refusals that say which line is
 * wrong. What is not UTF-8 is converted from windows-1252; the header Source-Charset says which it was.
 */
#include "video/charset.h"
#include "video/gunzip.h"
#include "video/reply.h"
#include "video/route.h"
#include "video/vtt.h"

#include <shared/apigw.h>
#include <shared/log_report.h>
#include <shared/runtime.h>

#define METHODS "POST"

/* A film has some 100 KB. Escaped for WebVTT and again for JSON, this much still fits an answer of 6 MiB. */
#define SRT_LIMIT_BYTES (1 << 20)

static int give(struct shared_slice vtt, const char *charset, const struct shared_apigw_request *request,
                struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_pair header = {"Source-Charset", charset};
    struct shared_apigw_response response = {
        .content_type = "text/vtt; charset=utf-8", .headers = {&header, 1}, .body = vtt};
    return shared_apigw_respond(request, &response, answer, err);
}

static int convert(const struct shared_apigw_request *request, struct shared_answer *answer,
                   struct shared_error *err)
{
    struct shared_arena *arena = request->arena;
    struct shared_slice text = request->body, vtt;
    struct shared_error problem = {0};
    const char *charset;
    struct srt srt;
    if (gunzip_is_gzip(text) && gunzip(text, SRT_LIMIT_BYTES, arena, &text, &problem) < 0)
        return reply_refusal(request, answer, err, 400, &problem);
    if (text.size_bytes > SRT_LIMIT_BYTES)
        return reply_problem(request, answer, err, 413, "more than %d bytes", SRT_LIMIT_BYTES);
    if (charset_to_utf8(text, arena, &text, &charset, &problem) < 0)
        return reply_refusal(request, answer, err, 415, &problem);
    if (srt_read(text, arena, &srt, &problem) < 0)
        return reply_refusal(request, answer, err, 422, &problem);
    if (vtt_write(&srt, arena, &vtt, err) < 0)
        return shared_error_wrap(err, "write WebVTT");
    return give(vtt, charset, request, answer, err);
}

static int subtitles(const struct shared_context *context, struct shared_slice event,
                     struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (!route_matches(&request, "/subtitles", NULL))
        return reply_problem(&request, answer, err, 404, "no such resource");
    if (!route_allows(&request, METHODS))
        return reply_not_allowed(&request, METHODS, answer, err);
    if (!request.body.size_bytes)
        return reply_problem(&request, answer, err, 400, "no body: send a SubRip file");
    return convert(&request, answer, err);
}

int main(void)
{
    struct shared_runtime_options options = {.report = shared_log_report};
    return shared_runtime_run(subtitles, &options);
}
