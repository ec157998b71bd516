#include "apigw/apigw_read.h"
#include "apigw/apigw_split.h"

/* ELB user guide, "Lambda functions as targets": with multi-value headers on, both maps are the multi-value
 * ones. */
static void read_alb(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    request->multi_value = shared_json_find(reader, "multiValueHeaders", cJSON_Object) ||
                           shared_json_find(reader, "multiValueQueryStringParameters", cJSON_Object);
    if (reader->code < 0)
        return;
    request->source_address = shared_apigw_last_hop(&request->headers, reader->arena);
    if (!request->source_address)
        reader->code = shared_fail(reader->err, SHARED_ENOMEM, 0, "no memory for the %s", reader->what);
}

static void read_rest(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    request->resource = shared_json_text(reader, "resource");
    request->stage = shared_json_text(reader, "requestContext.stage");
    request->source_address = shared_json_text(reader, "requestContext.identity.sourceIp");
    request->path_parameters =
        shared_apigw_read_map(reader, (struct shared_apigw_map){.single = "pathParameters"});
}

void shared_apigw_read_v1(struct shared_json_reader *reader, struct shared_apigw_request *request)
{
    bool is_alb = request->source == SHARED_APIGW_ALB;
    request->method = shared_json_text(reader, "httpMethod");
    request->path = shared_json_text(reader, "path");
    request->headers = shared_apigw_read_map(
        reader, (struct shared_apigw_map){.single = "headers", .multi = "multiValueHeaders"});
    request->query =
        shared_apigw_read_map(reader, (struct shared_apigw_map){.single = "queryStringParameters",
                                                                .multi = "multiValueQueryStringParameters",
                                                                .url_encoded = is_alb});
    shared_apigw_read_body(reader, &request->body);
    if (is_alb)
        read_alb(reader, request);
    else
        read_rest(reader, request);
}
