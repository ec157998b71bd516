/*
 * fuzz_prewarm.c - events that may be warm-ups, told beside a parser.
 *
 * What is taken for one must be one in cJSON's eyes too, whole and with nothing beside: no event of a user's is
 * swallowed.
 */
#include "fuzz_target.h"

#include <shared/prewarm.h>

#include <cjson/cJSON.h>
#include <string.h>

#define RULE "rule"

static const char *text_of(const cJSON *json, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
    return text ? text : "";
}

static bool is_rule(const char *arn)
{
    const char *end = strrchr(arn, '/');
    return strncmp(arn, "arn:", 4) == 0 && end && strcmp(end + 1, RULE) == 0;
}

static bool is_scheduled(const cJSON *json)
{
    static const char *const names[] = {"detail-type", "source",  "resources", "detail", "version",
                                        "id",          "account", "time",      "region"};
    const cJSON *resource;
    int known = 0;
    bool has_rule = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        known += cJSON_HasObjectItem(json, names[i]);
    cJSON_ArrayForEach(resource, cJSON_GetObjectItemCaseSensitive(json, "resources")) has_rule =
        has_rule || (cJSON_IsString(resource) && is_rule(resource->valuestring));
    return has_rule && known == cJSON_GetArraySize(json) &&
           strcmp(text_of(json, "detail-type"), "Scheduled Event") == 0 &&
           (strcmp(text_of(json, "source"), "aws.events") == 0 ||
            strcmp(text_of(json, "source"), "aws.scheduler") == 0);
}

static bool is_warm_up(const cJSON *json)
{
    int members = cJSON_GetArraySize(json);
    const cJSON *hold = cJSON_GetObjectItemCaseSensitive(json, "hold_ms");
    if (!cJSON_IsObject(json))
        return false;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "warm")))
        return members == 1 || (members == 2 && cJSON_IsNumber(hold) && hold->valuedouble >= 0);
    if (strcmp(text_of(json, "source"), "serverless-plugin-warmup") == 0)
        return members == 1;
    return is_scheduled(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int hold_ms = -1;
    struct shared_slice event = shared_slice_of(data, size);
    bool is = shared_prewarm_is_event(event, RULE, &hold_ms);
    FUZZ_PROMISE(hold_ms == -1 || (is && hold_ms >= 0 && hold_ms <= SHARED_PREWARM_HOLD_LIMIT_MS));
    FUZZ_PROMISE(is || !shared_prewarm_is_event(event, NULL, NULL));
    if (!is)
        return 0;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    cJSON *json = cJSON_ParseWithOpts(text, NULL, 1);
    FUZZ_PROMISE(size <= SHARED_PREWARM_EVENT_LIMIT_BYTES);
    /* Only an escape may part the two: cJSON refuses half a surrogate pair, and its texts end at \u0000. */
    FUZZ_PROMISE((json && is_warm_up(json)) || strstr(text, "\\u") != NULL);
    cJSON_Delete(json);
    free(text);
    return 0;
}
