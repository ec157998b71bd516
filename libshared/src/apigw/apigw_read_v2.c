#include "apigw/apigw_read.h"
#include "apigw/apigw_split.h"

#include <string.h>

/* rawPath begins with the stage unless that is "$default"; only a whole first segment is the stage. */
static const char *without_stage(const char *path, const char *stage)
{
    size_t size = strlen(stage);
    if (size == 0 || strcmp(stage, "$default") == 0 || path[0] != '/' || strncmp(path + 1, stage, size) != 0)
        return path;
    const char *rest = path + 1 + size;
    if (*rest == '\0')
        return "/";
    return *rest == '/' ? rest : path;
}

/* The raw query keeps names that came several times apart; the map joins their values with commas. */
static void read_query(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    const char *raw = shared_json_text(reader, "rawQueryString");
    if (!*raw) {
        request->query =
            shared_apigw_read_map(reader, (struct shared_apigw_map){.single = "queryStringParameters"});
        return;
    }
    reader->code = shared_apigw_split_query(raw, reader->arena, &request->query, reader->err);
    if (reader->code < 0)
        shared_error_wrap(reader->err, "rawQueryString of the %s", reader->what);
}

static void read_cookies(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    struct shared_apigw_pairs sent = shared_apigw_read_list(reader, "cookies", "cookie");
    if (reader->code == 0)
        reader->code = shared_apigw_split_cookies(&sent, reader->arena, &request->cookies, reader->err);
}

void shared_apigw_read_v2(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    request->method = shared_json_text(reader, "requestContext.http.method");
    request->stage = shared_json_text(reader, "requestContext.stage");
    request->path = without_stage(shared_json_text(reader, "rawPath"), request->stage);
    request->resource = shared_json_text(reader, "routeKey");
    request->source_address = shared_json_text(reader, "requestContext.http.sourceIp");
    request->path_parameters =
        shared_apigw_read_map(reader, (struct shared_apigw_map){.single = "pathParameters"});
    request->headers = shared_apigw_read_map(reader, (struct shared_apigw_map){.single = "headers"});
    read_query(reader, request);
    read_cookies(reader, request);
    shared_apigw_read_body(reader, &request->body);
}
