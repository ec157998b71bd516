/*
 * emf_check.h - whether a line is a document of the Embedded Metric Format: against AWS's schema
 * (emf_schema.json, whose path is the macro EMF_SCHEMA) and what else the specification says in words.
 *
 *     const char *problem = emf_problem(line, size_bytes);      NULL: there is none
 *
 * It knows the keywords that this schema uses; another one is a problem.
 */
#ifndef TESTS_EMF_CHECK_H
#define TESTS_EMF_CHECK_H

#include <cjson/cJSON.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char emf_text[512];

static inline const char *emf_says(const char *where, const char *what)
{
    snprintf(emf_text, sizeof(emf_text), "%.200s: %.200s", where, what);
    return emf_text;
}

static inline bool emf_has_type(const cJSON *value, const char *type)
{
    if (strcmp(type, "object") == 0)
        return cJSON_IsObject(value);
    if (strcmp(type, "array") == 0)
        return cJSON_IsArray(value);
    if (strcmp(type, "string") == 0)
        return cJSON_IsString(value);
    return strcmp(type, "integer") == 0 && cJSON_IsNumber(value) &&
           value->valuedouble == (double)(long long)value->valuedouble;
}

static inline double emf_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xC0) != 0x80;
    return (double)count;
}

static inline bool emf_matches(const char *text, const char *pattern)
{
    regex_t compiled;
    if (strchr(text, '\n') || regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool matches = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return matches;
}

static inline const char *emf_against(const cJSON *value, const cJSON *schema, const char *where);

static inline const char *emf_items(const cJSON *value, const cJSON *schema, const char *where)
{
    const cJSON *item;
    const char *problem = NULL;
    cJSON_ArrayForEach(item, value) problem = problem ? problem : emf_against(item, schema, where);
    return problem;
}

static inline const char *emf_properties(const cJSON *value, const cJSON *properties)
{
    const cJSON *property;
    const char *problem = NULL;
    cJSON_ArrayForEach(property, properties)
    {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(value, property->string);
        if (member && !problem)
            problem = emf_against(member, property, property->string);
    }
    return problem;
}

static inline bool emf_keyword_holds(const cJSON *value, const cJSON *keyword)
{
    const char *name = keyword->string;
    const cJSON *required;
    if (strcmp(name, "type") == 0)
        return emf_has_type(value, keyword->valuestring);
    if (strcmp(name, "pattern") == 0)
        return emf_matches(value->valuestring, keyword->valuestring);
    if (strcmp(name, "minLength") == 0)
        return emf_characters(value->valuestring) >= keyword->valuedouble;
    if (strcmp(name, "maxLength") == 0)
        return emf_characters(value->valuestring) <= keyword->valuedouble;
    if (strcmp(name, "minItems") == 0)
        return cJSON_GetArraySize(value) >= keyword->valueint;
    if (strcmp(name, "maxItems") == 0)
        return cJSON_GetArraySize(value) <= keyword->valueint;
    if (strcmp(name, "required") == 0) {
        bool all = true;
        cJSON_ArrayForEach(required, keyword) all =
            all && cJSON_GetObjectItemCaseSensitive(value, required->valuestring) != NULL;
        return all;
    }
    return strcmp(name, "$comment") == 0;
}

/* The type comes first in each object of the schema: what follows may rely on it. */
static inline const char *emf_against(const cJSON *value, const cJSON *schema, const char *where)
{
    const cJSON *keyword;
    const char *problem = NULL;
    cJSON_ArrayForEach(keyword, schema)
    {
        if (problem)
            return problem;
        if (strcmp(keyword->string, "properties") == 0)
            problem = emf_properties(value, keyword);
        else if (strcmp(keyword->string, "items") == 0)
            problem = emf_items(value, keyword, where);
        else if (!emf_keyword_holds(value, keyword))
            problem = emf_says(where, keyword->string);
    }
    return problem;
}

static inline const cJSON *emf_schema(void)
{
    static cJSON *schema;
    static char text[8192];
    FILE *file = schema ? NULL : fopen(EMF_SCHEMA, "r");
    if (file) {
        size_t size = fread(text, 1, sizeof(text) - 1, file);
        fclose(file);
        schema = cJSON_ParseWithLength(text, size);
    }
    if (!schema) {
        fprintf(stderr, "%s cannot be read\n", EMF_SCHEMA);
        exit(2);
    }
    return schema;
}

/* "Target members": a dimension is a text, a metric a number or at most 100 of them. */
static inline const char *emf_target(const cJSON *root, const char *name, bool dimension)
{
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(root, name), *item;
    if (dimension)
        return cJSON_IsString(target) ? NULL : emf_says(name, "the dimension is no text");
    if (cJSON_IsNumber(target))
        return NULL;
    if (!cJSON_IsArray(target) || cJSON_GetArraySize(target) > 100 || cJSON_GetArraySize(target) == 0)
        return emf_says(name, "the metric is no number and no list of up to 100");
    cJSON_ArrayForEach(item, target) if (!cJSON_IsNumber(item)) return emf_says(name, "not all are numbers");
    return NULL;
}

static inline const char *emf_directive(const cJSON *root, const cJSON *directive)
{
    const cJSON *set, *item, *metrics = cJSON_GetObjectItemCaseSensitive(directive, "Metrics");
    const char *problem = NULL;
    if (cJSON_GetArraySize(metrics) > 100 || cJSON_GetArraySize(metrics) == 0)
        return emf_says("Metrics", "none, or more than 100");
    cJSON_ArrayForEach(set, cJSON_GetObjectItemCaseSensitive(directive, "Dimensions"))
        cJSON_ArrayForEach(item, set) problem = problem ? problem : emf_target(root, item->valuestring, true);
    cJSON_ArrayForEach(item, metrics)
    {
        const cJSON *resolution = cJSON_GetObjectItemCaseSensitive(item, "StorageResolution");
        if (resolution && resolution->valueint != 1 && resolution->valueint != 60)
            return emf_says("StorageResolution", "neither 1 nor 60");
        if (!problem)
            problem = emf_target(root, cJSON_GetObjectItemCaseSensitive(item, "Name")->valuestring, false);
    }
    return problem;
}

static inline const char *emf_words(const cJSON *root)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(root, "_aws"), *directive;
    const char *problem = NULL;
    for (const cJSON *member = root->child; member; member = member->next) {
        for (const cJSON *other = member->next; other; other = other->next) {
            if (strcmp(member->string, other->string) == 0)
                return emf_says(member->string, "twice a member");
        }
    }
    cJSON_ArrayForEach(directive, cJSON_GetObjectItemCaseSensitive(metadata, "CloudWatchMetrics")) problem =
        problem ? problem : emf_directive(root, directive);
    return problem;
}

/* One line with its LF. */
static inline const char *emf_problem(const char *line, size_t size_bytes)
{
    if (size_bytes == 0 || line[size_bytes - 1] != '\n' ||
        memchr(line, '\n', size_bytes) != line + size_bytes - 1)
        return emf_says("document", "not one line");
    if (size_bytes > 256 * 1024)
        return emf_says("document", "over 256 KiB");
    cJSON *root = cJSON_ParseWithLength(line, size_bytes);
    if (!root)
        return emf_says("document", "not JSON");
    const char *problem = emf_against(root, emf_schema(), "document");
    if (!problem)
        problem = emf_words(root);
    cJSON_Delete(root);
    return problem;
}

#endif
