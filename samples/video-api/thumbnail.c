/*
 * thumbnail.c - POST /thumbnails?width=…&height=…: a PNG in, a PNG that fits in that box out.
 *
 * Shows: bodies that are binary both ways; a library that reports errors by longjmp (libpng) within one whose
 * errors are values; limits that hold before memory is taken; a function that is linked dynamically, against
 * libc and libm only.
 */
#include "video/picture.h"
#include "video/reply.h"
#include "video/route.h"

#include <shared/apigw.h>
#include <shared/log_report.h>
#include <shared/runtime.h>

#define METHODS "POST"

/* 64 MiB as RGBA, a quarter of the function's memory. */
#define PIXEL_LIMIT (16 << 20)

/* A square this wide that does not compress still fits, in base64, an answer of 6 MiB. */
#define SIDE_LIMIT 1024
#define WIDTH_DEFAULT 320

static bool read_side(const struct shared_apigw_request *request, const char *name, uint32_t *side)
{
    const char *text = shared_apigw_query(request, name);
    unsigned long long value = 0;
    if (!text)
        return true;
    if (!shared_slice_to_number(shared_slice_from_text(text), SIDE_LIMIT, &value) || !value)
        return false;
    *side = (uint32_t)value;
    return true;
}

/* With one side given, the other is as long as the picture's aspect makes it. */
static bool read_box(const struct shared_apigw_request *request, struct picture_size *box)
{
    if (!read_side(request, "width", &box->width) || !read_side(request, "height", &box->height))
        return false;
    if (!box->width && !box->height)
        box->width = WIDTH_DEFAULT;
    box->width = box->width ? box->width : SIDE_LIMIT;
    box->height = box->height ? box->height : SIDE_LIMIT;
    return true;
}

static int scale(const struct shared_apigw_request *request, struct picture_size box,
                 struct shared_answer *answer, struct shared_error *err)
{
    struct shared_arena *arena = request->arena;
    struct picture picture, scaled;
    struct shared_slice png;
    struct shared_error problem = {0};
    int code = picture_read(request->body, PIXEL_LIMIT, arena, &picture, &problem);
    if (code < 0)
        return reply_refusal(request, answer, err, code == SHARED_EUNSUPPORTED ? 415 : 400, &problem);
    if (picture_scale(&picture, picture_fit(&picture, box), arena, &scaled, err) < 0 ||
        picture_write(&scaled, arena, &png, err) < 0)
        return shared_error_wrap(err, "make the thumbnail");
    struct shared_apigw_response response = {.content_type = "image/png", .body = png};
    return shared_apigw_respond(request, &response, answer, err);
}

static int thumbnail(const struct shared_context *context, struct shared_slice event,
                     struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_request request;
    struct picture_size box = {0};
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (!route_matches(&request, "/thumbnails", NULL))
        return reply_problem(&request, answer, err, 404, "no such resource");
    if (!route_allows(&request, METHODS))
        return reply_not_allowed(&request, METHODS, answer, err);
    if (!request.body.size_bytes)
        return reply_problem(&request, answer, err, 400, "no body: send a PNG");
    if (!read_box(&request, &box))
        return reply_problem(&request, answer, err, 400, "width, height: expected a number from 1 to %d",
                             SIDE_LIMIT);
    return scale(&request, box, answer, err);
}

int main(void)
{
    struct shared_runtime_options options = {.report = shared_log_report};
    return shared_runtime_run(thumbnail, &options);
}
