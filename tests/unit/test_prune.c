#include "check.h"

#include "prune/prune.h"

#include <stdlib.h>

#define PLACE "arn:aws:lambda:eu-west-1:123456789012"
#define F(version, more)                                                                                  \
    "{\"FunctionName\":\"f\",\"FunctionArn\":\"" PLACE ":function:f:" version "\",\"Version\":\"" version \
    "\",\"CodeSize\":10,\"LastModified\":\"2026-01-01T00:00:00.000+0000\"" more "}"
#define USES(layer) ",\"Layers\":[{\"Arn\":\"" PLACE ":layer:" layer "\",\"CodeSize\":7}]"
#define VERSIONS(list) "{\"Versions\":[" list "]}"
#define ALIAS(name, version, more) \
    "{\"AliasArn\":\"" PLACE ":function:f:" name "\",\"FunctionVersion\":\"" version "\"" more "}"
#define LAYER(name) "{\"LayerVersionArn\":\"" PLACE ":layer:" name "\",\"Version\":1}"

static struct shared_arena arena;
static struct shared_error err;
static struct prune_lists lists;
static struct prune_plan plan;

static int versions(const char *text)
{
    err = (struct shared_error){0};
    return prune_versions_read("v.json", shared_slice_from_text(text), &arena, &lists, &err);
}

static int aliases(const char *text, const char *function)
{
    err = (struct shared_error){0};
    return prune_aliases_read("a.json", shared_slice_from_text(text), function, &arena, &lists, &err);
}

static int layers(const char *text)
{
    err = (struct shared_error){0};
    return prune_layers_read("l.json", shared_slice_from_text(text), &arena, &lists, &err);
}

static void make(const struct prune_options *options)
{
    CHECK_NUMBER(prune_plan_make(&lists, options, &arena, &plan, &err), 0);
}

static enum prune_verdict verdict(uint64_t version)
{
    for (size_t i = 0; i < plan.version_count; i++)
        if (plan.versions[i].version == version)
            return plan.versions[i].verdict;
    CHECK(!"no such version");
    return PRUNE_GOES;
}

static enum prune_verdict layer_verdict(const char *name, uint64_t version)
{
    for (size_t i = 0; i < plan.layer_count; i++)
        if (strcmp(plan.layers[i].name, name) == 0 && plan.layers[i].version == version)
            return plan.layers[i].verdict;
    CHECK(!"no such layer");
    return PRUNE_GOES;
}

static const char five[] = VERSIONS(F("$LATEST", USES("a:3")) "," F("1", USES("a:1")) "," F(
    "2", USES("a:2")) "," F("3", "") "," F("10", "") "," F("9", ""));

static void test_kept(void)
{
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(
        aliases("{\"Aliases\":[" ALIAS("live", "3",
                                       ",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"2\":0.05}}") "]}",
                NULL),
        0);
    const struct prune_options one = {.keep = 1}, none = {.keep = 0}, all = {.keep = 9};
    make(&one);
    CHECK_NUMBER(verdict(PRUNE_LATEST), PRUNE_IS_LATEST);
    CHECK_NUMBER(verdict(1), PRUNE_GOES);
    CHECK_NUMBER(verdict(2), PRUNE_ALIASED);
    CHECK_NUMBER(verdict(3), PRUNE_ALIASED);
    CHECK_NUMBER(verdict(9), PRUNE_GOES);
    CHECK_NUMBER(verdict(10), PRUNE_NEWEST); /* as a number: "10" is newer than "9" */
    CHECK_NUMBER(plan.versions_gone, 2);
    CHECK_NUMBER(plan.version_bytes, 20);
    make(&none);
    CHECK_NUMBER(verdict(10), PRUNE_GOES);
    CHECK_NUMBER(verdict(PRUNE_LATEST), PRUNE_IS_LATEST);
    make(&all);
    CHECK_NUMBER(plan.versions_gone, 0);
}

/* An alias may be where nobody looked. */
static void test_unknown_aliases(void)
{
    const struct prune_options plain = {.keep = 0}, told = {.keep = 0, .no_aliases = true};
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    make(&plain);
    CHECK_NUMBER(plan.versions_gone, 0);
    CHECK_NUMBER(verdict(1), PRUNE_ALIASES_UNKNOWN);
    CHECK_NUMBER(plan.unknown_count, 1);
    CHECK_TEXT(plan.unknown[0], "f");
    make(&told);
    CHECK_NUMBER(plan.versions_gone, 5);
    /* A page that is not the last is no whole list. */
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS("live", "3", "") "],\"NextMarker\":\"x\"}", NULL), 0);
    make(&plain);
    CHECK_NUMBER(plan.versions_gone, 0);
    CHECK_NUMBER(verdict(3), PRUNE_ALIASED);
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS("test", "2", "") "],\"NextMarker\":null}", NULL), 0);
    make(&plain);
    CHECK_NUMBER(plan.versions_gone, 3);
    /* An empty list says of whom it is by the user's word alone. */
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(aliases("{\"Aliases\":[]}", NULL), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "a.json:1: lists no alias");
    CHECK_NUMBER(aliases("{\"Aliases\":[]}", "f"), 0);
    make(&plain);
    CHECK_NUMBER(plan.versions_gone, 5);
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS("live", "3", "") "]}", "g"), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "is of the function f, not of g");
}

static void test_layers(void)
{
    const struct prune_options all = {.keep = 1, .no_aliases = true, .all_functions = true},
                               some = {.keep = 1, .no_aliases = true};
    static const char listed[] =
        "{\"LayerVersions\":[" LAYER("a:1") "," LAYER("a:2") "," LAYER("a:3") "," LAYER("b:1") "," LAYER(
            "b:2") "]}{\"LayerVersionArn\":\"" PLACE ":layer:b:1\",\"Content\":{\"CodeSize\":5}}";
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(layers(listed), 0);
    make(&some);
    CHECK_NUMBER(plan.layers_gone, 0);
    CHECK_NUMBER(layer_verdict("a", 3), PRUNE_USED);
    CHECK_NUMBER(layer_verdict("a", 1), PRUNE_USERS_UNKNOWN);
    make(&all);
    CHECK_NUMBER(layer_verdict("a", 3), PRUNE_USED);
    CHECK_NUMBER(layer_verdict("a", 1), PRUNE_GOES); /* version 1 of f goes, and alone uses it */
    CHECK_NUMBER(plan.layers_gone, 4);
    CHECK_NUMBER(plan.layer_bytes, 7 + 7 + 5);
    CHECK_NUMBER(plan.layers_unknown, 1);
    /* The lock's plan, and its sizes. */
    struct lock_layer planned[] = {{.name = "b", .zip = {.zip_bytes = 50}}};
    const struct lock_file lock = {.layers = planned, .layer_count = 1};
    const struct prune_options locked = {.keep = 1, .no_aliases = true, .all_functions = true, .lock = &lock};
    make(&locked);
    CHECK_NUMBER(layer_verdict("b", 2), PRUNE_PLANNED);
    CHECK_NUMBER(layer_verdict("b", 1), PRUNE_GOES);
    /* A list that is not whole may lack a user. */
    CHECK_NUMBER(versions("{\"Versions\":[{\"FunctionArn\":\"" PLACE
                          ":function:g:4\",\"Version\":\"4\",\"CodeSize\":1}]}"),
                 0);
    make(&all);
    CHECK_NUMBER(plan.layers_gone, 0);
    CHECK_NUMBER(plan.partial_count, 1);
}

/* A list of versions that was made before those that aliases point to. */
static void test_missing(void)
{
    static const char routed[] = "{\"Aliases\":[" ALIAS(
        "live", "3", ",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"11\":0.05}}") "]}";
    const struct prune_options options = {.keep = 0, .all_functions = true};
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(layers("{\"LayerVersions\":[" LAYER("a:1") "," LAYER("b:1") "]}"), 0);
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS("live", "3", "") "," ALIAS("next", "$LATEST", "") "]}", NULL),
                 0);
    make(&options);
    CHECK_NUMBER(plan.missing_count, 0);
    CHECK_NUMBER(plan.layers_gone, 2);
    CHECK_NUMBER(aliases(routed, NULL), 0);
    CHECK_NUMBER(aliases(routed, NULL), 0);
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS("old", "4", "") "]}", NULL), 0);
    make(&options);
    CHECK_NUMBER(plan.layers_gone, 0);
    CHECK_NUMBER(layer_verdict("b", 1), PRUNE_USERS_UNKNOWN);
    CHECK_NUMBER(plan.partial_count, 1);
    CHECK_TEXT(plan.partial[0], "f");
    if (!CHECK_NUMBER(plan.missing_count, 2))
        return;
    CHECK_TEXT(plan.missing[0].alias, "old");
    CHECK_NUMBER(plan.missing[0].version, 4);
    CHECK_TEXT(plan.missing[1].alias, "live");
    CHECK_NUMBER(plan.missing[1].version, 11);
    CHECK_TEXT(plan.missing[1].function, "f");
    CHECK_NUMBER(plan.versions_gone, 4); /* what is listed is judged as before */
}

/* A function with aliases, and no list of its versions. */
static void test_unlisted(void)
{
    const struct prune_options options = {.keep = 1, .no_aliases = true, .all_functions = true};
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(layers("{\"LayerVersions\":[" LAYER("b:1") "]}"), 0);
    make(&options);
    CHECK_NUMBER(plan.layers_gone, 1);
    CHECK_NUMBER(aliases("{\"Aliases\":[{\"AliasArn\":\"" PLACE
                         ":function:g:live\",\"FunctionVersion\":\"2\"}]}",
                         NULL),
                 0);
    make(&options);
    CHECK_NUMBER(plan.layers_gone, 0);
    CHECK_NUMBER(plan.stranger_count, 1);
    CHECK_NUMBER(plan.missing_count, 0);
    CHECK_NUMBER(plan.partial_count, 0);
}

static void test_twice(void)
{
    const struct prune_options options = {.keep = 1, .no_aliases = true, .all_functions = true};
    lists = (struct prune_lists){0};
    CHECK_NUMBER(versions(five), 0);
    CHECK_NUMBER(versions(VERSIONS(F("10", USES("a:2")) "," F("1", ""))), 0);
    CHECK_NUMBER(layers("{\"LayerVersions\":[" LAYER("a:2") "," LAYER("a:2") "]}"), 0);
    make(&options);
    CHECK_NUMBER(plan.versions_gone, 4);
    CHECK_NUMBER(plan.version_bytes, 40);
    CHECK_NUMBER(layer_verdict("a", 2), PRUNE_USED);
    CHECK_NUMBER(plan.layers_gone, 0);
}

static void test_bad(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"", "v.json:1: is empty: expected what aws lambda list-versions-by-function prints"},
        {" \n", "v.json:2: is empty"},
        {"7", "v.json:1: found 7, expected an object"},
        {"{}", "v.json:1: Versions is missing"},
        {"{\"Versions\":null}", "Versions is missing"},
        {"{\"Versions\":{}}", "v.json:1: Versions: found {, expected a list"},
        {"{\"Versions\":[],\n\"Versions\":[]}", "v.json:2: Versions: is there twice"},
        {"{\"Versions\":[7]}", "v.json:1: Versions[0]: found 7, expected an object"},
        {"{\"Versions\":[{}]}", "v.json:1: Versions[0]: FunctionArn is missing"},
        {"{\"Versions\":[]", "the text ends too early"},
        {"{\"Versions\":[]}x", "v.json:1:"},
        {"{\"Versions\":[],\"a\":[[[[[[[[[[]]]]]]]]]]}", "nested deeper than anything that aws prints"},
        {VERSIONS("{\"FunctionArn\":\"f\"}"), "Versions[0].FunctionArn: is no name of a function's version"},
        {VERSIONS("{\"FunctionArn\":\"" PLACE ":function:f;rm:1\"}"), "is no name"},
        {VERSIONS("{\"FunctionArn\":\"" PLACE ":function:f:$(x)\"}"), "is no name"},
        {VERSIONS("{\"FunctionArn\":\"" PLACE ":layer:f:1\"}"), "is no name"},
        {VERSIONS("{\"FunctionArn\":\"arn:aws:lambda:eu:12345678901:function:f:1\"}"), "is no name"},
        {VERSIONS("{\"FunctionArn\":\"arn:aws:lambda:e'u:123456789012:function:f:1\"}"), "is no name"},
        {VERSIONS(F("x", "")), "Versions[0].Version: is no version"},
        {VERSIONS(F("01", "")), "is no version"},
        {VERSIONS(F("0", "")), "is no version"},
        {VERSIONS(F("1", ",\"CodeSize\":1")), "CodeSize: is there twice"},
        {VERSIONS(F("1", ",\"Layers\":[{\"Arn\":\"x\"}]")),
         "Versions[0].Layers[0].Arn: is no name of a layer's"},
        {VERSIONS("{\"LastModified\":\"\\u001b[2J\"}"), "LastModified: is no time"},
        {VERSIONS("{\"CodeSize\":-1}"), "CodeSize: found -1, expected a whole number from 0"},
        {VERSIONS("{\"CodeSize\":1e9}"), "expected a whole number"},
        {VERSIONS(F(
             "1",
             "")) "{\"Versions\":[{\"FunctionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:f:1\"}]}",
         "is of arn:aws:lambda:us-east-1:123456789012, others are of " PLACE},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        CHECK_ROW(table[i].text);
        lists = (struct prune_lists){0};
        CHECK_NUMBER(versions(table[i].text), SHARED_EINVAL);
        CHECK_MESSAGE(&err, table[i].message);
    }
    CHECK_ROW(NULL);
    lists = (struct prune_lists){0};
    CHECK_NUMBER(layers("{\"LayerVersionArn\":\"" PLACE ":layer:a:$LATEST\"}"), SHARED_EINVAL);
    CHECK_NUMBER(layers("{}"), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "LayerVersions is missing, and so is LayerVersionArn");
    CHECK_NUMBER(versions("\xEF\xBB\xBF{\"Versions\":[]}"), 0);
    CHECK_NUMBER(aliases("{\"Aliases\":[" ALIAS(
                             "live", "3", ",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"x\":1}}") "]}",
                         NULL),
                 SHARED_EINVAL);
}

/* Many versions of many functions: nothing is looked up one by one. */
static void test_many(void)
{
    const struct prune_options options = {.keep = 3, .no_aliases = true};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!CHECK(out != NULL))
        return;
    for (int f = 0; f < 500; f++) {
        fputs("{\"Versions\":[", out);
        for (int v = 1; v <= 100; v++)
            fprintf(out,
                    "%s{\"FunctionArn\":\"" PLACE ":function:f%d:%d\",\"Version\":\"%d\",\"CodeSize\":1}",
                    v > 1 ? "," : "", f, v, v);
        fputs("]}\n", out);
    }
    fclose(out);
    lists = (struct prune_lists){0};
    CHECK_NUMBER(prune_versions_read("v.json", shared_slice_of(text, size), &arena, &lists, &err), 0);
    free(text);
    make(&options);
    CHECK_NUMBER(plan.versions_gone, 500 * 97);
}

int main(void)
{
    CHECK_RUN(test_kept);
    CHECK_RUN(test_unknown_aliases);
    CHECK_RUN(test_layers);
    CHECK_RUN(test_missing);
    CHECK_RUN(test_unlisted);
    CHECK_RUN(test_twice);
    CHECK_RUN(test_bad);
    CHECK_RUN(test_many);
    shared_arena_clean_up(&arena);
    return check_report();
}
