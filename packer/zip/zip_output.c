#include "zip/zip_output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int fail(struct zip_output *output, int zip_code, int sys_errno)
{
    zip_error_set(&output->error, zip_code, sys_errno);
    return -1;
}

static int write_at(struct zip_output *output, const unsigned char *data, uint64_t size, uint64_t offset)
{
    while (size > 0) {
        ssize_t put = pwrite(output->fd, data, size, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail(output, ZIP_ER_WRITE, put < 0 ? errno : ENOSPC);
        data += put;
        offset += (uint64_t)put;
        size -= (uint64_t)put;
    }
    return 0;
}

/* The disk begins with what is there already; whether it gets there is fsync's to say. */
static int flush(struct zip_output *output)
{
    int status = write_at(output, output->buffer, output->used, output->flushed);
    if (status == 0)
        sync_file_range(output->fd, (off_t)output->flushed, (off_t)output->used, SYNC_FILE_RANGE_WRITE);
    output->flushed += output->used;
    output->used = 0;
    return status;
}

/* One piece goes to the disk at once, where it lies before what is gathered; else into the buffer as far as it fits. */
static int64_t take_piece(struct zip_output *output, const unsigned char *data, uint64_t size)
{
    if (output->at < output->flushed) {
        uint64_t before = output->flushed - output->at;
        size = size < before ? size : before;
        return write_at(output, data, size, output->at) < 0 ? -1 : (int64_t)size;
    }
    uint64_t place = output->at - output->flushed;
    if (place > output->used)
        return fail(output, ZIP_ER_INVAL, 0); /* libzip leaves no gaps */
    if (place == ZIP_OUTPUT_BYTES) {
        if (flush(output) < 0)
            return -1;
        place = 0;
    }
    size = size < ZIP_OUTPUT_BYTES - place ? size : ZIP_OUTPUT_BYTES - place;
    memcpy(output->buffer + place, data, size);
    if (output->used < place + size)
        output->used = place + size;
    return (int64_t)size;
}

static zip_int64_t take(struct zip_output *output, const unsigned char *data, zip_uint64_t size)
{
    for (uint64_t done = 0; done < size;) {
        int64_t taken = take_piece(output, data + done, size - done);
        if (taken < 0)
            return -1;
        done += (uint64_t)taken;
        output->at += (uint64_t)taken;
    }
    return (zip_int64_t)size;
}

static zip_int64_t seek(struct zip_output *output, void *data, zip_uint64_t size)
{
    zip_int64_t at = zip_source_seek_compute_offset(output->at, output->flushed + output->used, data, size,
                                                    &output->error);
    if (at >= 0)
        output->at = (uint64_t)at;
    return at < 0 ? -1 : 0;
}

static zip_int64_t on_command(void *user, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    struct zip_output *output = user;
    switch (command) {
    case ZIP_SOURCE_STAT:
        /* There is no zip yet. */
        return fail(output, ZIP_ER_READ, ENOENT);
    case ZIP_SOURCE_WRITE:
        return take(output, data, size);
    case ZIP_SOURCE_SEEK_WRITE:
        return seek(output, data, size);
    case ZIP_SOURCE_TELL_WRITE:
        return (zip_int64_t)output->at;
    case ZIP_SOURCE_COMMIT_WRITE:
        return flush(output);
    case ZIP_SOURCE_BEGIN_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&output->error, data, size);
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default:
        return fail(output, ZIP_ER_OPNOTSUPP, 0);
    }
}

zip_source_t *zip_output_source(struct zip_output *output, zip_error_t *error)
{
    zip_error_init(&output->error);
    return zip_source_function_create(on_command, output, error);
}
