/*
 * zip_output.h - the inner step of zip_write that takes what libzip writes: many small pieces, and each header twice. They
 * are gathered, and go to the disk on their way.
 */
#ifndef PACKER_ZIP_OUTPUT_H
#define PACKER_ZIP_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <zip.h>

#define ZIP_OUTPUT_BYTES (1u << 20)

struct zip_output {
    int fd;
    unsigned char *buffer; /* ZIP_OUTPUT_BYTES */
    uint64_t flushed;      /* bytes of the file that are written; the buffer's come after them */
    uint64_t used;         /* of the buffer */
    uint64_t at;           /* where libzip writes next */
    zip_error_t error;
};

/* For zip_open_from_source, of a file that is empty. output lives until the archive is closed. */
zip_source_t *zip_output_source(struct zip_output *output, zip_error_t *error);

#endif
