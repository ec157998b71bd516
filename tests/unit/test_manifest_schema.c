/* The schema that editors use and the reader say the same. */
#include "check.h"

#include "check/checks.h"
#include "manifest/manifest.h"
#include "manifest/manifest_table.h"
#include "manifest/policy.h"

#include <cjson/cJSON.h>
#include <regex.h>
#include <stdlib.h>

static struct shared_arena arena;
static cJSON *schema;

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* A schema, or the definition that it refers to: #/definitions/function. */
static const cJSON *resolve(const cJSON *node)
{
    const cJSON *reference = member(node, "$ref");
    static const char definitions[] = "#/definitions/";
    if (!reference || !CHECK(strncmp(reference->valuestring, definitions, strlen(definitions)) == 0))
        return node;
    return member(member(schema, "definitions"), reference->valuestring + strlen(definitions));
}

static size_t number(const cJSON *node, const char *name)
{
    const cJSON *item = member(node, name);
    return item ? (size_t)item->valuedouble : 0;
}

static void check_type(const cJSON *node, const char *type)
{
    const cJSON *item = member(node, "type");
    CHECK_TEXT(item ? item->valuestring : NULL, type);
}

static void compare_key(const cJSON *node, const struct key *key);

static void compare_table(const cJSON *node, const struct key_table *table)
{
    const cJSON *properties = member(node, "properties");
    CHECK(cJSON_IsFalse(member(node, "additionalProperties")));
    CHECK_NUMBER(cJSON_GetArraySize(properties), table->count);
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        CHECK_ROW(key->name);
        const cJSON *property = member(properties, key->name);
        bool required = false;
        const cJSON *name;
        cJSON_ArrayForEach(name, member(node, "required")) required |=
            strcmp(name->valuestring, key->name) == 0;
        CHECK(required == key->required);
        if (CHECK(property != NULL))
            compare_key(resolve(property), key);
    }
}

static void compare_choices(const cJSON *node, const char *const *choices)
{
    const cJSON *choice;
    cJSON_ArrayForEach(choice, member(node, "enum"))
    {
        CHECK_TEXT(choice->valuestring, *choices);
        choices += *choices != NULL;
    }
    CHECK(*choices == NULL);
    const cJSON *fallback = member(node, "default");
    CHECK_TEXT(fallback ? fallback->valuestring : NULL, member(node, "enum")->child->valuestring);
}

static void compare_key(const cJSON *node, const struct key *key)
{
    CHECK(cJSON_IsString(member(node, "title")));
    CHECK(cJSON_IsString(member(node, "description")));
    switch (key->kind) {
    case KEY_IGNORED:
    case KEY_TEXT:
        check_type(node, "string");
        CHECK_NUMBER(number(node, "minLength"), key->least);
        CHECK(!key->refuse == !member(node, "pattern"));
        break;
    case KEY_TEXTS:
        check_type(node, "array");
        check_type(member(node, "items"), "string");
        CHECK_NUMBER(number(node, "minItems"), key->least);
        CHECK_NUMBER(number(member(node, "items"), "minLength"), 1);
        CHECK(key->unique == cJSON_IsTrue(member(node, "uniqueItems")));
        break;
    case KEY_NUMBER:
        check_type(node, "integer");
        CHECK_NUMBER(number(node, "minimum"), key->least);
        CHECK_NUMBER(number(node, "maximum"), (1ull << 53) - 1);
        break;
    case KEY_CHOICE:
        check_type(node, "string");
        compare_choices(node, key->choices);
        break;
    case KEY_OBJECT:
        check_type(node, "object");
        compare_table(node, key->table);
        break;
    case KEY_MAP:
        check_type(node, "object");
        CHECK_NUMBER(number(node, "minProperties"), key->least);
        CHECK(member(node, "propertyNames") != NULL || key->map->refuse_name == NULL);
        compare_key(resolve(member(node, "additionalProperties")), &key->map->value);
        break;
    case KEY_LIST:
        check_type(node, "array");
        CHECK_NUMBER(number(node, "minItems"), key->least);
        compare_key(resolve(member(node, "items")), &key->map->value);
        break;
    }
}

static void test_tables(void)
{
    compare_table(schema, &manifest_table);
}

/* The names that editors propose are those of the checks that can be turned off. */
static void test_checks(void)
{
    const cJSON *names =
        member(member(resolve(member(member(schema, "properties"), "checks")), "propertyNames"), "enum");
    const cJSON *name = names ? names->child : NULL;
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (check_rules[i].always)
            continue;
        CHECK_TEXT(name ? name->valuestring : NULL, check_rules[i].name);
        name = name ? name->next : NULL;
    }
    CHECK(name == NULL);
}

static void collect(const cJSON *node, const char *path, struct manifest_texts *keys)
{
    const cJSON *property;
    cJSON_ArrayForEach(property, member(node, "properties"))
    {
        char *key = shared_arena_format(&arena, "%s%s%s", path, *path ? "." : "", property->string);
        keys->items[keys->count++] = key;
        collect(resolve(property), key, keys);
    }
    const cJSON *items = member(node, "items");
    if (items && member(resolve(items), "properties"))
        collect(resolve(items), shared_arena_format(&arena, "%s[]", path), keys);
    const cJSON *others = member(node, "additionalProperties");
    if (!cJSON_IsObject(others))
        return;
    char *key = shared_arena_format(&arena, "%s.*", path);
    keys->items[keys->count++] = key;
    collect(resolve(others), key, keys);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void test_keys(void)
{
    const char *items[256];
    struct manifest_texts in_schema = {items, 0}, in_reader;
    collect(schema, "", &in_schema);
    qsort(items, in_schema.count, sizeof(*items), compare_texts);
    if (!CHECK_NUMBER(manifest_keys(&arena, &in_reader), 0) ||
        !CHECK_NUMBER(in_reader.count, in_schema.count))
        return;
    for (size_t i = 0; i < in_schema.count; i++)
        CHECK_TEXT(in_reader.items[i], in_schema.items[i]);
    const char *known = "functions.*.memory_mb";
    CHECK(bsearch(&known, in_reader.items, in_reader.count, sizeof(*in_reader.items), compare_texts) != NULL);
}

static int parse(const char *text, struct manifest *manifest, struct shared_error *err)
{
    return manifest_parse("demine.json", text, strlen(text), &arena, manifest, err);
}

static int parse_tree(const cJSON *tree, struct shared_error *err)
{
    char *text = cJSON_PrintUnformatted(tree);
    struct manifest manifest;
    int status = parse(text, &manifest, err);
    free(text);
    return status;
}

static const char whole[] =
    "{\"$schema\": \"s\", \"name\": \"p\", \"target\": {\"runtime\": \"provided.al2\", \"architecture\": "
    "\"arm64\", \"policy\": \"p\"},"
    "\"toolchain\": {\"compiler\": \"c\", \"flags\": [\"f\"], \"link_flags\": [\"l\"], \"linker\": \"lld\", "
    "\"strip\": "
    "\"s\"},"
    "\"libraries\": {\"l\": {\"archives\": [\"a\"], \"shared\": \"s\", \"include\": [\"i\"], \"needs\": "
    "[\"n\"]}, \"n\": {}},"
    "\"functions\": {\"made\": {\"sources\": [\"s\"], \"objects\": [\"o\"], \"libraries\": [\"n\"], "
    "\"flags\": [\"f\"],"
    "\"linkage\": \"dynamic\", \"assets\": {\"p\": \"s\"}, \"checks\": {\"loader\": {\"off\": \"r\"}}, "
    "\"environment\": {\"AB\": \"v\"}, \"memory_mb\": "
    "1,"
    "\"timeout_s\": 1}, \"given\": {\"binary\": \"b\", \"map\": \"m\"}},"
    "\"budgets\": [{\"function\": \"*\", \"zip_bytes\": 1}], \"snapshot\": \"s\","
    "\"limits\": {\"profile\": \"2016\", \"overrides\": {\"layers\": 1}, \"s3_bucket\": \"b\"},"
    "\"checks\": {\"runpath\": {\"off\": \"r\"}}}";

/* Takes each member of an object out of a whole manifest: the reader fails where the schema requires it. */
static void check_without(cJSON *tree, cJSON *object, const cJSON *node)
{
    for (int left = cJSON_GetArraySize(object); left > 0; left--) {
        cJSON *taken = cJSON_DetachItemFromArray(object, 0);
        bool required = false;
        const cJSON *name;
        cJSON_ArrayForEach(name, member(node, "required")) required |=
            strcmp(name->valuestring, taken->string) == 0;
        struct shared_error err = {0};
        CHECK_ROW(taken->string);
        if (!CHECK_NUMBER(parse_tree(tree, &err), required ? SHARED_EINVAL : 0))
            fprintf(stderr, "    %s\n", err.text);
        if (required)
            CHECK_MESSAGE(&err, shared_arena_format(&arena, "has no \"%s\"; add it", taken->string));
        cJSON_AddItemToArray(object, taken); /* at the end: after a full turn all are in their places again */
        const cJSON *property = member(member(node, "properties"), taken->string);
        if (property && cJSON_IsObject(taken))
            check_without(tree, taken, resolve(property));
    }
}

static void test_required(void)
{
    cJSON *tree = cJSON_Parse(whole);
    struct shared_error err;
    CHECK_NUMBER(parse_tree(tree, &err), 0);
    /* "n" is named by others; which libraries there are is not the schema's. */
    cJSON *libraries = cJSON_DetachItemFromObject(tree, "libraries");
    cJSON *made = cJSON_GetObjectItem(cJSON_GetObjectItem(tree, "functions"), "made");
    cJSON_DeleteItemFromObject(made, "libraries");
    check_without(tree, tree, schema);
    cJSON_Delete(libraries);

    const cJSON *function = member(member(schema, "definitions"), "function");
    check_without(tree, made, function);
    cJSON_Delete(tree);
}

/* if, then, else of the schema: what a function may be made of. Which of these the schema takes stands beside
 * them. */
static void check_function_rule(const cJSON *rules, const cJSON *property, const char *begin, bool enough)
{
    struct manifest manifest;
    struct shared_error err;
    const char *name = property->string, *type = member(resolve(property), "type")->valuestring;
    const char *value = strcmp(type, "array") == 0    ? "[\"x\"]"
                        : strcmp(name, "assets") == 0 ? "{\"x\": \"x\"}"
                                                      : "\"x\"";
    const cJSON *rule = member(member(rules, "properties"), name);
    bool refused =
        cJSON_IsFalse(rule) || number(rule, "maxItems") < (member(rule, "maxItems") != NULL) || !enough;
    const char *text = shared_arena_format(
        &arena, "{\"name\": \"p\", \"libraries\": {\"x\": {}}, \"functions\": {\"f\": {%s\"%s\": %s}}}",
        begin, name, value);
    CHECK_ROW(text);
    CHECK_NUMBER(parse(text, &manifest, &err), refused ? SHARED_EINVAL : 0);
}

static void test_function_rules(void)
{
    const cJSON *function = member(member(schema, "definitions"), "function");
    CHECK_TEXT(member(member(function, "if"), "required")->child->valuestring, "runtime");
    const cJSON *files = member(function, "then"), *program = member(function, "else");
    CHECK_TEXT(member(member(program, "if"), "required")->child->valuestring, "binary");
    CHECK(cJSON_IsFalse(member(member(program, "properties"), "handler")));
    const cJSON *property, *choice;
    cJSON_ArrayForEach(property, member(function, "properties"))
    {
        const char *name = property->string;
        static const char *const made[] = {"sources", "objects", "libraries", "flags",
                                           "movable", "fixed",   "map",       NULL};
        bool wanted = false, enough = false;
        for (const char *const *each = made; *each; each++)
            wanted |= strcmp(name, *each) == 0;
        if (!wanted)
            continue;
        check_function_rule(files, property,
                            "\"runtime\": \"nodejs22.x\", \"handler\": \"a.b\", \"assets\": {\".\": \"x\"}, ",
                            true);
        check_function_rule(member(program, "then"), property, "\"binary\": \"b\", ", true);
        cJSON_ArrayForEach(choice, member(member(program, "else"), "anyOf")) enough |=
            strcmp(member(choice, "required")->child->valuestring, name) == 0;
        check_function_rule(member(program, "else"), property, "", enough);
    }
}

/* anyOf of the schema: which numbers make a budget. */
static void test_budget_rules(void)
{
    const cJSON *budget = member(member(schema, "definitions"), "budget");
    const cJSON *property, *choice;
    cJSON_ArrayForEach(property, member(budget, "properties"))
    {
        CHECK_ROW(property->string);
        bool enough = false;
        cJSON_ArrayForEach(choice, member(budget, "anyOf")) enough |=
            strcmp(member(choice, "required")->child->valuestring, property->string) == 0;
        bool counts = strcmp(member(property, "type")->valuestring, "integer") == 0;
        CHECK(enough == counts);
        const char *text = shared_arena_format(
            &arena,
            "{\"name\": \"p\", \"functions\": {\"f\": {\"binary\": \"b\"}}, \"budgets\": [{\"%s\": %s}]}",
            property->string, counts ? "1" : "\"f\"");
        struct manifest manifest;
        struct shared_error err;
        CHECK_NUMBER(parse(text, &manifest, &err), enough ? 0 : SHARED_EINVAL);
    }
}

static bool matches(const cJSON *pattern, const char *text)
{
    regex_t regex;
    if (!CHECK(cJSON_IsString(pattern) &&
               regcomp(&regex, pattern->valuestring, REG_EXTENDED | REG_NOSUB) == 0))
        return false;
    bool holds = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return holds;
}

static bool among(const cJSON *list, const char *text)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (strcmp(item->valuestring, text) == 0)
            return true;
    }
    return false;
}

/* Names that are right or wrong somewhere; no quotes and backslashes in them. */
static const char *const names[] = {
    "a",
    "ab",
    "A",
    "Z9",
    "0",
    "9a",
    "-",
    "_",
    "_a",
    "a_b",
    "a-b",
    "a.b",
    "a+b",
    "a/b",
    "a b",
    " ",
    "",
    "ä",
    "own",
    "libc",
    "libs",
    "linker",
    "lto",
    "_HANDLER",
    "AWS_REGION",
    "AWS_REGIO",
    "LAMBDA_X",
    "a:b",
    "a@b",
    "^",
    "$",
    "a~",
    "x86",
    "s3://b",
    "1234567890123456789012345678901234567890123456789012345678901234",
    "12345678901234567890123456789012345678901234567890123456789012345",
};

/* format has a place for the name in an otherwise right manifest. */
static void compare_names(const cJSON *node, const char *format, const char *before, const char *after)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CHECK_ROW(shared_arena_format(&arena, "%s: \"%s\"", format, names[i]));
        bool in_schema = matches(member(node, "pattern"), names[i]) &&
                         !among(member(member(node, "not"), "enum"), names[i]);
        struct manifest manifest;
        struct shared_error err;
        const char *text = shared_arena_format(&arena, "%s\"%s\"%s", before, names[i], after);
        CHECK_NUMBER(parse(text, &manifest, &err), in_schema ? 0 : SHARED_EINVAL);
    }
}

#define FUNCTIONS "\"functions\": {\"f\": {\"sources\": [\"f.c\"]}}}"

static void test_names(void)
{
    const cJSON *properties = member(schema, "properties");
    compare_names(member(properties, "name"), "name", "{\"name\": ", ", " FUNCTIONS);
    compare_names(member(member(properties, "functions"), "propertyNames"), "function",
                  "{\"name\": \"p\", \"functions\": {", ": {\"binary\": \"b\"}}}");
    compare_names(member(member(properties, "libraries"), "propertyNames"), "library",
                  "{\"name\": \"p\", \"libraries\": {", ": {}}, " FUNCTIONS);
    const cJSON *limits = member(member(properties, "limits"), "properties");
    compare_names(member(limits, "s3_bucket"), "bucket",
                  "{\"name\": \"p\", \"limits\": {\"s3_bucket\": ", "}, " FUNCTIONS);
    const cJSON *function = member(member(member(schema, "definitions"), "function"), "properties");
    compare_names(member(member(function, "environment"), "propertyNames"), "environment",
                  "{\"name\": \"p\", \"functions\": {\"f\": {\"binary\": \"b\", \"environment\": {",
                  ": \"v\"}}}}");
}

static void test_reserved(void)
{
    const cJSON *function = member(member(member(schema, "definitions"), "function"), "properties");
    const cJSON *reserved =
        member(member(member(member(function, "environment"), "propertyNames"), "not"), "enum");
    size_t count = 0;
    for (; manifest_reserved_environment[count]; count++) {
        CHECK_ROW(manifest_reserved_environment[count]);
        CHECK(among(reserved, manifest_reserved_environment[count]));
    }
    CHECK_NUMBER(cJSON_GetArraySize(reserved), count);
}

/* compare_choices has seen the defaults of enums. */
static void test_defaults(void)
{
    struct manifest manifest;
    struct shared_error err;
    CHECK_NUMBER(parse("{\"name\": \"p\", " FUNCTIONS, &manifest, &err), 0);
    const cJSON *function = member(member(member(schema, "definitions"), "function"), "properties");
    CHECK_NUMBER(number(member(function, "memory_mb"), "default"), manifest.functions[0].memory_mb);
    CHECK_NUMBER(number(member(function, "timeout_s"), "default"), manifest.functions[0].timeout_s);
    CHECK_NUMBER(manifest.runtime + manifest.architecture + manifest.profile + manifest.functions[0].linkage,
                 0);
    const cJSON *toolchain = member(member(member(schema, "properties"), "toolchain"), "properties");
    CHECK_NUMBER(cJSON_GetArraySize(member(member(toolchain, "flags"), "default")),
                 manifest.toolchain.flags.count);
    CHECK_TEXT(member(member(toolchain, "flags"), "default")->child->valuestring,
               manifest.toolchain.flags.items[0]);
    const cJSON *snapshot = member(member(schema, "properties"), "snapshot");
    CHECK_TEXT(member(snapshot, "default")->valuestring, manifest.snapshot);
    CHECK_NUMBER(manifest.budget_count, 0);
}

/* A policy file has a schema of its own, whose examples are policies. */
static void test_policy(void)
{
    compare_table(schema, &policy_table);
    const cJSON *runtimes = member(schema, "properties"), *example;
    for (const char *const *name = runtime_choices; *name; name++)
        CHECK(member(runtimes, *name) != NULL);
    cJSON_ArrayForEach(example, member(resolve(member(runtimes, "provided.al2")), "examples"))
    {
        struct policy policy;
        struct shared_error err = {0};
        char *text = cJSON_PrintUnformatted(example);
        const char *document =
            shared_arena_format(&arena, "{\"$schema\": \"s\", \"provided.al2\": %s}", text);
        CHECK_NUMBER(
            policy_parse("p.json", shared_slice_from_text(document), RUNTIME_AL2, &arena, &policy, &err), 0);
        CHECK_NUMBER(policy.library_count, 1);
        free(text);
    }
}

static cJSON *read_schema(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    if (file && text)
        text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
    if (file)
        fclose(file);
    cJSON *tree = cJSON_Parse(text);
    free(text);
    return tree;
}

int main(void)
{
    schema = read_schema(SCHEMA);
    if (CHECK(schema != NULL)) {
        CHECK_RUN(test_tables);
        CHECK_RUN(test_checks);
        CHECK_RUN(test_keys);
        CHECK_RUN(test_required);
        CHECK_RUN(test_function_rules);
        CHECK_RUN(test_budget_rules);
        CHECK_RUN(test_names);
        CHECK_RUN(test_reserved);
        CHECK_RUN(test_defaults);
    }
    cJSON_Delete(schema);
    schema = read_schema(POLICY_SCHEMA);
    if (CHECK(schema != NULL))
        CHECK_RUN(test_policy);
    cJSON_Delete(schema);
    shared_arena_clean_up(&arena);
    return check_report();
}
