/* uses_apigw.c - the echo of a request's body, to whatever sent it. */
#include <shared/apigw.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    struct shared_apigw_response response = {.content_type = shared_apigw_header(&request, "Content-Type"),
                                             .body = request.body};
    return shared_apigw_respond(&request, &response, answer, err);
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
