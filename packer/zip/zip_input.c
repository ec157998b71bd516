#include "zip/zip_input.h"

#include "content/content.h"
#include "package/package_shown.h"

#include <string.h>

uint64_t zip_stream_bytes(const struct package_entry *entry)
{
    return entry->content ? entry->content->deflated_bytes : entry->size_bytes;
}

ssize_t zip_stream_read(const struct zip_run *run, const struct package_entry *entry, uint64_t offset,
                        void *data, size_t size_bytes, struct shared_error *err)
{
    uint64_t left = zip_stream_bytes(entry) - offset;
    if (size_bytes > left)
        size_bytes = (size_t)left;
    if (size_bytes == 0)
        return 0;
    if (!entry->content) {
        memcpy(data, entry->target + offset, size_bytes);
        return (ssize_t)size_bytes;
    }
    ssize_t got = content_stream_read(run->contents, entry->content, offset, data, size_bytes, err);
    if (got < 0)
        return shared_error_wrap(err, "\"%s\"", package_shown(entry->place).text);
    if (got == 0)
        return shared_fail(err, SHARED_EIO, 0, "\"%s\": its stream is shorter than it was: run again",
                           package_shown(entry->place).text);
    return got;
}

static zip_int64_t fail_in_libzip(struct zip_input *input, int zip_code)
{
    zip_error_set(&input->zip_error, zip_code, input->run->failure.sys_errno);
    return -1;
}

/* With method, both sizes and CRC given, libzip takes what is read as it is (zip_close.c, add_data). */
static zip_int64_t stat_input(const struct zip_input *input, void *data, zip_uint64_t size)
{
    const struct content *content = input->entry->content;
    zip_stat_t st;
    if (size < sizeof(st))
        return -1;
    zip_stat_init(&st);
    st.size = input->entry->size_bytes;
    st.valid = ZIP_STAT_SIZE;
    if (content) {
        st.comp_size = content->deflated_bytes;
        st.crc = content->crc;
        st.comp_method = content->method == CONTENT_DEFLATED ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
        st.valid |= ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
    }
    memcpy(data, &st, sizeof(st));
    return sizeof(st);
}

/* libzip asks for 8 KiB at a time. */
static zip_int64_t read_content(struct zip_input *input, void *data, size_t size_bytes)
{
    struct zip_run *run = input->run;
    if (input->chunk_bytes == 0) {
        ssize_t got =
            zip_stream_read(run, input->entry, input->read_bytes, run->chunk, ZIP_CHUNK_BYTES, &run->failure);
        if (got < 0)
            return fail_in_libzip(input, ZIP_ER_READ);
        input->read_bytes += (uint64_t)got;
        input->chunk_start = 0;
        input->chunk_bytes = (size_t)got;
    }
    size_t size = input->chunk_bytes < size_bytes ? input->chunk_bytes : size_bytes;
    memcpy(data, run->chunk + input->chunk_start, size);
    input->chunk_start += size;
    input->chunk_bytes -= size;
    run->bytes_written += size;
    return (zip_int64_t)size;
}

static zip_int64_t on_command(void *user, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    struct zip_input *input = user;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        input->read_bytes = input->chunk_bytes = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_content(input, data, (size_t)size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_STAT:
        return stat_input(input, data, size);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&input->zip_error, data, size);
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
    default:
        return fail_in_libzip(input, ZIP_ER_OPNOTSUPP);
    }
}

zip_source_t *zip_input_source(struct zip_input *input, zip_t *archive)
{
    zip_error_init(&input->zip_error);
    return zip_source_function(archive, on_command, input);
}
