#include "zip/zip_input.h"

#include "package/package_shown.h"
#include "zip/zip_deflate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail_on_change(const struct zip_input *input, struct shared_error *err)
{
    const struct package_entry *entry = input->entry;
    return shared_fail(err, SHARED_EIO, 0, "\"%s\": %s changed while it was being packed: run again",
                       package_shown(entry->place).text, package_shown(entry->source).text);
}

static int fail_on_read(const struct zip_input *input, struct shared_error *err)
{
    const struct package_entry *entry = input->entry;
    return shared_fail(err, SHARED_EIO, errno, "\"%s\": read %s, which was there when it was listed",
                       package_shown(entry->place).text, package_shown(entry->source).text);
}

static bool is_file(const struct package_entry *entry)
{
    return entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE;
}

int zip_input_open(struct zip_input *input, struct shared_error *err)
{
    struct stat st;
    input->done_bytes = 0;
    input->fd = -1;
    if (!is_file(input->entry))
        return 0;
    /* Not to be kept waiting where a FIFO has taken the file's place. */
    input->fd = open(input->entry->source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (input->fd < 0 || fstat(input->fd, &st) < 0)
        return fail_on_read(input, err);
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != input->entry->size_bytes)
        return fail_on_change(input, err);
    return 0;
}

static ssize_t read_file(struct zip_input *input, void *data, size_t size_bytes, struct shared_error *err)
{
    ssize_t got;
    do {
        got = read(input->fd, data, size_bytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail_on_read(input, err);
    return got;
}

static ssize_t read_target(const struct zip_input *input, void *data, size_t size_bytes)
{
    size_t left = (size_t)(input->entry->size_bytes - input->done_bytes);
    size_t size = left < size_bytes ? left : size_bytes;
    if (size > 0)
        memcpy(data, input->entry->target + input->done_bytes, size);
    return (ssize_t)size;
}

ssize_t zip_input_read(struct zip_input *input, void *data, size_t size_bytes, struct shared_error *err)
{
    ssize_t got = is_file(input->entry) ? read_file(input, data, size_bytes, err)
                                        : read_target(input, data, size_bytes);
    if (got < 0)
        return got;
    input->done_bytes += (uint64_t)got;
    uint64_t listed = input->entry->size_bytes;
    if (input->done_bytes > listed || (got == 0 && size_bytes > 0 && input->done_bytes < listed))
        return fail_on_change(input, err);
    return got;
}

void zip_input_close(struct zip_input *input)
{
    if (input->fd >= 0)
        close(input->fd);
    input->fd = -1;
}

static zip_int64_t fail_in_libzip(struct zip_input *input, int zip_code)
{
    zip_error_set(&input->zip_error, zip_code, input->run->failure.sys_errno);
    return -1;
}

/* With method, both sizes and CRC given, libzip takes what is read for deflated already (zip_close.c,
 * add_data). */
static zip_int64_t stat_input(struct zip_input *input, void *data, zip_uint64_t size)
{
    zip_stat_t st;
    if (size < sizeof(st))
        return -1;
    zip_stat_init(&st);
    st.size = input->entry->size_bytes;
    st.valid = ZIP_STAT_SIZE;
    if (zip_deflate_applies(input->entry, input->run->options->level)) {
        if (!input->prepared && zip_deflate_prepare(input, &input->run->failure) < 0)
            return fail_in_libzip(input, ZIP_ER_READ);
        st.comp_size = input->deflated_bytes;
        st.crc = input->crc;
        st.comp_method = ZIP_CM_DEFLATE;
        st.valid |= ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
    }
    memcpy(data, &st, sizeof(st));
    return sizeof(st);
}

static zip_int64_t open_content(struct zip_input *input)
{
    if (!zip_deflate_applies(input->entry, input->run->options->level))
        return zip_input_open(input, &input->run->failure) < 0 ? fail_in_libzip(input, ZIP_ER_OPEN) : 0;
    input->deflated_taken_bytes = 0;
    return zip_deflate_prepare(input, &input->run->failure) < 0 ? fail_in_libzip(input, ZIP_ER_OPEN) : 0;
}

static zip_int64_t read_content(struct zip_input *input, void *data, size_t size_bytes)
{
    if (!input->deflated) {
        ssize_t got = zip_input_read(input, data, size_bytes, &input->run->failure);
        if (got < 0)
            return fail_in_libzip(input, ZIP_ER_READ);
        input->run->bytes_written += (uint64_t)got;
        return got;
    }
    size_t left = input->deflated_bytes - input->deflated_taken_bytes;
    size_t size = left < size_bytes ? left : size_bytes;
    memcpy(data, input->deflated + input->deflated_taken_bytes, size);
    input->deflated_taken_bytes += size;
    if (size > 0 && size == left)
        input->run->bytes_written += input->entry->size_bytes;
    return (zip_int64_t)size;
}

static zip_int64_t on_command(void *user, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    struct zip_input *input = user;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        return open_content(input);
    case ZIP_SOURCE_READ:
        return read_content(input, data, (size_t)size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        zip_input_close(input);
        zip_deflate_release(input);
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
    input->fd = -1;
    return zip_source_function(archive, on_command, input);
}
