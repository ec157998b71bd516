/* A small plan of layers, as it is printed: every table and every reason why it stores more than it need. */
#include "check.h"

#include "content/content.h"
#include "report/layers_loss.h"
#include "report/report_layers.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static struct shared_arena arena;

/* What files hold, by the bytes of their streams. */
static const struct content program = {.deflated_bytes = 20000}, titles = {.deflated_bytes = 700},
                            library_a = {.deflated_bytes = 9000}, library_b = {.deflated_bytes = 4000},
                            licence = {.deflated_bytes = 300};

/* Each function has its program and titles.json, and of the items two with files, which have a licence in common. */
static struct package_entry entries[3][6];
static struct package packages[3];
static size_t a_entries[] = {1, 2}, b_entries[] = {3, 4};
static struct layer_carried carried[3][2] = {
    {{0, a_entries, 2}, {1, b_entries, 2}},
    {{0, a_entries, 2}, {1, b_entries, 2}},
    {{0, a_entries, 2}, {1, b_entries, 2}},
};
static struct layer_stay stays[3][2] = {
    {{"bootstrap", "is the program", 1, 40000},
     {"share/titles.json",
      "is reached by a fixed path, for nothing says that it is opened through shared/asset.h; name it in "
      "movable",
      1, 1000}},
    {{"bootstrap", "is the program", 1, 40000},
     {"share/",
      "is reached by a fixed path, for nothing says that it is opened through shared/asset.h; name it in "
      "movable",
      3, 1500}},
    {{"bootstrap", "is the program", 1, 40000}, {"share/titles.json", "is not movable", 1, 1000}},
};
static struct layer_holding holdings[3] = {
    {carried[0], 2, stays[0], 2}, {carried[1], 2, stays[1], 2}, {carried[2], 2, stays[2], 2}};
static enum layer_kind kinds[8] = {LAYER_LIBRARY, LAYER_LIBRARY, LAYER_ASSET, LAYER_NODE,
                                   LAYER_NODE,    LAYER_PYTHON,  LAYER_PYTHON};

enum { A, B, OLD, CHANGED, VOLATILE, SMALL, NEEDY, APART, ITEM_COUNT };
static const struct layer_item items[ITEM_COUNT] = {
    [A] = {.place = "lib/liba.so.1", .zip_bytes = 10000, .unzipped_bytes = 30000},
    [B] = {.place = "lib/libb.so.1", .zip_bytes = 5000, .unzipped_bytes = 9000},
    [OLD] = {.place = "lib/libc.so.1",
             .digest = {{1}},
             .zip_bytes = 900,
             .unzipped_bytes = 1800,
             .shadowed = true},
    [CHANGED] = {.place = "lib/libc.so.1",
                 .digest = {{2}},
                 .zip_bytes = 910,
                 .unzipped_bytes = 1820,
                 .shadowed = true,
                 .changes = 1},
    [VOLATILE] = {.place = "lib/libv.so.1", .zip_bytes = 500, .unzipped_bytes = 700, .changes = 9},
    [SMALL] = {.place = "share/small.json", .zip_bytes = 12, .unzipped_bytes = 13},
    [NEEDY] = {.place = "lib/libn.so.1", .zip_bytes = 60, .unzipped_bytes = 80},
    [APART] = {.place = "nodejs/node_modules/apart", .zip_bytes = 70, .unzipped_bytes = 90},
};

/* api may attach all; cron has one slot; web has a changed libc and shares a layer with nobody else. */
static size_t of_api[] = {A, B, OLD, VOLATILE, SMALL, NEEDY}, of_cron[] = {A, B, CHANGED, APART},
              of_web[] = {A, CHANGED, VOLATILE, SMALL, APART, OLD};
static struct layer_function functions[3] = {
    {"api", {of_api, 6}, 5, 82000, 21000},
    {"cron", {of_cron, 4}, 1, 80000, 20500},
    {"web", {of_web, 5}, 4, 73000, 20700},
};
static size_t first_items[] = {A, OLD}, second_items[] = {B, NEEDY}, third_items[] = {B, APART};
static struct layer_planned layers[3] = {
    {"video-1111111111111111", {first_items, 2}, 10922, 31800, 3, true},
    {"video-2222222222222222", {second_items, 2}, 5082, 9080, 1, true},
    {"video-3333333333333333", {third_items, 2}, 5092, 9090, 0, false},
};
static size_t api_layers[] = {0, 1}, cron_layers[] = {0}, web_layers[] = {0};
static struct layer_set attached[3] = {{api_layers, 2}, {cron_layers, 1}, {web_layers, 1}};
static size_t api_stays[] = {VOLATILE, SMALL, NEEDY}, cron_stays[] = {B, CHANGED, APART},
              web_stays[] = {CHANGED, VOLATILE, SMALL, APART};
static struct layer_set staying[3] = {{api_stays, 3}, {cron_stays, 3}, {web_stays, 4}};
static struct layer_planned last[1] = {{.name = "video-1111111111111111"}};
static struct layer_problem problem = {.project = "video",
                                       .items = items,
                                       .item_count = ITEM_COUNT,
                                       .functions = functions,
                                       .function_count = 3,
                                       .last = last,
                                       .last_count = 1,
                                       .unzipped_limit_bytes = 262144000,
                                       .replan_percent = 10};
static struct layer_plan plan = {.layers = layers, .count = 3, .attached = attached, .stays = staying};
static struct manifest_function listed[3] = {{.name = "api"}, {.name = "cron"}, {.name = "web"}};
static struct manifest manifest = {
    .name = "video", .lock = "the.lock", .functions = listed, .function_count = 3};
static struct layer_items found = {.kinds = kinds, .count = ITEM_COUNT, .functions = holdings};
static struct report_layers report = {.manifest = &manifest,
                                      .packages = packages,
                                      .items = &found,
                                      .problem = &problem,
                                      .plan = &plan,
                                      .top = 10};

static void set_up(void)
{
    static const char *const places[] = {"bootstrap",     "lib/liba.so.1", "lib/liba.txt",
                                         "lib/libb.so.1", "lib/libb.txt",  "share/titles.json"};
    static const struct content programs[3] = {
        {.deflated_bytes = 20000}, {.deflated_bytes = 19000}, {.deflated_bytes = 19500}};
    const struct content *const contents[] = {&program, &library_a, &licence, &library_b, &licence, &titles};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 6; k++)
            entries[i][k] =
                (struct package_entry){.place = places[k], .content = k ? contents[k] : &programs[i]};
        packages[i] = (struct package){entries[i], 6, 0};
    }
    bool carries[ITEM_COUNT] = {0};
    for (size_t i = 0; i < 3; i++) {
        plan.bound_bytes += functions[i].rest_zip_bytes;
        plan.stored_bytes += functions[i].rest_zip_bytes;
        plan.unshared_bytes += functions[i].rest_zip_bytes;
        for (size_t k = 0; k < functions[i].items.count; k++) {
            size_t item = functions[i].items.items[k];
            plan.unshared_bytes += items[item].zip_bytes;
            plan.bound_bytes += carries[item] ? 0 : items[item].zip_bytes;
            carries[item] = true;
        }
        for (size_t k = 0; k < staying[i].count; k++)
            plan.stored_bytes += items[staying[i].items[k]].zip_bytes;
        plan.stored_bytes += layers[i].zip_bytes;
    }
    plan.fresh_bytes = plan.stored_bytes - 1000;
}

static char *print(bool json)
{
    char *text = NULL;
    size_t size = 0;
    struct shared_error err = {0};
    FILE *out = open_memstream(&text, &size);
    if (!CHECK(out != NULL))
        exit(2);
    int status = json ? report_layers_json(out, &report, &arena, &err)
                      : report_layers_text(out, &report, &arena, &err);
    CHECK_NUMBER(status, 0);
    fclose(out);
    return text;
}

static const char expected[] =
    "video: 3 functions, 3 layers: 91,340 B stored, 106,144 B without layers, 13.9 % less\n"
    "\n"
    "NO  LAYER                      ZIP  UNZIPPED  ITEMS  FUNCTIONS\n"
    "1   video-1111111111111111  10,922    31,800      2          3  kept\n"
    "2   video-2222222222222222   5,082     9,080      2          1  kept\n"
    "3   video-3333333333333333   5,092     9,090      2          0  new\n"
    "\n"
    "FUNCTION  ZIP ALONE     ZIP  UNZIPPED IN ALL  OF LIMIT  SLOTS LEFT  LAYERS\n"
    "api          37,472  21,572           82,080    0.03 %           3  1 2\n"
    "cron         36,480  26,480           81,800    0.03 %           0  1\n"
    "web          32,192  22,192           74,800    0.03 %           3  1\n"
    "\n"
    "LARGEST IN LAYERS          LAYER     ZIP  UNZIPPED\n"
    "lib/liba.so.1                  1  10,000    30,000\n"
    "lib/libb.so.1                  2   5,000     9,000\n"
    "lib/libb.so.1                  3   5,000     9,000\n"
    "lib/libc.so.1                  1     900     1,800\n"
    "nodejs/node_modules/apart      3      70        90\n"
    "lib/libn.so.1                  2      60        80\n"
    "\n"
    "Every distinct file stored once would be 77,632 B; this is 13,708 B more, 17.7 %\n"
    "WHY IT IS MORE                                                           ZIP\n"
    "too few slots: a function that carries it can attach no further layer  5,070\n"
    "several layers have it, for functions that attach different ones       5,000\n"
    "copies of what cannot move                                             1,620\n"
    "changed since: the function's zip has it, over what its layer has        910\n"
    "volatile: what changes often is kept apart from what does not            500\n"
    "in several packages that move as a whole                                 400\n"
    "strangers are not allowed: layers that have it hold more than that        70\n"
    "the layers' zips have directories of their own                            66\n"
    "with what it needs in the function's zip, though a layer has it           60\n"
    "a further layer for it would cost more than it saves                      12\n"
    "The last plan is kept: a fresh one would store 1,000 B less, 1.1 %\n"
    "(it takes the last one's place from 10 % on, or with --replan)\n"
    "\n"
    "UNZIPPED  FILES  WHY IT STAYS IN THE FUNCTIONS' ZIPS\n"
    " 120,000      3  is the program: bootstrap\n"
    "   2,500      4  is reached by a fixed path, for nothing says that it is opened through shared/asset.h; "
    "name\n"
    "                 it in movable: share/ and others\n"
    "   1,000      1  is not movable: share/titles.json\n"
    "\n"
    "A publish adds 1 layer, 5,092 B, and at most 3 functions, 70,244 B\n";

static void test_text(void)
{
    char *text = print(false);
    CHECK_TEXT(text, expected);
    free(text);
}

/* What is shown is the largest; the rest is counted. */
static void test_top(void)
{
    report.top = 1;
    report.colour = true;
    char *text = print(false);
    CHECK(strstr(text, "1  10,000    30,000\n(5 others)\n"));
    CHECK(strstr(text, "  is the program: bootstrap\n(2 other reasons)\n"));
    CHECK(strstr(text, "\033[1mUNZIPPED  FILES  WHY IT STAYS IN THE FUNCTIONS' ZIPS\033[0m\n"));
    free(text);
    report.top = 0;
    report.colour = false;
    text = print(false);
    CHECK_TEXT(text, expected);
    free(text);
    report.top = 10;
}

static uint64_t number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return CHECK(cJSON_IsNumber(item)) ? (uint64_t)item->valuedouble : 0;
}

static const cJSON *element(const cJSON *object, const char *name, int index)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(object, name), index);
}

static void check_member(const cJSON *object, const char *name, const char *wanted)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    CHECK_TEXT(item ? item->valuestring : "missing", wanted);
}

static void test_json(void)
{
    char *text = print(true);
    cJSON *root = cJSON_Parse(text);
    if (!CHECK(root != NULL))
        return;
    uint64_t lost = 0;
    for (int i = 0; i < LOSS_COUNT; i++)
        lost += number(element(root, "losses", i), "zip_bytes");
    CHECK_NUMBER(lost, number(root, "stored_bytes") - number(root, "bound_bytes"));
    check_member(element(root, "losses", 0), "cause", "slots");
    CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItem(root, "losses")), LOSS_COUNT);
    const cJSON *layer = element(root, "layers", 1);
    check_member(layer, "name", "video-2222222222222222");
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(layer, "kept")));
    check_member(element(layer, "items", 0), "place", "lib/libb.so.1");
    check_member(element(layer, "items", 0), "kind", "library");
    CHECK_NUMBER(number(element(layer, "items", 0), "users"), 2);
    check_member(element(layer, "items", 0), "digest", "00000000000000000000000000000000");
    const cJSON *function = element(root, "functions", 0);
    check_member(function, "name", "api");
    CHECK_NUMBER(number(function, "alone_bytes"), 37472);
    CHECK_NUMBER(number(function, "slots_left"), 3);
    CHECK_TEXT(element(function, "layers", 1)->valuestring, "video-2222222222222222");
    CHECK_NUMBER(cJSON_GetArraySize(cJSON_GetObjectItem(root, "stays")), 6);
    check_member(element(root, "stays", 5), "function", "web");
    CHECK_NUMBER(number(cJSON_GetObjectItem(root, "publish"), "function_bytes"), 70244);
    cJSON_Delete(root);
    free(text);
}

/* Whether a layer is new to the lock and whether it was ever published are two things. */
static void test_published(void)
{
    struct limit_zip published[3 + 8] = {{.kind = LOCK_FUNCTION, .zip_bytes = 1},
                                         {.kind = LOCK_FUNCTION, .zip_bytes = 26480, .added = true},
                                         {.kind = LOCK_FUNCTION, .zip_bytes = 1}};
    CHECK(plan.count <= 8);
    for (size_t i = 0; i < plan.count; i++)
        published[3 + i] = (struct limit_zip){
            .kind = LOCK_LAYER, .zip_bytes = plan.layers[i].zip_bytes, .added = plan.layers[i].kept};
    report.published = published;
    char *text = print(false);
    CHECK(strstr(
        text, "\nA publish adds 2 layers, 16,004 B, and 1 function, 26,480 B, by the ledger of the.lock\n"));
    free(text);
    report.published = NULL;
}

static void test_off(void)
{
    manifest.layer_plan = LAYERS_OFF;
    char *text = print(false);
    CHECK(strstr(text, "\nno layers are planned: \"plan\" is off in the manifest's \"layers\" "));
    CHECK(!strstr(text, "too few slots"));
    free(text);
    manifest.layer_plan = LAYERS_AUTO;
}

/* Where strangers are allowed, it is their price, not slots. */
static void test_price(void)
{
    problem.extra_bytes = 1000000;
    char *text = print(false);
    CHECK(strstr(text, "\nstrangers would cost more than they save: 1 B for 10 B of them "));
    CHECK(!strstr(text, "too few slots") && !strstr(text, "strangers are not allowed"));
    free(text);
    problem.extra_bytes = 10;
    text = print(false);
    CHECK(strstr(text, "too few slots"));
    free(text);
    problem.extra_bytes = 0;
}

static void test_last(void)
{
    plan.replanned = true;
    char *text = print(false);
    CHECK(strstr(text, "\nA fresh plan takes the place of the last one\n") &&
          !strstr(text, "is kept: a fresh"));
    free(text);
    plan.replanned = false;
    problem.last_count = 0;
    text = print(false);
    CHECK(!strstr(text, "fresh"));
    free(text);
    problem.last_count = 1;
}

/* Where nothing is shared, nothing is lost, but the copies that cannot move. */
static void test_no_layers(void)
{
    struct layer_set none[3] = {{0}}, all[3] = {{0}};
    struct layer_function alone[3] = {
        {.name = "api", .rest_zip_bytes = 10000}, {.name = "cron"}, {.name = "web"}};
    struct layer_plan empty = {
        .attached = none, .stays = all, .stored_bytes = 10000, .bound_bytes = 10000, .unshared_bytes = 10000};
    struct layer_problem nothing = {
        .functions = alone, .function_count = 3, .unzipped_limit_bytes = UINT64_MAX};
    struct layer_holding no_holdings[3] = {{0}};
    struct layer_items no_items = {.functions = no_holdings};
    struct report_layers saved = report;
    struct package small[3] = {{entries[0], 1, 0}, {entries[1], 1, 0}, {entries[2], 1, 0}};
    report.problem = &nothing;
    report.plan = &empty;
    report.items = &no_items;
    report.packages = small;
    char *text = print(false);
    CHECK_TEXT(text, "video: 3 functions, 0 layers: 10,000 B stored, 10,000 B without layers, 0.00 % less\n"
                     "\n"
                     "FUNCTION  ZIP ALONE     ZIP  UNZIPPED IN ALL  OF LIMIT  SLOTS LEFT  LAYERS\n"
                     "api          10,000  10,000                0         -           0  -\n"
                     "cron              0       0                0         -           0  -\n"
                     "web               0       0                0         -           0  -\n"
                     "\n"
                     "Every distinct file stored once would be 10,000 B; this is 0 B more, 0.00 %\n"
                     "\n"
                     "A publish adds 0 layers, 0 B, and at most 3 functions, 10,000 B\n");
    free(text);
    /* A plan that is kept may come to cost more than no layers would. */
    empty.stored_bytes = empty.fresh_bytes = 10050;
    text = print(false);
    CHECK(strstr(text, ": 10,050 B stored, 10,000 B without layers, 50 B more, 0.50 %\n"));
    free(text);
    report = saved;
}

int main(void)
{
    set_up();
    CHECK_RUN(test_text);
    CHECK_RUN(test_top);
    CHECK_RUN(test_json);
    CHECK_RUN(test_published);
    CHECK_RUN(test_off);
    CHECK_RUN(test_price);
    CHECK_RUN(test_last);
    CHECK_RUN(test_no_layers);
    shared_arena_clean_up(&arena);
    return check_report();
}
