#include "prune/prune_arn.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define MOST_NAME 140 /* of a layer: Lambda API reference, LayerName */
#define ACCOUNT_DIGITS 12

static bool is_made_of(struct shared_slice text, const char *characters)
{
    for (size_t i = 0; i < text.size_bytes; i++)
        if (text.data[i] == '\0' || !strchr(characters, text.data[i]))
            return false;
    return text.size_bytes > 0;
}

bool prune_name_is_valid(struct shared_slice name)
{
    return name.size_bytes <= 64 && is_made_of(name, LETTERS DIGITS "-_");
}

bool prune_version_read(struct shared_slice text, uint64_t *version)
{
    unsigned long long number = PRUNE_LATEST;
    bool latest = shared_slice_equal(text, shared_slice_from_text("$LATEST"));
    if (!latest && (!shared_slice_to_number(text, PRUNE_MOST_VERSION, &number) || text.data[0] == '0'))
        return false;
    *version = number;
    return true;
}

bool prune_arn_read(struct shared_slice text, const char *kind, struct prune_arn *arn)
{
    static const struct shared_slice arn_word = SHARED_SLICE_LITERAL("arn"),
                                     service = SHARED_SLICE_LITERAL("lambda");
    struct shared_slice rest = text;
    bool good = shared_slice_equal(shared_slice_split(&rest, ':'), arn_word);
    good &= is_made_of(shared_slice_split(&rest, ':'), LETTERS DIGITS "-");
    good &= shared_slice_equal(shared_slice_split(&rest, ':'), service);
    arn->region = shared_slice_split(&rest, ':');
    struct shared_slice account = shared_slice_split(&rest, ':');
    good &= is_made_of(arn->region, LETTERS DIGITS "-") && is_made_of(account, DIGITS);
    good &= account.size_bytes == ACCOUNT_DIGITS;
    if (!good || !rest.data)
        return false;
    arn->place = shared_slice_of(text.data, (size_t)(rest.data - text.data) - 1);
    if (!shared_slice_equal(shared_slice_split(&rest, ':'), shared_slice_from_text(kind)) || !rest.data)
        return false;
    arn->name = shared_slice_split(&rest, ':');
    arn->whole = shared_slice_of(text.data, (size_t)(arn->name.data - text.data) + arn->name.size_bytes);
    arn->qualifier = rest;
    return arn->name.size_bytes <= MOST_NAME && is_made_of(arn->name, LETTERS DIGITS "-_") &&
           (!rest.data || is_made_of(rest, LETTERS DIGITS "-_$"));
}
