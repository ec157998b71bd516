#include "check.h"

#include "limit/limit.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static uint64_t measure(struct manifest_pair *pairs, size_t count)
{
    struct manifest_function function = {.environment = pairs, .environment_count = count};
    return limit_environment_bytes(&function);
}

static size_t printed(const struct manifest_pair *pairs, size_t count)
{
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < count; i++)
        cJSON_AddStringToObject(object, pairs[i].name, pairs[i].value);
    char *text = cJSON_PrintUnformatted(object);
    size_t size = strlen(text);
    free(text);
    cJSON_Delete(object);
    return size;
}

static void test_by_hand(void)
{
    struct manifest_pair pairs[] = {{"A", "b"}, {"PATH", "/a\"b"}};
    CHECK_NUMBER(measure(pairs, 0), 0);
    CHECK_NUMBER(measure(pairs, 1), strlen("{\"A\":\"b\"}"));
    CHECK_NUMBER(measure(pairs, 2), strlen("{\"A\":\"b\",\"PATH\":\"/a\\\"b\"}"));
}

static void test_every_byte(void)
{
    for (int c = 1; c < 256; c++) {
        char value[] = {(char)c, 'x', (char)c, '\0'};
        struct manifest_pair pairs[] = {{"NAME", value}, {value, ""}};
        CHECK_ROW(value);
        CHECK_NUMBER(measure(pairs, 1), printed(pairs, 1));
        CHECK_NUMBER(measure(pairs, 2), printed(pairs, 2));
    }
}

static void test_just_four_kilobytes(void)
{
    char value[4096];
    memset(value, 'v', sizeof(value));
    value[4096 - strlen("{\"K\":\"\"}")] = '\0';
    struct manifest_pair pair = {"K", value};
    CHECK_NUMBER(measure(&pair, 1), 4096);
    CHECK_NUMBER(printed(&pair, 1), 4096);
}

int main(void)
{
    CHECK_RUN(test_by_hand);
    CHECK_RUN(test_every_byte);
    CHECK_RUN(test_just_four_kilobytes);
    return check_report();
}
