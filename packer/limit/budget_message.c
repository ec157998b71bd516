#include "limit/budget_message.h"

#include "limit/limit.h"

/* What the budget is of: "program", "libc", "symbols cJSON_* of cjson". */
static const char *subject(const struct manifest_budget *budget, struct shared_arena *arena)
{
    if (budget->symbol && budget->library)
        return shared_arena_format(arena, "symbols %s of %s", budget->symbol, budget->library);
    if (budget->symbol)
        return shared_arena_format(arena, "symbols %s", budget->symbol);
    return budget->library ? shared_arena_format(arena, "library %s", budget->library) : "program";
}

static const char *cause_text(const struct budget_case *broken, const struct budget_cause *cause,
                              struct shared_arena *arena)
{
    const char *bytes = limit_number_text(arena, cause->bytes);
    const char *plus = broken->growth ? "+" : "";
    if (!bytes)
        return NULL;
    if (!cause->row)
        return shared_arena_format(arena, "library %s %s%s B", cause->library, plus, bytes);
    return shared_arena_format(arena, "%s (%s, %s) %s%s B", cause->row->symbol, cause->library,
                               cause->row->member, plus, bytes);
}

/* "; largest: vfprintf (libc, vfprintf-internal.o) 12,345 B, …". */
static const char *causes_text(const struct budget_case *broken, struct shared_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < broken->cause_count && text; i++) {
        const char *cause = cause_text(broken, &broken->causes[i], arena);
        const char *before = i > 0 ? ", " : broken->growth ? "; largest growth: " : "; largest: ";
        text = cause ? shared_arena_format(arena, "%s%s%s", text, before, cause) : NULL;
    }
    return text;
}

/* "333,575 B, over the budget of 300,000 B". */
static const char *numbers_text(const struct budget_case *broken, struct shared_arena *arena)
{
    const struct budget_finding *finding = broken->finding;
    const char *where = broken->zip ? " in the zip" : "";
    const char *value = limit_number_text(arena, finding->value);
    const char *allowed = limit_number_text(arena, finding->allowed);
    if (!value || !allowed)
        return NULL;
    if (!broken->growth)
        return shared_arena_format(arena, "%s B%s, over the budget of %s B", value, where, allowed);
    const char *before = limit_number_text(arena, broken->before);
    const char *growth = limit_number_text(arena, finding->value - broken->before);
    return before && growth
               ? shared_arena_format(arena, "%s B%s, %s B more than the %s B in %s, over the budget of %s B",
                                     value, where, growth, before, broken->before_path, allowed)
               : NULL;
}

/* What to do; a symbol can be asked for. */
static const char *advice(const struct budget_case *broken, struct shared_arena *arena)
{
    const char *accept = broken->growth ? "accept it with demine snapshot" : "change the budget";
    for (size_t i = 0; i < broken->cause_count; i++) {
        const struct snapshot_row *row = broken->causes[i].row;
        if (row && row->symbol[0] != '[')
            return shared_arena_format(arena,
                                       "demine why %s %s shows what needs it; take something out, or %s",
                                       broken->finding->function, row->symbol, accept);
    }
    return shared_arena_format(arena, "take something out, or %s", accept);
}

const char *budget_message(const struct budget_case *broken, struct shared_arena *arena)
{
    const struct budget_finding *finding = broken->finding;
    const char *what = subject(finding->budget, arena);
    const char *numbers = numbers_text(broken, arena);
    const char *causes = causes_text(broken, arena);
    const char *todo = advice(broken, arena);
    if (!what || !numbers || !causes || !todo)
        return NULL;
    return shared_arena_format(arena, "function %s: %s.%s: %s: %s%s; %s", finding->function,
                               finding->budget->json_path, finding->key, what, numbers, causes, todo);
}
