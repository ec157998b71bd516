#include "vtt.h"

#include "text_out.h"

#include <stdio.h>
#include <string.h>

/* What is longer is no tag: a line full of less-than signs is not searched through again for each. */
#define TAG_LIMIT_BYTES 256

/* Bytes up to and with a character that ends a tag; 0 where it is not near. */
static size_t size_up_to(const char *text, size_t size_bytes, char end)
{
    const char *found = memchr(text, end, size_bytes < TAG_LIMIT_BYTES ? size_bytes : TAG_LIMIT_BYTES);
    return found ? (size_t)(found - text) + 1 : 0;
}

static void write_time(struct text_out *out, uint32_t time_ms)
{
    char text[32];
    int size = snprintf(text, sizeof(text), "%02u:%02u:%02u.%03u", time_ms / 3600000, time_ms / 60000 % 60,
                        time_ms / 1000 % 60, time_ms % 1000);
    text_out_append(out, text, (size_t)size);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Size of the tag that a text begins with, "<i>" or "</font>"; 0 where it is only a less-than sign. */
static size_t tag_size(const char *text, size_t size_bytes)
{
    size_t name = size_bytes > 1 && text[1] == '/' ? 2 : 1;
    if (name >= size_bytes || !is_letter(text[name]))
        return 0;
    return size_up_to(text, size_bytes, '>');
}

static void write_tag(struct text_out *out, const char *tag, size_t size_bytes)
{
    bool closes = tag[1] == '/';
    char name = (char)(tag[closes ? 2 : 1] | 0x20);
    if (size_bytes != (closes ? 4u : 3u) || !strchr("ibu", name))
        return;
    char text[5] = {'<', '/', name, '>', '\0'};
    if (!closes)
        memcpy(text, (char[]){'<', name, '>', '\0'}, 4);
    text_out_append_text(out, text);
}

/* Size of the override that a text begins with, "{\an8}"; 0 where it is only a brace. */
static size_t override_size(const char *text, size_t size_bytes)
{
    return size_bytes > 1 && text[1] == '\\' ? size_up_to(text, size_bytes, '}') : 0;
}

static void write_character(struct text_out *out, const char *character)
{
    switch (*character) {
    case '&':
        text_out_append_text(out, "&amp;");
        break;
    case '<':
        text_out_append_text(out, "&lt;");
        break;
    case '>':
        text_out_append_text(out, "&gt;");
        break;
    default:
        if ((unsigned char)*character >= 0x20 || *character == '\t')
            text_out_append(out, character, 1);
    }
}

static void write_line(struct text_out *out, struct shared_slice line)
{
    for (size_t i = 0, size; i < line.size_bytes; i += size) {
        const char *text = line.data + i;
        size_t left = line.size_bytes - i;
        if (*text == '{' && (size = override_size(text, left)))
            continue;
        if (*text == '<' && (size = tag_size(text, left))) {
            write_tag(out, text, size);
            continue;
        }
        write_character(out, text);
        size = 1;
    }
}

static void write_cue(struct text_out *out, const struct srt_cue *cue)
{
    size_t before = out->size_bytes;
    write_time(out, cue->start_ms);
    text_out_append_text(out, " --> ");
    write_time(out, cue->end_ms);
    text_out_append_text(out, "\n");
    size_t head_end = out->size_bytes;
    for (struct shared_slice rest = cue->text; rest.size_bytes;) {
        size_t line_start = out->size_bytes;
        write_line(out, shared_slice_trim(srt_line(&rest)));
        struct shared_slice written = shared_slice_of(out->data + line_start, out->size_bytes - line_start);
        if (shared_slice_trim(written).size_bytes)
            text_out_append_text(out, "\n");
        else
            out->size_bytes = line_start;
    }
    if (out->size_bytes == head_end)
        out->size_bytes = before;
    else
        text_out_append_text(out, "\n");
}

int vtt_write(const struct srt *srt, struct shared_arena *arena, struct shared_slice *vtt,
              struct shared_error *err)
{
    struct text_out out = {.arena = arena};
    text_out_append_text(&out, "WEBVTT\n\n");
    for (size_t i = 0; i < srt->count; i++)
        if (srt->cues[i].end_ms > srt->cues[i].start_ms)
            write_cue(&out, &srt->cues[i]);
    if (out.failed)
        return shared_fail(err, SHARED_ENOMEM, 0, "write %zu cues", srt->count);
    *vtt = text_out_slice(&out);
    return 0;
}
