#include "prune/prune_document.h"

static const struct {
    const char *kind;
    const char *wrong;
} kinds[] = {
    [PRUNE_FUNCTION] = {"function",
                        "is no name of a function's version: arn:aws:lambda:REGION:ACCOUNT:function:NAME:7"},
    [PRUNE_ALIAS] = {"function", "is no name of an alias: arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS"},
    [PRUNE_LAYER] = {"layer", "is no name of a layer's version: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:3"},
};

static bool is_right(enum prune_named_kind kind, struct prune_named *named)
{
    const struct prune_arn *arn = &named->arn;
    if (!prune_arn_read(named->text, kinds[kind].kind, &named->arn))
        return false;
    if (kind == PRUNE_LAYER)
        return prune_version_read(arn->qualifier, &named->version) && named->version != PRUNE_LATEST;
    return prune_name_is_valid(arn->name) && (kind != PRUNE_ALIAS || arn->qualifier.data);
}

int prune_read_named(struct lock_reader *reader, enum prune_named_kind kind, struct prune_named *named)
{
    *named = (struct prune_named){.at = reader->token.at};
    int status = lock_plain(reader, &named->text);
    if (status == 0 && !is_right(kind, named))
        return lock_fail(reader, named->at, "%s", kinds[kind].wrong);
    return status;
}

int prune_check_place(struct lock_reader *reader, const struct prune_named *named, struct prune_lists *lists)
{
    const struct prune_arn *arn = &named->arn;
    if (!lists->place) {
        int status = prune_copy(reader, arn->place, &lists->place);
        return status < 0 ? status : prune_copy(reader, arn->region, &lists->region);
    }
    if (!shared_slice_equal(arn->place, shared_slice_from_text(lists->place)))
        return lock_fail(reader, named->at,
                         "is of %.*s, others are of %s: make a plan for each region and account",
                         (int)arn->place.size_bytes, arn->place.data, lists->place);
    return 0;
}
