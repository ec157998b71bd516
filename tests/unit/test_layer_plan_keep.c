/* A plan that starts from the last one: what changed is published, and nothing else. */
#include "check.h"
#include "layer_maker.h"

static struct maker maker;

/* Three functions with a layer for all and one for two; they have room for one more. */
static void start(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 3, "k l m p q");
    maker_function(&maker, "g", 3, "k l m p q r");
    maker_function(&maker, "h", 3, "k l m");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    CHECK_NUMBER(maker.plan.publish_bytes, 2 * 22 + 11000 + 12000 + 13000 + 16000 + 17000);
    CHECK(!maker.plan.replanned);
    maker_keep(&maker);
}

static void check_kept(size_t count)
{
    CHECK_NUMBER(maker.plan.count, count);
    for (size_t l = 0; l < maker.plan.count; l++)
        CHECK(maker.plan.layers[l].kept);
    CHECK_NUMBER(maker.plan.publish_bytes, 0);
    CHECK(!maker.plan.replanned);
}

static void test_unchanged(void)
{
    start();
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    CHECK_TEXT(maker_layers(&maker, "g"), "p q|k l m");
    CHECK_TEXT(maker_layers(&maker, "h"), "k l m");
    CHECK(maker.plan.layers[0].name == maker.problem.last[0].name);
    shared_arena_clean_up(&maker.arena);
}

/* The function's own copy of what changed is found first. */
static void test_shadowed(void)
{
    start();
    maker_function(&maker, "f", 3, "k1 l m p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    CHECK_TEXT(maker_stays(&maker, "f"), "k1");
    CHECK_TEXT(maker_layers(&maker, "h"), "k l m");
    /* It is still so when nothing changes after that, and when it changes back. */
    maker_keep(&maker);
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_stays(&maker, "f"), "k1");
    maker_function(&maker, "f", 3, "k l m p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_stays(&maker, "f"), "");
    shared_arena_clean_up(&maker.arena);
}

/* Nothing of the layer is the function's any more. */
static void test_shadowed_whole(void)
{
    start();
    maker_function(&maker, "g", 3, "k1 l1 m1 p q r");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "g"), "p q");
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    shared_arena_clean_up(&maker.arena);
}

/* What is looked for in layers alone cannot be shadowed: the function leaves that layer, and only it. */
static void test_not_shadowed(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 2, "K l m p q");
    maker_function(&maker, "g", 2, "K l m p q");
    maker_function(&maker, "h", 2, "K l m");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|K l m");
    maker_keep(&maker);
    maker_function(&maker, "f", 2, "K1 l m p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q");
    CHECK_TEXT(maker_stays(&maker, "f"), "l m K1");
    CHECK_TEXT(maker_layers(&maker, "g"), "p q|K l m");
    CHECK_TEXT(maker_layers(&maker, "h"), "K l m");
    shared_arena_clean_up(&maker.arena);
}

/* Shadowing counts unzipped, and the limit holds. */
static void test_shadowed_limit(void)
{
    start();
    maker.functions[0].unzipped_bytes = 262144000;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    maker_function(&maker, "f", 3, "k1 l m p q");
    maker.functions[0].unzipped_bytes = 262144000 - 22000;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    maker.functions[0].unzipped_bytes++;
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q");
    shared_arena_clean_up(&maker.arena);
}

static void test_deleted(void)
{
    start();
    maker_function(&maker, "f", 3, "k l p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q");
    CHECK_TEXT(maker_stays(&maker, "f"), "k l");
    maker.problem.extra_bytes = 26000; /* m, unzipped */
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    maker.problem.extra_bytes--;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "p q");
    shared_arena_clean_up(&maker.arena);
}

static void test_new_function(void)
{
    start();
    maker_function(&maker, "e", 3, "a k l m p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "e"), "p q|k l m");
    CHECK_TEXT(maker_stays(&maker, "e"), "a");
    maker_function(&maker, "e", 1, "k l m p q");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "e"), "k l m");
    maker_function(&maker, "e", 3, "k l p");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_layers(&maker, "e"), "");
    shared_arena_clean_up(&maker.arena);
}

/* What comes to be shared goes into a layer beside those that are there. */
static void test_new_items(void)
{
    start();
    maker_function(&maker, "f", 3, "k l m p q s");
    maker_function(&maker, "g", 3, "k l m p q r s");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "s|p q|k l m");
    CHECK_TEXT(maker_layers(&maker, "g"), "s|p q|k l m");
    CHECK_TEXT(maker_layers(&maker, "h"), "k l m");
    CHECK_NUMBER(maker.plan.publish_bytes, 19000 + 22);
    maker_function(&maker, "f", 2, "k l m p q s");
    CHECK(maker_plan(&maker));
    check_kept(2);
    CHECK_TEXT(maker_stays(&maker, "f"), "s");
    shared_arena_clean_up(&maker.arena);
}

/* What no function carries any more could be made again by nobody: its layer is made anew without it. */
static void test_gone(void)
{
    start();
    maker_function(&maker, "f", 3, "k l m1 p q");
    maker_function(&maker, "g", 3, "k l m1 p q r");
    CHECK(maker_plan(&maker)); /* h carries m still */
    CHECK_TEXT(maker_layers(&maker, "h"), "k l m");
    CHECK_TEXT(maker_layers(&maker, "f"), "p q|k l m");
    CHECK_TEXT(maker_stays(&maker, "f"), "m1");
    maker_keep(&maker);
    maker_function(&maker, "h", 3, "k l m1");
    CHECK(maker_plan(&maker));
    CHECK(!maker.plan.replanned);
    CHECK_TEXT(maker_layers(&maker, "f"), "m1|k l|p q");
    CHECK_TEXT(maker_layers(&maker, "g"), "m1|k l|p q");
    CHECK_TEXT(maker_layers(&maker, "h"), "m1|k l");
    CHECK_NUMBER(maker.plan.publish_bytes, 11000 + 12000 + 13000 + 2 * 22);
    maker_keep(&maker);
    CHECK(maker_plan(&maker));
    check_kept(3);
    maker_function(&maker, "f", 3, "k l m1");
    maker_function(&maker, "g", 3, "k l m1 r");
    CHECK(maker_plan(&maker));
    check_kept(2);
    shared_arena_clean_up(&maker.arena);
}

/* Of what is left, what changes as often as the rest stays together. */
static void test_gone_volatile(void)
{
    start();
    maker.items[1].changes = 1; /* l */
    maker_function(&maker, "f", 3, "k l p q");
    maker_function(&maker, "g", 3, "k l p q r");
    maker_function(&maker, "h", 3, "k l");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "k|l|p q");
    CHECK_TEXT(maker_layers(&maker, "h"), "k|l");
    CHECK_NUMBER(maker.plan.publish_bytes, 11000 + 12000 + 2 * 22);
    maker_function(&maker, "f", 2, "k l p q");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "l|p q");
    CHECK_TEXT(maker_stays(&maker, "f"), "k");
    shared_arena_clean_up(&maker.arena);
}

/* Two layers that are the same without it become one: the one that is there, if it is. */
static void test_gone_same(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a b");
    maker_function(&maker, "g", 5, "a c");
    maker_function(&maker, "h", 5, "a");
    struct layer_planned last[] = {{.name = "p-1", .items = maker_set(&maker, "a x")},
                                   {.name = "p-2", .items = maker_set(&maker, "a y")},
                                   {.name = "p-3", .items = maker_set(&maker, "a")}};
    size_t numbers[] = {0, 1, 2};
    struct layer_set attached[] = {{numbers, 1}, {numbers + 1, 1}, {numbers + 2, 1}};
    maker.problem.last = last;
    maker.problem.last_count = 3;
    maker.problem.last_attached = attached;
    CHECK(maker_plan(&maker));
    check_kept(1);
    CHECK_NUMBER(maker.plan.layers[0].users, 3);
    maker.problem.last_count = 2;
    attached[2] = (struct layer_set){NULL, 0};
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 1);
    CHECK_NUMBER(maker.plan.layers[0].users, 3);
    CHECK(!maker.plan.layers[0].kept);
    shared_arena_clean_up(&maker.arena);
}

static void test_unused(void)
{
    start();
    maker_function(&maker, "f", 3, "k l m");
    maker_function(&maker, "g", 3, "k l m r");
    CHECK(maker_plan(&maker));
    check_kept(1);
    maker.problem.function_count = 1;
    CHECK(maker_plan(&maker)); /* one user: it is there, and nothing is published */
    check_kept(1);
    maker.problem.function_count = 0;
    CHECK(maker_plan(&maker));
    check_kept(0);
    shared_arena_clean_up(&maker.arena);
}

static void test_slots(void)
{
    start();
    maker.functions[0].slots = 1;
    maker.functions[1].slots = 0;
    CHECK(maker_plan(&maker));
    check_kept(1);
    CHECK_TEXT(maker_layers(&maker, "f"), "k l m");
    CHECK_TEXT(maker_layers(&maker, "g"), "");
    shared_arena_clean_up(&maker.arena);
}

/* A fresh plan takes the last one's place where it saves more than the given part, or where it is asked for. */
static void test_replan(void)
{
    start();
    maker_function(&maker, "f", 3, "k1 l1 m1 p q");
    maker_function(&maker, "g", 3, "k1 l1 m1 p q r");
    maker_function(&maker, "h", 3, "k1 l1 m1");
    maker.problem.replan_percent = 100;
    CHECK(maker_plan(&maker));
    uint64_t kept = maker.plan.stored_bytes, fresh = maker.plan.fresh_bytes;
    CHECK(fresh <= kept);
    uint64_t percent = (kept - fresh) * 100 / kept;
    maker.problem.replan_percent = percent + 1;
    CHECK(maker_plan(&maker));
    CHECK(!maker.plan.replanned);
    CHECK_NUMBER(maker.plan.stored_bytes, kept);
    shared_arena_clean_up(&maker.arena);

    /* Where h comes to carry what f and g share, it stays a layer of its own unless a plan is made afresh. */
    maker_init(&maker);
    maker_function(&maker, "f", 1, "a z");
    maker_function(&maker, "g", 1, "a z");
    CHECK(maker_plan(&maker));
    maker_keep(&maker);
    maker_function(&maker, "h", 1, "z");
    CHECK(maker_plan(&maker));
    check_kept(1);
    CHECK_TEXT(maker_layers(&maker, "h"), "");
    CHECK_NUMBER(maker.plan.stored_bytes, 300 + 1000 + 2 * 26000 + 22);
    CHECK_NUMBER(maker.plan.fresh_bytes, 300 + 2 * 1000 + 26000 + 22);
    maker.problem.replan_percent = 46; /* of 53,322 bytes it saves 25,000 */
    CHECK(maker_plan(&maker));
    CHECK(maker.plan.replanned);
    CHECK_TEXT(maker_layers(&maker, "h"), "z");
    CHECK_NUMBER(maker.plan.publish_bytes, 26000 + 22);
    maker.problem.replan_percent = 47;
    CHECK(maker_plan(&maker));
    CHECK(!maker.plan.replanned);
    maker.problem.replan = true;
    CHECK(maker_plan(&maker));
    CHECK(maker.plan.replanned);
    CHECK_TEXT(maker_layers(&maker, "h"), "z");
    shared_arena_clean_up(&maker.arena);
}

/* A fresh plan that has a layer of the last one does not publish it. */
static void test_replan_same(void)
{
    start();
    maker.problem.replan = true;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.publish_bytes, 0);
    CHECK(maker.plan.layers[0].kept && maker.plan.layers[1].kept);
    shared_arena_clean_up(&maker.arena);
}

/* A last plan that no planner made: places twice, layers twice, items that a function may not have. */
static void test_foreign_plan(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a b");
    maker_function(&maker, "g", 5, "a b c");
    struct layer_planned last[] = {{.name = "p-1", .items = maker_set(&maker, "a b")},
                                   {.name = "p-2", .items = maker_set(&maker, "a")},
                                   {.name = "p-2", .items = maker_set(&maker, "c")},
                                   {.name = NULL, .items = maker_set(&maker, "b")},
                                   {.name = "p-3", .items = maker_set(&maker, "")}};
    size_t all[] = {0, 1, 2, 3, 4};
    struct layer_set attached[] = {{all, 5}, {all, 5}};
    maker.problem.last = last;
    maker.problem.last_count = 5;
    maker.problem.last_attached = attached;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a b");
    CHECK_TEXT(maker_layers(&maker, "g"), "c|a b");
    attached[0] = (struct layer_set){all + 1, 4};
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "g"), "c|a b");
    shared_arena_clean_up(&maker.arena);
}

int main(void)
{
    CHECK_RUN(test_unchanged);
    CHECK_RUN(test_shadowed);
    CHECK_RUN(test_shadowed_whole);
    CHECK_RUN(test_not_shadowed);
    CHECK_RUN(test_shadowed_limit);
    CHECK_RUN(test_deleted);
    CHECK_RUN(test_new_function);
    CHECK_RUN(test_new_items);
    CHECK_RUN(test_gone);
    CHECK_RUN(test_gone_volatile);
    CHECK_RUN(test_gone_same);
    CHECK_RUN(test_unused);
    CHECK_RUN(test_slots);
    CHECK_RUN(test_replan);
    CHECK_RUN(test_replan_same);
    CHECK_RUN(test_foreign_plan);
    return check_report();
}
