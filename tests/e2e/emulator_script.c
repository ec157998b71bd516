#include "emulator.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_words[] = {
    [EMULATOR_NEXT] = "next",         [EMULATOR_RESPONSE] = "response",
    [EMULATOR_ERROR] = "error",       [EMULATOR_INIT_ERROR] = "init-error",
    [EMULATOR_REGISTER] = "register", [EMULATOR_EVENT_NEXT] = "event-next",
    [EMULATOR_SIGNAL] = "signal",     [EMULATOR_ANSWER] = "answer",
    [EMULATOR_REFUSE] = "refuse",     [EMULATOR_DOWN] = "down",
    [EMULATOR_REPORT] = "report",     [EMULATOR_EXIT] = "exit",
};

struct reader {
    const char *at;
    int line;
    char *problem;
    size_t problem_bytes;
};

static int fail(const struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(const struct reader *reader, const char *format, ...)
{
    int size = snprintf(reader->problem, reader->problem_bytes, "scenario, line %d: ", reader->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->problem + size, reader->problem_bytes - (size_t)size, format, arguments);
    va_end(arguments);
    return -1;
}

/* One character of a quoted text, escapes undone. */
static char unescape(const char **at)
{
    char c = *(*at)++;
    if (c != '\\' || !**at)
        return c;
    c = *(*at)++;
    switch (c) {
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '0':
        return '\0';
    case 'x': {
        char digits[3] = {0};
        for (int i = 0; i < 2 && **at && strchr("0123456789abcdefABCDEF", **at); i++)
            digits[i] = *(*at)++;
        return (char)strtoul(digits, NULL, 16);
    }
    default:
        return c;
    }
}

/* A word, or a quoted text; the caller frees it. NULL where it is malformed. */
static char *read_value(struct reader *reader, size_t *size_bytes)
{
    bool quoted = *reader->at == '"';
    reader->at += quoted;
    char *value = malloc(strlen(reader->at) + 1);
    size_t size = 0;
    if (!value)
        return NULL;
    while (*reader->at && (quoted ? *reader->at != '"' : !strchr(" \t\n", *reader->at)))
        value[size++] = quoted ? unescape(&reader->at) : *reader->at++;
    value[size] = '\0';
    *size_bytes = size;
    if (!quoted || *reader->at++ == '"')
        return value;
    free(value);
    return NULL;
}

static int read_number(const struct reader *reader, const char *key, const char *value, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(value, &end, 10);
    if (errno || *end || end == value || *number < 0)
        return fail(reader, "%s=%s: a number is expected", key, value);
    return 0;
}

static int read_file_body(const struct reader *reader, const char *path, struct emulator_step *step)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) < 0)
        return fail(reader, "open %s: %s", path, strerror(errno));
    long size = ftell(file);
    rewind(file);
    step->body = size < 0 ? NULL : malloc((size_t)size + 1);
    bool complete = step->body && fread(step->body, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    if (!complete)
        return fail(reader, "read %s: %s", path, strerror(errno));
    step->body_bytes = (size_t)size;
    return 0;
}

static int make_pattern_body(const struct reader *reader, long size_bytes, struct emulator_step *step)
{
    step->body = malloc((size_t)size_bytes + 1);
    if (!step->body)
        return fail(reader, "no memory for %ld bytes", size_bytes);
    step->body_bytes = (size_t)size_bytes;
    emulator_pattern(step->body, step->body_bytes);
    return 0;
}

/* Keys whose value is kept as it is. Returns whether the step took it. */
static bool take_text(struct emulator_step *step, const char *key, char *value, size_t size_bytes)
{
    const struct {
        const char *key;
        char **place;
        size_t *size_bytes;
    } places[] = {
        {"event", &step->body, &step->body_bytes},
        {"body", &step->body, &step->body_bytes},
        {"raw", &step->raw, &step->raw_bytes},
        {"reason", &step->reason, NULL},
        {"id", &step->id, NULL},
        {"extension", &step->extension, NULL},
        {"trailer", &step->trailer, NULL},
        {"http", &step->version, NULL},
    };
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        if (strcmp(places[i].key, key) != 0 || *places[i].place)
            continue;
        *places[i].place = value;
        if (places[i].size_bytes)
            *places[i].size_bytes = size_bytes;
        return true;
    }
    if (strcmp(key, "header") != 0 || step->header_count == EMULATOR_HEADERS)
        return false;
    step->headers[step->header_count++] = value;
    return true;
}

static int take_number(const struct reader *reader, struct emulator_step *step, const char *key,
                       const char *value)
{
    static const char *const keys[] = {"status",   "size",     "chunk", "length", "interim", "packet",
                                       "pause_us", "delay_ms", "cut",   "take",   "take_us"};
    long number;
    size_t i = 0;
    while (i < sizeof(keys) / sizeof(*keys) && strcmp(keys[i], key) != 0)
        i++;
    if (i == sizeof(keys) / sizeof(*keys))
        return fail(reader, "there is no key %s, or it is given twice", key);
    if (read_number(reader, key, value, &number) < 0)
        return -1;
    long *const longs[] = {
        NULL, NULL, NULL,          &step->length, &step->interim, NULL, &step->pause_us, &step->delay_ms,
        NULL, NULL, &step->take_us};
    size_t *const sizes[] = {NULL,
                             NULL,
                             &step->chunk_bytes,
                             NULL,
                             NULL,
                             &step->packet_bytes,
                             NULL,
                             NULL,
                             &step->cut_bytes,
                             &step->take_bytes,
                             NULL};
    if (i == 0)
        step->status = (int)number;
    else if (i == 1)
        return make_pattern_body(reader, number, step);
    else if (sizes[i])
        *sizes[i] = (size_t)number;
    else
        *longs[i] = number;
    step->cuts |= i == 8;
    return 0;
}

static bool take_flag(struct emulator_step *step, const char *word)
{
    const struct {
        const char *word;
        bool *place;
    } flags[] = {{"no-id", &step->no_id},         {"again", &step->again}, {"plain", &step->plain},
                 {"no-length", &step->no_length}, {"close", &step->close}, {"reset", &step->reset},
                 {"early", &step->early}};
    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        if (strcmp(flags[i].word, word) == 0) {
            *flags[i].place = true;
            return true;
        }
    }
    return false;
}

static int read_attribute(struct reader *reader, struct emulator_step *step)
{
    size_t word_size = strcspn(reader->at, "= \t\n"), size_bytes;
    char word[32];
    if (word_size == 0 || word_size >= sizeof(word))
        return fail(reader, "a key is expected at: %.20s", reader->at);
    memcpy(word, reader->at, word_size);
    word[word_size] = '\0';
    reader->at += word_size;
    if (*reader->at != '=')
        return take_flag(step, word) ? 0 : fail(reader, "there is no flag %s", word);

    reader->at++;
    char *value = read_value(reader, &size_bytes);
    if (!value)
        return fail(reader, "the value of %s does not end", word);
    if (take_text(step, word, value, size_bytes))
        return 0;
    int status = strcmp(word, "file") == 0 ? read_file_body(reader, value, step)
                                           : take_number(reader, step, word, value);
    free(value);
    return status;
}

static void skip_spaces(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t");
}

static int read_step(struct reader *reader, struct emulator_step *step)
{
    size_t word_size = strcspn(reader->at, " \t\n"), size_bytes, kind = 0;
    const size_t kinds = sizeof(kind_words) / sizeof(*kind_words);
    while (kind < kinds &&
           (strlen(kind_words[kind]) != word_size || memcmp(kind_words[kind], reader->at, word_size)))
        kind++;
    if (kind == kinds)
        return fail(reader, "there is no step %.*s", (int)word_size, reader->at);
    *step = (struct emulator_step){.kind = (enum emulator_kind)kind, .line = reader->line, .length = -1};
    step->status = step->kind == EMULATOR_NEXT || step->kind == EMULATOR_REGISTER ? 200 : 202;
    reader->at += word_size;
    skip_spaces(reader);
    if (step->kind >= EMULATOR_SIGNAL) {
        long number = 0;
        step->text = read_value(reader, &size_bytes);
        if (!step->text || !*step->text)
            return fail(reader, "%s needs a value", kind_words[kind]);
        bool any = strcmp(step->text, "any") == 0;
        if (step->kind != EMULATOR_REPORT && !any &&
            read_number(reader, kind_words[kind], step->text, &number) < 0)
            return -1;
        step->status = any ? EMULATOR_ANY_STATUS : (int)number;
        skip_spaces(reader);
    }
    while (*reader->at && *reader->at != '\n') {
        if (read_attribute(reader, step) < 0)
            return -1;
        skip_spaces(reader);
    }
    return 0;
}

int emulator_scenario_read(const char *text, struct emulator_scenario *scenario, char *problem,
                           size_t problem_bytes)
{
    struct reader reader = {.at = text, .line = 1, .problem = problem, .problem_bytes = problem_bytes};
    *scenario = (struct emulator_scenario){0};
    for (; *reader.at; reader.line++) {
        skip_spaces(&reader);
        if (*reader.at == '#')
            reader.at += strcspn(reader.at, "\n");
        if (*reader.at && *reader.at != '\n') {
            if (scenario->count == EMULATOR_STEPS)
                return fail(&reader, "more than %d steps", EMULATOR_STEPS);
            if (read_step(&reader, &scenario->steps[scenario->count++]) < 0)
                return -1;
        }
        reader.at += *reader.at == '\n';
    }
    return scenario->count ? 0 : fail(&reader, "no step at all");
}

void emulator_scenario_clean_up(struct emulator_scenario *scenario)
{
    for (size_t i = 0; i < scenario->count; i++) {
        struct emulator_step *step = &scenario->steps[i];
        char *const texts[] = {step->reason,  step->id,  step->extension, step->trailer,
                               step->version, step->raw, step->text,      step->body};
        for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++)
            free(texts[j]);
        for (size_t j = 0; j < step->header_count; j++)
            free(step->headers[j]);
    }
    scenario->count = 0;
}
