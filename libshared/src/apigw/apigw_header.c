#include <shared/apigw.h>

const char *shared_apigw_header(const struct shared_apigw_request *request, const char *name)
{
    struct shared_slice wanted = shared_slice_from_text(name);
    for (size_t i = 0; i < request->headers.count; i++) {
        const struct shared_apigw_pair *header = &request->headers.items[i];
        if (shared_slice_equal_ignore_case(shared_slice_from_text(header->name), wanted))
            return header->value;
    }
    return NULL;
}
