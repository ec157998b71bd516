/*
 * cli_report FILE: holds what "demine pack --json" wrote against itself and against the disk. Origins must add up
 * to the program, entries to the package, zips and the region's sum to the files. Says each thing that is wrong.
 */
#include <cjson/cJSON.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int wrong_count;

__attribute__((format(printf, 1, 2))) static void wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    wrong_count++;
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsNumber(item))
        return item->valuedouble;
    wrong("%s: no number", key);
    return NAN;
}

static const char *text(const cJSON *object, const char *key)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    if (!value)
        wrong("%s: no text", key);
    return value ? value : "";
}

static const cJSON *list(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsArray(value))
        wrong("%s: no list", key);
    return value;
}

static double sum_of(const cJSON *array, const char *key)
{
    double sum = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) sum += number(item, key);
    return sum;
}

static double file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (double)st.st_size : NAN;
}

/* Not a number is never right. */
static void expect(const char *of, const char *what, double found, double expected)
{
    if (!(found == expected))
        wrong("%s: %s is %.0f, expected %.0f", of, what, found, expected);
}

static const cJSON *find(const cJSON *array, const char *key, const char *name)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        if (strcmp(text(item, key), name) == 0)
            return item;
    }
    wrong("nothing has the %s %s", key, name);
    return NULL;
}

static void check_limits(const char *of, const cJSON *limits)
{
    const cJSON *limit;
    cJSON_ArrayForEach(limit, limits)
    {
        const char *name = text(limit, "limit");
        double value = number(limit, "value"), allowed = number(limit, "allowed");
        int over = strstr(name, "_min_") ? value < allowed : value > allowed;
        if (over || !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(limit, "exceeded")))
            wrong("%s: %s is exceeded, but there is a report", of, name);
    }
}

/* Every check has an outcome; a report with errors is none. */
static void check_checks(const cJSON *function)
{
    static const char *const outcomes[] = {"passed", "warning", "off", "unknown"};
    const char *name = text(function, "name");
    const cJSON *checks = list(function, "checks"), *check;
    double warnings = 0;
    cJSON_ArrayForEach(check, checks)
    {
        const char *outcome = text(check, "outcome");
        const cJSON *findings = list(check, "findings");
        size_t i = 0;
        while (i < 4 && strcmp(outcome, outcomes[i]) != 0)
            i++;
        if (i == 4)
            wrong("%s: the outcome of %s is %s", name, text(check, "name"), outcome);
        if (i == 1)
            warnings += cJSON_GetArraySize(findings);
        else if (i != 2)
            expect(name, "the number of its findings", cJSON_GetArraySize(findings), 0);
    }
    find(checks, "name", "glibc-ceiling");
    expect(name, "errors", number(function, "errors"), 0);
    expect(name, "warnings", number(function, "warnings"), warnings);
}

/* Returns the bytes of its zip. */
static double check_function(const cJSON *function)
{
    const char *name = text(function, "name");
    const cJSON *entries = list(function, "entries"), *limits = list(function, "limits");
    double program = number(function, "program_bytes"), zip = number(function, "zip_bytes");
    expect(name, "the sum of its origins", sum_of(list(function, "origins"), "bytes"), program);
    expect(name, "the sum of its entries", sum_of(entries, "bytes"), number(function, "unzipped_bytes"));
    expect(name, "its bootstrap", number(find(entries, "place", "bootstrap"), "bytes"), program);
    expect(name, "zip_bytes", zip, file_bytes(text(function, "zip")));
    expect(name, "zip_bytes among its limits", number(find(limits, "limit", "zip_bytes"), "value"), zip);
    if (!(file_bytes(text(function, "debug")) > program))
        wrong("%s: %s is not larger than what was stripped", name, text(function, "debug"));
    check_limits(name, limits);
    check_checks(function);
    return zip;
}

static void check_report(const cJSON *root)
{
    double zips = 0;
    const cJSON *functions = list(root, "functions"), *function;
    cJSON_ArrayForEach(function, functions) zips += check_function(function);
    if (cJSON_GetArraySize(functions) == 0)
        wrong("no functions");
    const cJSON *region = cJSON_GetObjectItemCaseSensitive(root, "region");
    const cJSON *limits = list(region, "limits");
    expect("region", "its storage", number(find(limits, "limit", "code_storage_bytes"), "value"),
           number(region, "used_bytes") + zips);
    check_limits("region", limits);
    expect("report", "its format", number(root, "format"), 1);
}

int main(int argc, char **argv)
{
    static char content[1 << 20];
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!file) {
        fputs("Usage: cli_report FILE\n", stderr);
        return 2;
    }
    size_t size = fread(content, 1, sizeof(content) - 1, file);
    fclose(file);
    content[size] = '\0';
    cJSON *root = cJSON_ParseWithOpts(content, NULL, 1);
    if (!root)
        wrong("%s is not JSON", argv[1]);
    else
        check_report(root);
    cJSON_Delete(root);
    return wrong_count ? 1 : 0;
}
