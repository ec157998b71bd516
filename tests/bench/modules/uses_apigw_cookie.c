/* uses_apigw_cookie.c - as uses_apigw.c, with a cookie. */
#include <shared/apigw.h>
#include <shared/apigw_cookie.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    struct shared_apigw_cookie_attributes session = {.name = "session",
                                                     .value = context->request_id,
                                                     .path = "/",
                                                     .max_age_s = 3600,
                                                     .secure = true,
                                                     .http_only = true,
                                                     .same_site = SHARED_SAME_SITE_LAX};
    const char *cookie;
    if (shared_apigw_cookie_format(&session, context->arena, &cookie, err) < 0)
        return shared_error_wrap(err, "make a cookie");
    struct shared_apigw_response response = {.cookies = &cookie, .cookie_count = 1, .body = request.body};
    return shared_apigw_respond(&request, &response, answer, err);
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
