#include <shared/apigw_compress.h>

int shared_apigw_respond_compressed(const struct shared_apigw_request *request,
                                    const struct shared_apigw_response *response, size_t least_bytes,
                                    struct shared_answer *answer, struct shared_error *err)
{
    struct shared_apigw_response sent = *response;
    int code = shared_apigw_compress(request, &sent, least_bytes, err);
    return code < 0 ? code : shared_apigw_respond(request, &sent, answer, err);
}
