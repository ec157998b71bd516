#include <shared/prewarm.h>

#include "json/json_scan.h"

#include <string.h>

/* An ARN of a rule or a schedule has names of up to 64 characters in it, four of them at most. */
#define ARN_BYTES 512

/* What the members of a warm-up may be. One text, so that a program carries no table of pointers that its
 * loader would have to adjust; the order is that of enum member. */
static const char names[] =
    "warm\0hold_ms\0source\0detail-type\0resources\0detail\0version\0id\0account\0time\0"
    "region\0";

enum member {
    WARM = 1 << 0,
    HOLD_MS = 1 << 1,
    SOURCE = 1 << 2,
    DETAIL_TYPE = 1 << 3,
    RESOURCES = 1 << 4,
    DETAIL = 1 << 5,
    VERSION = 1 << 6,
    /* id, account, time and region: texts that matter to nobody here */
    TEXTS = 0xF << 7,
    PLUGIN = 1 << 11 /* in the place of SOURCE */
};

/* The bit of a member by its name; 0 where it is none of a warm-up's. */
static unsigned bit_of(struct shared_slice name)
{
    unsigned bit = 1;
    for (const char *known = names; *known; known += strlen(known) + 1, bit <<= 1) {
        if (shared_json_string_is(name, shared_slice_from_text(known), false))
            return bit;
    }
    return 0;
}

static bool is(struct shared_slice string, const char *text)
{
    return shared_json_string_is(string, shared_slice_from_text(text), false);
}

static bool is_empty_object(struct shared_slice value)
{
    struct shared_json_walk walk = {.rest = value};
    struct shared_slice name, member;
    return shared_json_scan_next(&walk, &name, &member) == SHARED_JSON_END;
}

/* Whether a resource is the rule: its ARN, or what ends it, behind a slash. */
static bool names_rule(struct shared_slice resource, struct shared_slice rule)
{
    char arn[ARN_BYTES];
    size_t size;
    if (!shared_json_unescape(resource, arn, sizeof(arn), &size) || size < rule.size_bytes + 4)
        return false;
    const char *end = arn + size - rule.size_bytes;
    return memcmp(arn, "arn:", 4) == 0 && end[-1] == '/' && memcmp(end, rule.data, rule.size_bytes) == 0;
}

static bool has_rule(struct shared_slice resources, const char *rule)
{
    struct shared_json_walk walk = {.rest = resources};
    struct shared_slice resource;
    bool has = false;
    if (!rule || !*rule)
        return false;
    while (shared_json_scan_next(&walk, NULL, &resource) == SHARED_JSON_ITEM)
        has = has || names_rule(resource, shared_slice_from_text(rule));
    return has;
}

static bool read_hold(struct shared_slice value, int *hold_ms)
{
    unsigned long long number;
    if (!shared_slice_to_number(value, (unsigned long long)-1, &number))
        return false;
    *hold_ms = number < SHARED_PREWARM_HOLD_LIMIT_MS ? (int)number : SHARED_PREWARM_HOLD_LIMIT_MS;
    return true;
}

/* What a member says for a warm-up: its bit, or 0 where its value is not that of one. */
static unsigned judge(unsigned bit, struct shared_slice value, const char *rule, int *hold_ms)
{
    bool fits = value.data[0] == '"';
    switch (bit) {
    case WARM:
        fits = value.data[0] == 't';
        break;
    case HOLD_MS:
        fits = read_hold(value, hold_ms);
        break;
    case SOURCE:
        if (is(value, "serverless-plugin-warmup"))
            return PLUGIN;
        fits = is(value, "aws.events") || is(value, "aws.scheduler");
        break;
    case DETAIL_TYPE:
        fits = is(value, "Scheduled Event");
        break;
    case RESOURCES:
        fits = has_rule(value, rule);
        break;
    case DETAIL: /* Scheduler puts its empty object into a text */
        fits = is_empty_object(value) || is(value, "{}");
        break;
    case VERSION:
        fits = is(value, "0");
        break;
    default:
        break;
    }
    return fits ? bit : 0;
}

bool shared_prewarm_is_event(struct shared_slice event, const char *rule, int *hold_ms)
{
    if (event.size_bytes > SHARED_PREWARM_EVENT_LIMIT_BYTES)
        return false;
    int hold = -1;
    unsigned seen = 0;
    struct shared_json_walk walk = {.rest = event};
    struct shared_slice name, value;
    enum shared_json_step step;
    while ((step = shared_json_scan_next(&walk, &name, &value)) == SHARED_JSON_ITEM) {
        unsigned bit = judge(bit_of(name), value, rule, &hold);
        if (!bit || seen & bit)
            return false;
        seen |= bit;
    }
    if (step != SHARED_JSON_END || shared_slice_trim(walk.rest).size_bytes > 0)
        return false;
    bool is_one = seen == WARM || seen == (WARM | HOLD_MS) || seen == PLUGIN ||
                  (seen & ~(unsigned)(DETAIL | VERSION | TEXTS)) == (SOURCE | DETAIL_TYPE | RESOURCES);
    if (is_one && hold_ms && hold >= 0)
        *hold_ms = hold;
    return is_one;
}
