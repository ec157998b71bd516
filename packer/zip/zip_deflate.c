#include "zip/zip_deflate.h"

#include "base/cleanup.h"
#include "package/package_shown.h"

#include <libdeflate.h>
#include <stdlib.h>

bool zip_deflate_applies(const struct package_entry *entry, int level)
{
    return level > 0 && (entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE) &&
           entry->size_bytes > 0 && entry->size_bytes <= ZIP_DEFLATE_LIMIT_BYTES;
}

static int read_all(struct zip_input *input, char *content, struct shared_error *err)
{
    size_t done = 0, size = (size_t)input->entry->size_bytes;
    int status = zip_input_open(input, err);
    /* One byte more than was listed is asked for: a file that has grown is told. */
    while (status == 0) {
        ssize_t got = zip_input_read(input, content + done, size + 1 - done, err);
        if (got <= 0) {
            status = (int)got;
            break;
        }
        done += (size_t)got;
    }
    zip_input_close(input);
    return status;
}

/* Of many megabytes at the highest levels: one for all entries. */
static struct libdeflate_compressor *compressor_of(struct zip_run *run)
{
    if (!run->compressor)
        run->compressor = libdeflate_alloc_compressor(run->options->level);
    return run->compressor;
}

int zip_deflate_prepare(struct zip_input *input, struct shared_error *err)
{
    size_t size = (size_t)input->entry->size_bytes;
    if (input->deflated)
        return 0;
    CLEANUP_FREE char *content = malloc(size + 1);
    struct libdeflate_compressor *compressor = compressor_of(input->run);
    size_t bound = compressor ? libdeflate_deflate_compress_bound(compressor, size) : 0;
    CLEANUP_FREE char *deflated = bound ? malloc(bound) : NULL;
    if (!content || !deflated)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to deflate %s",
                           package_shown(input->entry->source).text);
    int status = read_all(input, content, err);
    if (status < 0)
        return status;
    input->deflated_bytes = libdeflate_deflate_compress(compressor, content, size, deflated, bound);
    input->crc = libdeflate_crc32(0, content, size);
    input->prepared = true;
    input->deflated = deflated;
    deflated = NULL;
    return 0;
}

void zip_deflate_release(struct zip_input *input)
{
    free(input->deflated);
    input->deflated = NULL;
}

void zip_deflate_end(struct zip_run *run)
{
    if (run->compressor)
        libdeflate_free_compressor(run->compressor);
    run->compressor = NULL;
}
