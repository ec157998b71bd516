/* The output of "aws lambda get-account-settings", as anybody may hand it over. */
#include "fuzz_target.h"

#include "limit/limit.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limit_region region = {0};
    struct shared_error err = {0};
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    int status = limit_region_parse("account.json", text, size, &region, &err);
    if (status == 0) {
        FUZZ_PROMISE(region.limit_bytes <= UINT64_C(1) << 53);
        FUZZ_PROMISE(region.used_bytes <= UINT64_C(1) << 53);
        FUZZ_PROMISE(region.concurrency <= UINT64_C(1) << 53);
        FUZZ_PROMISE(region.functions <= UINT64_C(1) << 53);
        FUZZ_PROMISE(strcmp(region.account, "account.json") == 0);
    } else {
        FUZZ_PROMISE(status == SHARED_EINVAL && (int)err.code == status);
        FUZZ_PROMISE(strstr(err.text, "account.json: ") == err.text);
    }
    free(text);
    return 0;
}
