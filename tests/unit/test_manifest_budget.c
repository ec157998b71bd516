/* Budgets of a manifest: what is read, and what a wrong one is told. */
#include "check.h"

#include "manifest/manifest.h"

static struct shared_arena arena;

#define TOP(members)              \
    "{\"name\": \"p\",\n" members \
    ",\n\"functions\": {\"f\": {\"sources\": [\"f.c\"]}, \"g-1\": {\"binary\": \"g\"}}}"

static int parse(const char *text, struct manifest *manifest, struct shared_error *err)
{
    return manifest_parse("demine.json", text, strlen(text), &arena, manifest, err);
}

static void test_none(void)
{
    struct manifest manifest;
    CHECK_NUMBER(parse(TOP("\"budgets\": []"), &manifest, NULL), 0);
    CHECK_NUMBER(manifest.budget_count, 0);
    CHECK_TEXT(manifest.snapshot, "demine.sizes.txt");
    CHECK_NUMBER(parse(TOP("\"snapshot\": \"sizes/main.txt\""), &manifest, NULL), 0);
    CHECK_NUMBER(manifest.budget_count, 0);
    CHECK_TEXT(manifest.snapshot, "sizes/main.txt");
}

static void test_all_keys(void)
{
    struct manifest manifest;
    if (!CHECK_NUMBER(
            parse(TOP("\"budgets\": [{\"function\": \"g-?\", \"library\": \"z*\", \"symbol\": \"[a-c]\", "
                      "\"zip_bytes\": 1, \"unzipped_bytes\": 2, \"zip_growth_bytes\": 3, "
                      "\"unzipped_growth_bytes\": 4, \"zip_growth_percent\": 5, "
                      "\"unzipped_growth_percent\": 6},\n{\"zip_bytes\": 0}]"),
                  &manifest, NULL),
            0) ||
        !CHECK_NUMBER(manifest.budget_count, 2))
        return;
    const struct manifest_budget *budget = manifest.budgets;
    CHECK_TEXT(budget->function, "g-?");
    CHECK_TEXT(budget->library, "z*");
    CHECK_TEXT(budget->symbol, "[a-c]");
    CHECK_NUMBER(budget->zip.bytes, 1);
    CHECK_NUMBER(budget->unzipped.bytes, 2);
    CHECK_NUMBER(budget->zip.growth_bytes, 3);
    CHECK_NUMBER(budget->unzipped.growth_bytes, 4);
    CHECK_NUMBER(budget->zip.growth_percent, 5);
    CHECK_NUMBER(budget->unzipped.growth_percent, 6);
    CHECK_TEXT(budget->json_path, "budgets[0]");
    budget++;
    CHECK(!budget->function && !budget->library && !budget->symbol);
    CHECK_NUMBER(budget->zip.bytes, 0);
    CHECK(budget->unzipped.bytes == MANIFEST_NO_NUMBER && budget->zip.growth_bytes == MANIFEST_NO_NUMBER);
    CHECK(budget->zip.growth_percent == MANIFEST_NO_NUMBER);
    struct shared_error err;
    manifest_fail(&manifest, budget->json_path, "zip_bytes", &err, "x");
    CHECK_TEXT(err.text, "demine.json:3: budgets[1].zip_bytes: x");
}

static void test_wrong(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {TOP("\"budgets\": {}"), "demine.json:2: budgets: is an object, must be a list in [ ]"},
        {TOP("\"budgets\": [3]"), "demine.json:2: budgets[0]: is a number, must be an object in { }"},
        {TOP("\"budgets\": [{\"zip_bytes\": 1},\n[]]"),
         "demine.json:3: budgets[1]: is a list, must be an object in { }"},
        {TOP("\"budgets\": [\n{\"function\": \"f\"}]"),
         "demine.json:3: budgets[0]: has no number to hold; add "
         "\"zip_bytes\", \"unzipped_bytes\" or a growth"},
        {TOP("\"budgets\": [{\"zip_bytes\": 1},\n{\"function\": \"h*\",\n\"zip_bytes\": 1}]"),
         "demine.json:3: budgets[1].function: no function has a name like \"h*\"; change it or remove it"},
        {TOP("\"budgets\": [{\"zip_byte\": 1}]"),
         "demine.json:2: budgets[0].zip_byte: is an unknown key; did you mean \"zip_bytes\"?"},
        {TOP("\"budgets\": [{\"zip_bytes\": -1}]"),
         "demine.json:2: budgets[0].zip_bytes: is -1, must be 0 to 9007199254740991"},
        {TOP("\"budgets\": [{\"zip_growth_percent\": 0.5}]"),
         "demine.json:2: budgets[0].zip_growth_percent: is 0.5, must be a whole number"},
        {TOP("\"budgets\": [{\"zip_bytes\": 1, \"zip_bytes\": 2}]"),
         "demine.json:2: budgets[0]: has \"zip_bytes\" twice, in lines 2 and 2; remove one"},
        {TOP("\"budgets\": [{\"zip_bytes\": 1, \"library\": \"\"}]"),
         "demine.json:2: budgets[0].library: is empty; give it a value or remove it"},
        {TOP("\"snapshot\": \"\""), "demine.json:2: snapshot: is empty; give it a value or remove it"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct manifest manifest;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(parse(rows[i].text, &manifest, &err), SHARED_EINVAL);
        CHECK_TEXT(err.text, rows[i].message);
    }
}

int main(void)
{
    CHECK_RUN(test_none);
    CHECK_RUN(test_all_keys);
    CHECK_RUN(test_wrong);
    shared_arena_clean_up(&arena);
    return check_report();
}
