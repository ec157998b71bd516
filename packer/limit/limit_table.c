#include "limit/limit.h"

#define KB UINT64_C(1024)
#define MB (1024 * KB)
#define GB (1024 * MB)

#define QUOTAS "AWS Lambda developer guide, Lambda quotas, 2025-11"
#define QUOTAS_2016 "AWS Lambda developer guide, Limits, 2016"
#define DIRECT (50 * MB) /* one limit of AWS's, of all zips; a project may want two */
#define GATEWAY "API Gateway developer guide, quotas, 2025-11; throttling, 2016"

const struct limit limit_table[] = {
    [LIMIT_ZIP_BYTES] =
        {"zip_bytes", "zip, direct upload", LIMIT_FUNCTION, false, true, DIRECT, DIRECT,
         QUOTAS "; the service's 413, \"Zipped size must be smaller than 52428800 bytes\"; " QUOTAS_2016},
    [LIMIT_LAYER_ZIP_BYTES] = {"layer_zip_bytes", "layer zip, direct upload", LIMIT_LAYER, false, true,
                               DIRECT, DIRECT,
                               QUOTAS "; PublishLayerVersion takes a ZipFile as CreateFunction does; layers "
                                      "came in November 2018, and are held to the number of 2016 "
                                      "where a project of that profile has them"},
    [LIMIT_UNZIPPED_BYTES] =
        {"unzipped_bytes", "unzipped, with layers", LIMIT_FUNCTION, false, true, 250 * MB, 250 * MB,
         QUOTAS "; the service's 400, \"Unzipped size must be smaller than 262144000 bytes\"; " QUOTAS_2016},
    [LIMIT_LAYERS] = {"layers", "layers", LIMIT_FUNCTION, false, true, 0, 5,
                      QUOTAS "; layers came in November 2018"},
    [LIMIT_ENVIRONMENT_BYTES] = {"environment_bytes", "environment variables", LIMIT_FUNCTION, false, true,
                                 LIMIT_NONE, 4 * KB, QUOTAS},
    [LIMIT_MEMORY_MIN_MB] = {"memory_min_mb", "memory, least", LIMIT_FUNCTION, true, true, 128, 128,
                             QUOTAS "; " QUOTAS_2016},
    [LIMIT_MEMORY_MAX_MB] = {"memory_max_mb", "memory, most", LIMIT_FUNCTION, false, true, 1536, 10240,
                             QUOTAS "; " QUOTAS_2016},
    [LIMIT_TIMEOUT_S] = {"timeout_s", "timeout", LIMIT_FUNCTION, false, true, 300, 900,
                         QUOTAS "; " QUOTAS_2016},
    [LIMIT_REQUEST_BYTES] = {"request_bytes", "request of a direct upload", LIMIT_FUNCTION, false, false,
                             LIMIT_NONE, 70167211,
                             "the service's 413, \"Request must be smaller than 70167211 bytes\""},
    [LIMIT_CODE_STORAGE_BYTES] =
        {"code_storage_bytes", "code storage", LIMIT_REGION, false, true, 75 * GB, 75 * GB,
         QUOTAS "; AccountLimit.TotalCodeSize of GetAccountSettings stands above it; " QUOTAS_2016},
    [LIMIT_CONCURRENCY] = {"concurrency", "concurrent executions", LIMIT_REGION, false, false, 100, 1000,
                           QUOTAS "; " QUOTAS_2016},
    [LIMIT_GATEWAY_REQUESTS_PER_S] = {"gateway_requests_per_s", "API Gateway, steady rate", LIMIT_REGION,
                                      false, false, 1000, 10000, GATEWAY},
};

const size_t limit_count = sizeof(limit_table) / sizeof(*limit_table);
