#include <shared/trace.h>

#include <string.h>

static bool is_hex(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!((text[i] >= '0' && text[i] <= '9') || ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'f')))
            return false;
    }
    return true;
}

/* "X-Ray trace ID format": version 1, the time in 8 hexadecimal digits, 24 more. */
static bool is_root(struct shared_slice value)
{
    return value.size_bytes == 35 && memcmp(value.data, "1-", 2) == 0 && value.data[10] == '-' &&
           is_hex(value.data + 2, 8) && is_hex(value.data + 11, 24);
}

bool shared_trace_header_read(struct shared_trace_header *header, const char *text)
{
    struct shared_slice rest = shared_slice_from_text(text);
    *header = (struct shared_trace_header){.sampled = false};
    while (rest.data) {
        struct shared_slice value = shared_slice_trim(shared_slice_split(&rest, ';'));
        struct shared_slice name = shared_slice_split(&value, '=');
        if (shared_slice_equal(name, shared_slice_from_text("Root")) && is_root(value))
            memcpy(header->root, value.data, value.size_bytes);
        else if (shared_slice_equal(name, shared_slice_from_text("Parent")) && value.size_bytes == 16 &&
                 is_hex(value.data, 16))
            memcpy(header->parent, value.data, value.size_bytes);
        else if (shared_slice_equal(name, shared_slice_from_text("Sampled")))
            header->sampled = value.size_bytes == 1 && *value.data == '1';
    }
    return header->root[0] && header->parent[0] && header->sampled;
}
