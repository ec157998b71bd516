/* What goes into layers, where there was no plan before. */
#include "check.h"
#include "layer_maker.h"

static struct maker maker;

static void test_nothing(void)
{
    maker_init(&maker);
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    CHECK_NUMBER(maker.plan.stored_bytes, 0);
    CHECK(!maker.plan.replanned);
    maker_function(&maker, "f", 5, "");
    maker_function(&maker, "g", 5, "");
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    CHECK_NUMBER(maker.plan.stored_bytes, 200);
    shared_arena_clean_up(&maker.arena);
}

static void test_shared(void)
{
    static const struct {
        const char *row, *f, *g, *h;
        unsigned slots;
        const char *layers_f, *stays_f;
        uint64_t stored;
    } rows[] = {
        {"all alike", "a b", "a b", "a b", 5, "a b", "", 3 * 100 + 3000 + 22},
        {"a class a layer", "a b", "a b", "b", 5, "a|b", "", 3 * 100 + 3000 + 2 * 22},
        {"one layer is left", "a z", "a z", "z", 1, "z", "a", 3 * 100 + 26000 + 22 + 2 * 1000},
        {"one layer for two classes", "a z", "a z", "a", 1, "a z", "", 3 * 100 + 27000 + 22 + 1000},
        {"nothing in common", "a", "b", "c", 5, "", "a", 3 * 100 + 6000},
        {"same place, other content", "a1", "a2", "a3", 5, "", "a1", 3 * 100 + 3000},
        {"no layer may be attached", "a b", "a b", "a b", 0, "", "a b", 3 * 100 + 9000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        maker_function(&maker, "f", rows[i].slots, rows[i].f);
        maker_function(&maker, "g", rows[i].slots, rows[i].g);
        maker_function(&maker, "h", rows[i].slots, rows[i].h);
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "f"), rows[i].layers_f);
        CHECK_TEXT(maker_stays(&maker, "f"), rows[i].stays_f);
        CHECK_NUMBER(maker.plan.stored_bytes, rows[i].stored);
        CHECK_NUMBER(maker.plan.fresh_bytes, rows[i].stored);
        CHECK(maker.plan.bound_bytes <= maker.plan.stored_bytes);
        CHECK(maker.plan.stored_bytes <= maker.plan.unshared_bytes);
        shared_arena_clean_up(&maker.arena);
    }
}

/* A layer costs something itself. */
static void test_overhead(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a");
    maker_function(&maker, "g", 5, "a");
    maker.problem.layer_overhead_bytes = 1000;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    maker.problem.layer_overhead_bytes = 999;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 1);
    CHECK_NUMBER(maker.plan.stored_bytes, 200 + 1000 + 999);
    maker.problem.layer_overhead_bytes = UINT64_MAX;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    shared_arena_clean_up(&maker.arena);
}

static void test_limit(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a b");
    maker_function(&maker, "g", 5, "a b");
    maker_function(&maker, "h", 5, "a b");
    maker.functions[0].unzipped_bytes = 10001;
    maker.problem.unzipped_limit_bytes = 10000;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "");
    CHECK_TEXT(maker_layers(&maker, "g"), "a b");
    CHECK_TEXT(maker_layers(&maker, "h"), "a b");
    maker.problem.unzipped_limit_bytes = 5999; /* what a and b are unzipped, less one */
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    shared_arena_clean_up(&maker.arena);
}

static void test_volatile(void)
{
    static const struct {
        const char *row;
        uint64_t a, b;
        size_t layers;
    } rows[] = {{"neither", 0, 0, 1},
                {"one, once", 0, 1, 2},
                {"about as often", 4, 15, 1},
                {"often, seldom", 3, 16, 2},
                {"always", UINT64_MAX, UINT64_MAX, 1},
                {"always, never", UINT64_MAX, 0, 2}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        maker_function(&maker, "f", 2, "a b");
        maker_function(&maker, "g", 2, "a b");
        maker.items[0].changes = rows[i].a;
        maker.items[1].changes = rows[i].b;
        CHECK(maker_plan(&maker));
        CHECK_NUMBER(maker.plan.count, rows[i].layers);
        maker.functions[0].slots = 1; /* the heavier one, where there is no room for both */
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "f"), rows[i].layers == 2 ? "b" : "a b");
        shared_arena_clean_up(&maker.arena);
    }
}

static void test_extra(void)
{
    static const struct {
        const char *row;
        uint64_t extra, unzipped; /* of h */
        const char *h;
    } rows[] = {{"none", 0, 0, "z"},
                {"too little", 1999, 0, "z"},
                {"enough", 2000, 262142000, "a z"},
                {"enough, but over the limit", 2000, 262142001, "z"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        maker_function(&maker, "f", 1, "a z");
        maker_function(&maker, "g", 1, "a z");
        maker_function(&maker, "h", 1, "z");
        maker.problem.extra_bytes = rows[i].extra;
        maker.functions[2].unzipped_bytes = rows[i].unzipped;
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "h"), rows[i].h);
        CHECK_TEXT(maker_layers(&maker, "f"), rows[i].h);
        CHECK_TEXT(maker_stays(&maker, "h"), "");
        shared_arena_clean_up(&maker.arena);
    }
}

/* What is barred from a function is no stranger of it, in a fresh plan or in one that was kept. */
static void test_barred(void)
{
    static size_t first[] = {0};
    struct layer_set barred[3] = {{first, 1}, {NULL, 0}, {NULL, 0}};
    maker_init(&maker);
    maker_function(&maker, "f", 1, "a z");
    maker_function(&maker, "g", 1, "a z");
    maker_function(&maker, "h", 1, "z");
    maker.problem.extra_bytes = 100000;
    maker.problem.barred = barred;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a z");
    CHECK_TEXT(maker_layers(&maker, "h"), "a z");
    maker_keep(&maker);
    barred[2] = barred[0];
    CHECK_NUMBER(layer_plan_check(&maker.problem, &maker.plan, &maker.arena, &maker.err), SHARED_EINVAL);
    CHECK_MESSAGE(&maker.err, "h is given a, which is barred from it");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "a z");
    CHECK_TEXT(maker_layers(&maker, "h"), "");
    maker.problem.replan = true;
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker_layers(&maker, "f"), "z");
    CHECK_TEXT(maker_layers(&maker, "h"), "z");
    shared_arena_clean_up(&maker.arena);
}

/* Each of twelve functions lacks one of twelve items, and sees more classes than it may attach layers. */
static void test_extra_merge(void)
{
    static const struct {
        const char *row;
        uint64_t extra;
    } rows[] = {{"none", 0},
                {"all but a little", 9999},
                {"one of them each", 10000},
                {"as many as there are", UINT64_MAX}};
    uint64_t strict = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        for (size_t f = 0; f < 12; f++) {
            char items[64] = "";
            for (size_t k = 0; k < 12; k++)
                if (k != f)
                    snprintf(items + strlen(items), sizeof(items) - strlen(items), "e%c ", (char)('a' + k));
            char name[] = {'f', (char)('a' + f), '\0'};
            maker_function(&maker, shared_arena_copy(&maker.arena, shared_slice_from_text(name)), 5, items);
        }
        maker.problem.extra_bytes = rows[i].extra;
        CHECK(maker_plan(&maker));
        if (rows[i].extra < 10000) {
            CHECK(strict == 0 || maker.plan.stored_bytes == strict);
            strict = maker.plan.stored_bytes;
            CHECK_NUMBER(strict, 121332);
        } else {
            CHECK(maker.plan.stored_bytes <= maker.plan.bound_bytes + 5 * MAKER_OVERHEAD);
        }
        shared_arena_clean_up(&maker.arena);
    }
}

/* What a function would bear for nothing must save more than a tenth of it. */
static void test_extra_price(void)
{
    static const struct {
        const char *row;
        uint64_t unzipped;
        const char *layer;
    } rows[] = {{"cheap", 9990, "a z"}, {"as much as it saves", 10000, "z"}, {"dear", 100000, "z"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        maker_function(&maker, "f", 1, "a z");
        maker_function(&maker, "g", 1, "a z");
        maker_function(&maker, "h", 1, "z");
        maker.items[0].unzipped_bytes = rows[i].unzipped;
        maker.problem.extra_bytes = 1000000;
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "h"), rows[i].layer);
        shared_arena_clean_up(&maker.arena);
    }
}

/* A stranger is none where the function has something at, above or below its place. */
static void test_extra_places(void)
{
    static const struct {
        const char *row, *f, *g, *h, *layers;
    } rows[] = {{"other content", "m z", "m z", "m1 z", "z"},
                {"below", "m z", "m z", "m/x z", "z"},
                {"above", "m/x z", "m/x z", "m z", "z"},
                {"beside", "m z", "m z", "mx z", "m z"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].row);
        maker_init(&maker);
        maker_function(&maker, "f", 1, rows[i].f);
        maker_function(&maker, "g", 1, rows[i].g);
        maker_function(&maker, "h", 1, rows[i].h);
        maker.problem.extra_bytes = 100000;
        CHECK(maker_plan(&maker));
        CHECK_TEXT(maker_layers(&maker, "h"), rows[i].layers);
        shared_arena_clean_up(&maker.arena);
    }
}

static void test_huge(void)
{
    maker_init(&maker);
    for (unsigned i = 0; i < 8; i++)
        maker_function(&maker, (const char *[]){"a", "b", "c", "d", "e", "f", "g", "h"}[i], 2,
                       i % 2 ? "a b c d" : "a b c e");
    for (size_t i = 0; i < maker.problem.item_count; i++) {
        maker.items[i].zip_bytes = UINT64_MAX - i;
        maker.items[i].unzipped_bytes = 1000;
    }
    maker.functions[3].rest_zip_bytes = UINT64_MAX;
    CHECK(maker_plan(&maker));
    CHECK(maker.plan.count > 0);
    CHECK(maker.plan.stored_bytes == UINT64_MAX);
    maker_keep(&maker);
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.publish_bytes, 0);
    for (size_t i = 0; i < maker.problem.item_count; i++)
        maker.items[i].unzipped_bytes = UINT64_MAX / 2;
    maker.problem.unzipped_limit_bytes = UINT64_MAX;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 0);
    shared_arena_clean_up(&maker.arena);
}

/* The name says what is in a layer, not who asked or in which order. */
static void test_names(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 5, "a b");
    maker_function(&maker, "g", 5, "b a");
    CHECK(maker_plan(&maker));
    char name[80];
    snprintf(name, sizeof(name), "%s", maker.plan.layers[0].name);
    CHECK_NUMBER(strlen(name), strlen("p-0123456789abcdef"));
    CHECK_NUMBER(strncmp(name, "p-", 2), 0);
    CHECK_NUMBER(strspn(name + 2, "0123456789abcdef"), 16);
    shared_arena_clean_up(&maker.arena);

    maker_init(&maker);
    maker_function(&maker, "x", 5, "b a c");
    maker_function(&maker, "y", 5, "a d b");
    CHECK(maker_plan(&maker));
    CHECK_TEXT(maker.plan.layers[0].name, name);
    maker_function(&maker, "x", 5, "b1 a c");
    maker_function(&maker, "y", 5, "a d b1");
    CHECK(maker_plan(&maker));
    CHECK(strcmp(maker.plan.layers[0].name, name) != 0);

    /* A layer of the last plan has the name that a new one would have. */
    struct layer_set set = maker_set(&maker, "c d");
    struct layer_planned last = {.name = maker.plan.layers[0].name, .items = set};
    maker.problem.last = &last;
    maker.problem.last_count = 1;
    CHECK(maker_plan(&maker));
    CHECK_NUMBER(maker.plan.count, 1);
    CHECK_NUMBER(strlen(maker.plan.layers[0].name), strlen("p-0123456789abcdef0"));
    CHECK_NUMBER(strncmp(maker.plan.layers[0].name, last.name, strlen(last.name)), 0);
    CHECK(!maker.plan.layers[0].kept);
    shared_arena_clean_up(&maker.arena);
}

static void spoil(unsigned way, struct layer_plan *plan)
{
    struct layer_planned *layer = &plan->layers[0];
    switch (way) {
    case 0:
        maker.functions[0].slots = 1;
        break;
    case 1:
        maker.functions[0].unzipped_bytes = maker.problem.unzipped_limit_bytes + 1;
        break;
    case 2:
        layer->items = maker_set(&maker, "a1");
        break;
    case 3:
        layer->items.count--;
        break;
    case 4:
        layer->name = plan->layers[1].name;
        break;
    case 5:
        layer->users++;
        break;
    case 6:
        layer->kept = true;
        break;
    case 7:
        plan->stored_bytes--;
        break;
    case 8:
        plan->stays[0] = maker_set(&maker, "a");
        break;
    case 9:
        plan->stays[2].count = 0;
        break;
    case 10:
        maker.items[0].changes = 1;
        break;
    case 11:
        plan->attached[2] = plan->attached[0];
        break;
    default:
        plan->publish_bytes++;
    }
}

/* What the tests rest on finds what is wrong. */
static void test_check(void)
{
    for (unsigned way = 0; way < 13; way++) {
        char row[16];
        snprintf(row, sizeof(row), "way %u", way);
        CHECK_ROW(row);
        maker_init(&maker);
        maker_function(&maker, "f", 2, "a b y z");
        maker_function(&maker, "g", 2, "a b y z");
        maker_function(&maker, "h", 2, "a b c");
        CHECK(maker_plan(&maker));
        CHECK_NUMBER(maker.plan.count, 2);
        spoil(way, &maker.plan);
        CHECK_NUMBER(layer_plan_check(&maker.problem, &maker.plan, &maker.arena, &maker.err), SHARED_EINVAL);
        shared_arena_clean_up(&maker.arena);
    }
}

/* f carries its own words and z; all three attach a layer of what g and h carry, in the way of which f's may be. */
static void test_check_nesting(void)
{
    static const struct {
        const char *own, *layered, *message;
    } rows[] = {{"m/x z", "m z", "f has m/x below m"},
                {"m z", "m/x z", "f has m/x below m"},
                {"m/x/y z", "m z", "f has m/x/y below m"},
                {"m m-b m.b z", "m/x z", "f has m/x below m"},
                {"m-b/m m.b/m z", "m z", ""},
                {"n/m/x z", "m z", ""},
                {"mx mx/y z", "m z", ""}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_ROW(rows[i].own);
        maker_init(&maker);
        maker.problem.extra_bytes = 100000;
        maker_function(&maker, "f", 1, rows[i].own);
        maker_function(&maker, "g", 1, rows[i].layered);
        maker_function(&maker, "h", 1, rows[i].layered);
        size_t first = 0, z = maker_set(&maker, "z").items[0];
        const struct layer_set own = maker.functions[0].items, one = {&first, 1};
        struct layer_set stays[3] = {{shared_arena_alloc(&maker.arena, own.count * sizeof(size_t)), 0}};
        uint64_t stays_bytes = 0, all_bytes = 300;
        for (size_t k = 0; k < own.count; k++) {
            if (own.items[k] == z)
                continue;
            stays[0].items[stays[0].count++] = own.items[k];
            stays_bytes += maker.items[own.items[k]].zip_bytes;
        }
        for (size_t k = 0; k < maker.problem.item_count; k++)
            all_bytes += maker.items[k].zip_bytes;
        struct layer_planned layer = {
            .name = "p-1", .items = maker.functions[1].items, .zip_bytes = MAKER_OVERHEAD, .users = 3};
        uint64_t layer_bytes = 0;
        for (size_t k = 0; k < layer.items.count; k++)
            layer_bytes += maker.items[layer.items.items[k]].zip_bytes;
        layer.zip_bytes += layer_bytes;
        layer.unzipped_bytes = 2 * layer_bytes;
        struct layer_set attached[3] = {one, one, one};
        const struct layer_plan plan = {
            .layers = &layer,
            .count = 1,
            .attached = attached,
            .stays = stays,
            .stored_bytes = 300 + layer.zip_bytes + stays_bytes,
            .unshared_bytes = 300 + stays_bytes + maker.items[z].zip_bytes + 2 * layer_bytes,
            .bound_bytes = all_bytes,
            .publish_bytes = layer.zip_bytes,
        };
        maker.err = (struct shared_error){0};
        CHECK_NUMBER(layer_plan_check(&maker.problem, &plan, &maker.arena, &maker.err),
                     *rows[i].message ? SHARED_EINVAL : 0);
        CHECK_TEXT(maker.err.text, rows[i].message);
        shared_arena_clean_up(&maker.arena);
    }
}

int main(void)
{
    CHECK_RUN(test_nothing);
    CHECK_RUN(test_shared);
    CHECK_RUN(test_overhead);
    CHECK_RUN(test_limit);
    CHECK_RUN(test_volatile);
    CHECK_RUN(test_extra);
    CHECK_RUN(test_barred);
    CHECK_RUN(test_extra_merge);
    CHECK_RUN(test_extra_price);
    CHECK_RUN(test_extra_places);
    CHECK_RUN(test_huge);
    CHECK_RUN(test_names);
    CHECK_RUN(test_check);
    CHECK_RUN(test_check_nesting);
    return check_report();
}
