#include "json/json_write.h"

#include "base/utf8.h"

static void append_escape(struct shared_buffer *buffer, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[6] = {'\\',       c == '\n' ? 'n' : c < ' ' ? 'u' : (char)c, '0', '0', hex[c >> 4],
                            hex[c & 15]};
    shared_buffer_append(buffer, escape, escape[1] == 'u' ? 6 : 2);
}

/* What can stand as it is is appended in runs: almost all of most texts. */
void shared_json_write_string(struct shared_buffer *buffer, struct shared_slice text)
{
    shared_buffer_append(buffer, "\"", 1);
    size_t run = 0;
    size_t i = 0;
    while (i < text.size_bytes) {
        unsigned char c = (unsigned char)text.data[i];
        size_t size = c < 0x80 ? 1 : shared_utf8_size(text.data + i, text.size_bytes - i);
        if (size != 0 && c >= 0x20 && c != '"' && c != '\\') {
            i += size;
            continue;
        }
        shared_buffer_append(buffer, text.data + run, i - run);
        if (size == 0)
            shared_buffer_append(buffer, "\xEF\xBF\xBD", 3);
        else
            append_escape(buffer, c);
        run = ++i;
    }
    shared_buffer_append(buffer, text.data + run, i - run);
    shared_buffer_append(buffer, "\"", 1);
}
