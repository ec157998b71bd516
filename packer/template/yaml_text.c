#include "template/yaml_text.h"

#include "base/text_width.h"

#include <stdint.h>
#include <string.h>

/* The code point of a well-formed UTF-8 sequence. */
static uint32_t code_of(const char *text, size_t size)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = (unsigned char)text[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3F);
    return code;
}

/* YAML 1.1, section 4.1.1, c-printable, less the line breaks of section 4.1.4 and the byte order mark. */
static bool is_printable(uint32_t code)
{
    return (code >= 0x20 && code <= 0x7E) ||
           (code >= 0xA0 && code <= 0xD7FF && code != 0x2028 && code != 0x2029) ||
           (code >= 0xE000 && code <= 0xFFFD && code != 0xFEFF);
}

void yaml_text(FILE *out, const char *text)
{
    yaml_text_part(out, text, strlen(text));
}

void yaml_text_part(FILE *out, const char *text, size_t size_bytes)
{
    size_t size;
    fputc('"', out);
    for (size_t left = size_bytes; left > 0; text += size, left -= size) {
        size = text_character_bytes(text, left);
        if (size == 0) {
            fputc('?', out);
            size = 1;
            continue;
        }
        uint32_t code = code_of(text, size);
        if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (int)code);
        else if (code == '\n')
            fputs("\\n", out);
        else if (code == '\t')
            fputs("\\t", out);
        else if (is_printable(code))
            fwrite(text, 1, size, out);
        else
            fprintf(out, code > 0xFFFF ? "\\U%08X" : "\\u%04X", (unsigned)code);
    }
    fputc('"', out);
}
