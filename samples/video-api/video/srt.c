#include "srt.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct shared_slice rest;
    size_t line; /* number of the line read last, from 1 */
    struct shared_arena *arena;
    struct srt *srt;
    size_t capacity;
};

struct shared_slice srt_line(struct shared_slice *rest)
{
    size_t size = 0;
    while (size < rest->size_bytes && rest->data[size] != '\n' && rest->data[size] != '\r')
        size++;
    struct shared_slice line = shared_slice_of(rest->data, size);
    if (size + 1 < rest->size_bytes && rest->data[size] == '\r' && rest->data[size + 1] == '\n')
        size++;
    if (size < rest->size_bytes)
        size++;
    *rest = shared_slice_of(rest->data + size, rest->size_bytes - size);
    return line;
}

static bool is_arrow(struct shared_slice line)
{
    return line.size_bytes >= 3 && memmem(line.data, line.size_bytes, "-->", 3);
}

static bool is_number(struct shared_slice line)
{
    unsigned long long value;
    return shared_slice_to_number(shared_slice_trim(line), UINT32_MAX, &value);
}

/* Takes digits off the front, least to most of them. */
static bool take_digits(struct shared_slice *text, size_t least, size_t most, uint32_t *value)
{
    size_t size = 0;
    *value = 0;
    while (size < text->size_bytes && size < most && text->data[size] >= '0' && text->data[size] <= '9')
        *value = *value * 10 + (uint32_t)(text->data[size++] - '0');
    *text = shared_slice_of(text->data + size, text->size_bytes - size);
    return size >= least;
}

static bool take_one_of(struct shared_slice *text, const char *characters)
{
    if (!text->size_bytes || !text->data[0] || !strchr(characters, text->data[0]))
        return false;
    *text = shared_slice_of(text->data + 1, text->size_bytes - 1);
    return true;
}

/* "01:02:03,456", hours of up to three digits. */
static bool take_time(struct shared_slice *text, uint32_t *time_ms)
{
    uint32_t hours, minutes, seconds, milliseconds;
    if (!take_digits(text, 1, 3, &hours) || !take_one_of(text, ":") || !take_digits(text, 1, 2, &minutes) ||
        !take_one_of(text, ":") || !take_digits(text, 1, 2, &seconds) || !take_one_of(text, ",.") ||
        !take_digits(text, 3, 3, &milliseconds) || minutes > 59 || seconds > 59)
        return false;
    *time_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
    return true;
}

static int read_timing(struct shared_slice line, size_t number, struct srt_cue *cue, struct shared_error *err)
{
    struct shared_slice text = shared_slice_trim(line);
    bool holds = take_time(&text, &cue->start_ms);
    text = shared_slice_trim(text);
    holds = holds && take_one_of(&text, "-") && take_one_of(&text, "-") && take_one_of(&text, ">");
    text = shared_slice_trim(text);
    holds = holds && take_time(&text, &cue->end_ms) && (!text.size_bytes || take_one_of(&text, " \t"));
    if (!holds)
        return shared_fail(err, SHARED_EPROTO, 0,
                           "line %zu: expected a timing as 00:01:02,345 --> 00:01:04,000", number);
    if (cue->end_ms < cue->start_ms)
        return shared_fail(err, SHARED_EPROTO, 0, "line %zu: the cue ends before it begins", number);
    return 0;
}

static struct srt_cue *add_cue(struct reader *reader)
{
    struct srt *srt = reader->srt;
    if (srt->count == reader->capacity) {
        size_t capacity = reader->capacity ? reader->capacity * 2 : 256;
        struct srt_cue *cues = shared_arena_resize(reader->arena, srt->cues, reader->capacity * sizeof(*cues),
                                                   capacity * sizeof(*cues));
        if (!cues)
            return NULL;
        srt->cues = cues;
        reader->capacity = capacity;
    }
    struct srt_cue *cue = &srt->cues[srt->count];
    *cue = (struct srt_cue){.order = srt->count};
    srt->count++;
    return cue;
}

/* Makes a line the end of the last cue's text, or its beginning. */
static void add_text(struct srt *srt, struct shared_slice line)
{
    struct shared_slice *text = &srt->cues[srt->count - 1].text;
    const char *start = text->data ? text->data : line.data;
    *text = shared_slice_of(start, (size_t)(line.data + line.size_bytes - start));
}

static int read_line(struct reader *reader, bool after_blank, struct shared_slice line,
                     struct shared_error *err)
{
    if (is_arrow(line)) {
        struct srt_cue *cue = add_cue(reader);
        return cue ? read_timing(line, reader->line, cue, err)
                   : shared_fail(err, SHARED_ENOMEM, 0, "line %zu: no memory for more cues", reader->line);
    }
    struct shared_slice ahead = reader->rest;
    bool numbers_a_cue = is_number(line) && is_arrow(srt_line(&ahead));
    if (numbers_a_cue)
        return 0;
    if (after_blank && is_number(line))
        return shared_fail(err, SHARED_EPROTO, 0, "line %zu: expected a timing below the cue's number",
                           reader->line + 1);
    if (!reader->srt->count)
        return shared_fail(err, SHARED_EPROTO, 0, "line %zu: expected a cue's number or timing",
                           reader->line);
    add_text(reader->srt, line);
    return 0;
}

static int compare_cues(const void *left, const void *right)
{
    const struct srt_cue *a = left, *b = right;
    if (a->start_ms != b->start_ms)
        return a->start_ms < b->start_ms ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

int srt_read(struct shared_slice file, struct shared_arena *arena, struct srt *srt, struct shared_error *err)
{
    *srt = (struct srt){0};
    struct reader reader = {.rest = file, .arena = arena, .srt = srt};
    bool after_blank = true;
    while (reader.rest.size_bytes) {
        struct shared_slice line = srt_line(&reader.rest);
        reader.line++;
        bool blank = !shared_slice_trim(line).size_bytes;
        int code = blank ? 0 : read_line(&reader, after_blank, line, err);
        if (code < 0)
            return code;
        after_blank = blank;
    }
    if (!srt->count)
        return shared_fail(err, SHARED_EPROTO, 0, "no cues in %zu lines", reader.line);
    qsort(srt->cues, srt->count, sizeof(*srt->cues), compare_cues);
    return 0;
}
