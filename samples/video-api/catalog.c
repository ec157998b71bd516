/*
 * catalog.c - GET /titles/{id} and GET /titles?genre=…&year=…&q=…&limit=…
 *
 * Shows: an init that reads an asset once, state handed to the handler, one handler behind all HTTP sources,
 * and conditional requests. Titles are written as JSON at init, so that an invocation only copies them.
 */
#include "video/reply.h"
#include "video/route.h"
#include "video/text_out.h"
#include "video/title_asset.h"

#include <shared/apigw.h>
#include <shared/log_report.h>
#include <shared/runtime.h>

#define METHODS "GET, HEAD"
#define MAX_AGE_S 3600

static int init(void *user, struct shared_error *err)
{
    return title_asset_load(user, err);
}

static int give_title(const struct titles *titles, const char *id, const struct shared_apigw_request *request,
                      struct shared_answer *answer, struct shared_error *err)
{
    const struct title *title = id ? titles_find(titles, id) : NULL;
    if (!title)
        return reply_problem(request, answer, err, 404, "no such title");
    return reply_cacheable(request, "application/json", title->json, MAX_AGE_S, answer, err);
}

static int give_list(const struct title **found, size_t count, size_t total,
                     const struct shared_apigw_request *request, struct shared_answer *answer,
                     struct shared_error *err)
{
    struct text_out out = {.arena = request->arena};
    const char *head = shared_arena_format(request->arena, "{\"total\":%zu,\"titles\":[", total);
    text_out_append_text(&out, head ? head : "");
    for (size_t i = 0; i < count; i++) {
        text_out_append_text(&out, i ? "," : "");
        text_out_append(&out, found[i]->json.data, found[i]->json.size_bytes);
    }
    text_out_append_text(&out, "]}");
    if (out.failed || !head)
        return shared_fail(err, SHARED_ENOMEM, 0, "list %zu titles", count);
    return reply_cacheable(request, "application/json", text_out_slice(&out), MAX_AGE_S, answer, err);
}

static int give_titles(const struct titles *titles, const struct shared_apigw_request *request,
                       struct shared_answer *answer, struct shared_error *err)
{
    struct title_query query = {.limit = TITLE_LIMIT_DEFAULT};
    for (size_t i = 0; i < request->query.count; i++) {
        const struct shared_apigw_pair *pair = &request->query.items[i];
        struct shared_error problem = {0};
        if (title_query_set(&query, pair->name, pair->value, &problem) < 0)
            return reply_problem(request, answer, err, 400, "%s", problem.text);
    }
    const struct title *found[TITLE_LIMIT_MAX];
    size_t total = titles_select(titles, &query, found);
    return give_list(found, total < query.limit ? total : query.limit, total, request, answer, err);
}

static int catalog(const struct shared_context *context, struct shared_slice event,
                   struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (!route_allows(&request, METHODS))
        return reply_not_allowed(&request, METHODS, answer, err);
    const char *id = NULL;
    if (route_matches(&request, "/titles/{id}", &id))
        return give_title(context->user, id, &request, answer, err);
    if (route_matches(&request, "/titles", NULL))
        return give_titles(context->user, &request, answer, err);
    return reply_problem(&request, answer, err, 404, "no such resource");
}

int main(void)
{
    static struct titles titles;
    struct shared_runtime_options options = {.init = init, .user = &titles, .report = shared_log_report};
    return shared_runtime_run(catalog, &options);
}
