#include "apigw/apigw_fields.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "json/json_write.h"

#include <shared/fault.h>

#include <string.h>

static const char *content_type(const struct shared_fault *fault)
{
    if (fault->content_type || fault->body.size_bytes == 0)
        return fault->content_type;
    return "text/plain; charset=utf-8";
}

static int respond(const struct shared_apigw_request *request, const struct shared_fault *fault,
                   struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_pair location = {"Location", fault->location};
    struct shared_apigw_response response = {.status = fault->status,
                                             .content_type = content_type(fault),
                                             .headers = {&location, fault->location ? 1 : 0},
                                             .body = fault->body};
    return shared_apigw_respond(request, &response, answer, err);
}

static void write_body(struct shared_buffer *json, struct shared_slice body)
{
    if (shared_utf8_valid(body.data, body.size_bytes)) {
        shared_json_write_key(json, "body");
        shared_json_write_string(json, body);
        return;
    }
    shared_json_write_key(json, "bodyBase64");
    shared_buffer_append(json, "\"", 1);
    shared_base64_append(json, body);
    shared_buffer_append(json, "\"", 1);
}

/* What "." does not match in Java beside CR and LF (java.util.regex.Pattern, "Line terminators"). In JSON it
 * can stand in strings alone, where an escape says the same. */
static void append_as_one_line(struct shared_buffer *line, struct shared_slice json)
{
    static const struct {
        char bytes[4], escape[7];
    } ends[] = {{"\xC2\x85", "\\u0085"}, {"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}};
    size_t run = 0;
    for (size_t i = 0; i < json.size_bytes; i++) {
        for (size_t end = 0; end < sizeof ends / sizeof *ends; end++) {
            size_t size = strlen(ends[end].bytes);
            if (json.size_bytes - i < size || memcmp(json.data + i, ends[end].bytes, size) != 0)
                continue;
            shared_buffer_append(line, json.data + run, i - run);
            shared_buffer_append_text(line, ends[end].escape);
            run = i + size;
        }
    }
    shared_buffer_append(line, json.data + run, json.size_bytes - run);
}

/* The status comes first and the text has one line: API Gateway's regular expression must match all of it. */
static int write_message(struct shared_buffer *line, const struct shared_fault *fault,
                         struct shared_error *err)
{
    struct shared_buffer own = {.arena = line->arena}, *json = &own;
    shared_buffer_append(json, "{", 1);
    shared_json_write_key(json, "status");
    shared_apigw_status_write(json, fault->status);
    if (fault->location)
        shared_json_write_member(json, "location", fault->location);
    if (content_type(fault))
        shared_json_write_member(json, "contentType", content_type(fault));
    if (fault->body.size_bytes > 0)
        write_body(json, fault->body);
    shared_buffer_append(json, "}", 1);
    if (!json->failed)
        append_as_one_line(line, shared_slice_of(json->data, json->size_bytes));
    if (json->failed || line->failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for a fault of %zu bytes",
                           fault->body.size_bytes);
    return 0;
}

static int check(const struct shared_fault *fault, struct shared_error *err)
{
    int code = shared_apigw_status_check(fault->status, err);
    if (code == 0 && fault->location)
        code = shared_apigw_field_check("Location", fault->location, err);
    if (code == 0 && fault->content_type)
        code = shared_apigw_field_check("Content-Type", fault->content_type, err);
    return code;
}

int shared_fault_raise(const struct shared_apigw_request *request, const struct shared_fault *fault,
                       struct shared_answer *answer, struct shared_error *err)
{
    int code = check(fault, err);
    if (code < 0)
        return code;
    if (request->source != SHARED_APIGW_MAPPED)
        return respond(request, fault, answer, err);

    struct shared_buffer line = {.arena = request->arena};
    code = write_message(&line, fault, err);
    if (code < 0)
        return code;
    answer->failure.type = "Function.Fault";
    answer->failure.message = shared_slice_of(line.data, line.size_bytes);
    return shared_fail(err, SHARED_EFAULT, 0, "%.*s", (int)(line.size_bytes < 200 ? line.size_bytes : 200),
                       line.data);
}
