#include "share/share_layer.h"

#include <string.h>

static enum share_verdict judge(const struct share_choice *choice)
{
    if (strcmp(choice->library->name, "libc") == 0)
        return SHARE_TARGETS;
    if (!choice->layer.path)
        return SHARE_NONE;
    if (choice->library->functions < 2)
        return SHARE_SINGLE;
    if (choice->layer.too_new)
        return SHARE_TOO_NEW;
    return choice->saved_zip > 0 ? SHARE_LAYER : SHARE_STATIC;
}

int share_choose(const struct check_plan *plan, const char *state, const struct share_library *library,
                 struct shared_arena *arena, struct share_choice *choice, struct shared_error *err)
{
    *choice = (struct share_choice){.library = library};
    bool made_here = strcmp(library->name, "own") == 0;
    bool targets = strcmp(library->name, "libc") == 0;
    choice->layer.why_not = made_here ? "it is the functions' own code" : "it is the target's";
    int status =
        made_here || targets ? 0 : share_find_layer(plan, state, library->name, arena, &choice->layer, err);
    if (status < 0)
        return status;
    if (choice->layer.path && library->functions > 0) {
        uint64_t each_zip = library->all.zip / library->functions;
        uint64_t each_file = library->all.file / library->functions;
        choice->saved_zip = (int64_t)library->all.zip - (int64_t)choice->layer.with.zip;
        choice->added_file = (int64_t)choice->layer.with.file - (int64_t)each_file;
        choice->pays_from = each_zip ? choice->layer.with.zip / each_zip + 1 : 0;
    }
    choice->verdict = judge(choice);
    return 0;
}
