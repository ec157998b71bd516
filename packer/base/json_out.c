#include "base/json_out.h"

#include "base/text_width.h"

#include <inttypes.h>
#include <string.h>

static void write_text(FILE *out, const char *text)
{
    putc('"', out);
    for (size_t left = strlen(text); left > 0;) {
        size_t size = text_character_bytes(text, left);
        unsigned char c = (unsigned char)*text;
        if (size == 0)
            putc('?', out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text, 1, size, out);
        text += size ? size : 1;
        left -= size ? size : 1;
    }
    putc('"', out);
}

static void begin(struct json_out *json, const char *name)
{
    if (json->follows)
        putc(',', json->out);
    json->follows = true;
    if (name) {
        write_text(json->out, name);
        putc(':', json->out);
    }
}

void json_out_open(struct json_out *json, const char *name, char bracket)
{
    begin(json, name);
    putc(bracket, json->out);
    json->follows = false;
}

void json_out_close(struct json_out *json, char bracket)
{
    putc(bracket, json->out);
    json->follows = true;
}

void json_out_number(struct json_out *json, const char *name, uint64_t number)
{
    begin(json, name);
    fprintf(json->out, "%" PRIu64, number);
}

void json_out_signed(struct json_out *json, const char *name, int64_t number)
{
    begin(json, name);
    fprintf(json->out, "%" PRId64, number);
}

void json_out_bool(struct json_out *json, const char *name, bool truth)
{
    begin(json, name);
    fputs(truth ? "true" : "false", json->out);
}

void json_out_text(struct json_out *json, const char *name, const char *text)
{
    begin(json, name);
    if (text)
        write_text(json->out, text);
    else
        fputs("null", json->out);
}
