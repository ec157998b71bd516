/* Plans of items that need each other: what a function has from a layer finds what it needs in layers alone. */
#include "check.h"
#include "layer_maker.h"

static struct maker maker;

/* Where all that is needed is layered too, nothing stays. */
static void test_closed(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "x y");
    maker_function(&maker, "g", 5, "x y");
    maker_function(&maker, "h", 5, "y");
    maker_needs(&maker, "x y");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "x|y");
    CHECK_TEXT(maker_layers(&maker, "h"), "y");
    CHECK_TEXT(maker_stays(&maker, "f"), "");
    shared_arena_clean_up(&maker.arena);
}

/* What needs something that stays, stays too, with all that needs it; it is in the layer all the same. */
static void test_both(void)
{
    static size_t first[] = {0};
    maker_init(&maker);
    maker_function(&maker, "f", 1, "a b c z");
    maker_function(&maker, "g", 1, "a b c z");
    maker_function(&maker, "h", 0, "c");
    maker_needs(&maker, "a b");
    maker_needs(&maker, "b c");
    struct layer_planned last[] = {{.name = "p-1", .items = maker_set(&maker, "a b z")}};
    struct layer_set attached[] = {{first, 1}, {first, 1}, {NULL, 0}};
    maker.problem.last = last;
    maker.problem.last_count = 1;
    maker.problem.last_attached = attached;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a b z");
    CHECK_TEXT(maker_stays(&maker, "f"), "a b c");
    CHECK_NUMBER(maker.plan.stored_bytes, 300 + 1000 + 2000 + 26000 + 22 + 2 * (1000 + 2000 + 3000) + 3000);
    CHECK_NUMBER(layer_plan_check(&maker.problem, &maker.plan, &maker.arena, &maker.err), 0);
    maker.plan.stays[0].items++, maker.plan.stays[0].count--;
    CHECK_NUMBER(layer_plan_check(&maker.problem, &maker.plan, &maker.arena, &maker.err), SHARED_EINVAL);
    shared_arena_clean_up(&maker.arena);
}

/* A layer that is of no use is left, and its slot serves for another one; the plan is kept by what it really stores. */
static void test_useless(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 2, "x y w");
    maker_function(&maker, "g", 2, "x y w");
    maker_function(&maker, "h", 2, "y w");
    maker_needs(&maker, "x y");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "x|y w");
    maker_keep(&maker);
    maker_function(&maker, "f", 1, "x y w");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "y w");
    CHECK_TEXT(maker_stays(&maker, "f"), "x");
    CHECK_TEXT(maker_layers(&maker, "g"), "x|y w");
    CHECK_NUMBER(maker.plan.publish_bytes, 0);
    /* w changes where it can be no longer shadowed: without y, x is of no use either. */
    maker_keep(&maker);
    maker_function(&maker, "f", 2, "x y");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "");
    CHECK_TEXT(maker_stays(&maker, "f"), "x y");
    shared_arena_clean_up(&maker.arena);
}

/* What is there twice counts twice. */
static void test_limit(void)
{
    static size_t both[] = {0, 1};
    for (int more = 0; more < 2; more++) {
        maker_init(&maker);
        maker_function(&maker, "f", 1, "a b z");
        maker_function(&maker, "g", 2, "a b z");
        maker_needs(&maker, "a b");
        struct layer_planned last[] = {{.name = "p-1", .items = maker_set(&maker, "a z")},
                                       {.name = "p-2", .items = maker_set(&maker, "b")}};
        struct layer_set attached[] = {{both, 1}, {both, 2}};
        maker.problem.last = last;
        maker.problem.last_count = 2;
        maker.problem.last_attached = attached;
        maker.problem.unzipped_limit_bytes = 2 * (1000 + 2000 + 26000) + 2000 - (uint64_t)more;
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "f"), more ? "" : "a z");
        CHECK_TEXT(maker_stays(&maker, "f"), more ? "a b z" : "a b");
        CHECK_TEXT(maker_layers(&maker, "g"), "b|a z");
        shared_arena_clean_up(&maker.arena);
    }
}

/* Cycles, needs of what is not carried, and of itself. */
static void test_odd(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a b c");
    maker_function(&maker, "g", 5, "a b c");
    maker_item(&maker, "d", 1);
    maker_needs(&maker, "a b a");
    maker_needs(&maker, "b a c");
    maker_needs(&maker, "c d");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a b c");
    CHECK_TEXT(maker_stays(&maker, "f"), "");
    maker_keep(&maker);
    maker_function(&maker, "g", 5, "a b c1");
    maker_needs(&maker, "b a c c1");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a b c");
    CHECK_TEXT(maker_layers(&maker, "g"), "");
    CHECK_TEXT(maker_stays(&maker, "g"), "a b c1");
    shared_arena_clean_up(&maker.arena);
}

int main(void)
{
    CHECK_RUN(test_closed);
    CHECK_RUN(test_both);
    CHECK_RUN(test_useless);
    CHECK_RUN(test_limit);
    CHECK_RUN(test_odd);
    return check_report();
}
