/* uses_fault.c - the echo of a request's body; one without is sent elsewhere. */
#include <shared/apigw.h>
#include <shared/fault.h>
#include <shared/runtime.h>

static int echo(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    struct shared_apigw_request request;
    if (shared_apigw_request_read(&request, event, context->arena, err) < 0)
        return shared_error_wrap(err, "read the request");
    if (request.body.size_bytes == 0)
        return shared_fault_redirect(&request, 303, "https://example.com/how-to", answer, err);
    struct shared_apigw_response response = {.body = request.body};
    return shared_apigw_respond(&request, &response, answer, err);
}

int main(void)
{
    return shared_runtime_run(echo, NULL);
}
