#include "json/json_write.h"

#include "base/utf8.h"

/* What can stand as it is is appended in runs: almost all of most texts. */
void shared_json_write_string(struct shared_buffer *buffer, struct shared_slice text)
{
    const char *run = text.data, *at = run;
    shared_buffer_append(buffer, "\"", 1);
    for (;;) {
        unsigned char c = text.size_bytes ? (unsigned char)*at : 0;
        size_t size = c < 0x80 ? 1 : shared_utf8_size(at, text.size_bytes);
        if (size != 0 && c >= 0x20 && c != '"' && c != '\\') {
            at += size;
            text.size_bytes -= size;
            continue;
        }
        shared_buffer_append(buffer, run, (size_t)(at - run));
        if (text.size_bytes == 0)
            break;
        char escape[] = "\\u00??";
        escape[4] = (char)('0' + c / 16);
        escape[5] = "0123456789abcdef"[c % 16];
        size_t escape_bytes = 6;
        if (c >= 0x20 || c == '\n') {
            escape[1] = c == '\n' ? 'n' : (char)c;
            escape_bytes = 2;
        }
        if (size == 0)
            shared_buffer_append(buffer, "\xEF\xBF\xBD", 3);
        else
            shared_buffer_append(buffer, escape, escape_bytes);
        run = ++at;
        text.size_bytes--;
    }
    shared_buffer_append(buffer, "\"", 1);
}
