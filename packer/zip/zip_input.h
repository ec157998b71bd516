/* zip_input.h - the inner steps of zip_write: an entry's content, as libzip and the reading back ask for it.
 */
#ifndef PACKER_ZIP_INPUT_H
#define PACKER_ZIP_INPUT_H

#include "zip/zip_write.h"

#include <sys/types.h>
#include <zip.h>

/* One call of zip_write. */
struct zip_run {
    const struct package *package;
    const struct zip_options *options;
    const char *path; /* for messages */
    const char *temporary;
    uint64_t bytes_written;  /* of content that went into the zip */
    uint64_t bytes_verified; /* of content that was read back */
    double share_shown;
    bool cancelled;
    struct shared_error failure;              /* of an input; code 0: none */
    struct libdeflate_compressor *compressor; /* of zip_deflate; NULL: none yet */
};

struct zip_input {
    struct zip_run *run;
    const struct package_entry *entry;
    int fd;
    uint64_t done_bytes;
    zip_error_t zip_error;

    /* Of zip_deflate: */
    bool prepared; /* the two that follow are known */
    size_t deflated_bytes;
    uint32_t crc;
    char *deflated; /* NULL: not made, or released */
    size_t deflated_taken_bytes;
};

int zip_input_open(struct zip_input *input, struct shared_error *err);

/* As read(2): 0 at the end, where all the bytes that were listed have come. A file that has fewer or more is
 * an error. */
ssize_t zip_input_read(struct zip_input *input, void *data, size_t size_bytes, struct shared_error *err);

void zip_input_close(struct zip_input *input);

/* For zip_file_add. A failure is kept in the run. input lives until the archive is closed. */
zip_source_t *zip_input_source(struct zip_input *input, zip_t *archive);

/* Tells how far it is, now and then. Returns false where the run was cancelled. */
bool zip_run_goes_on(struct zip_run *run);

/* The mode that an entry has in the zip, type included. */
unsigned zip_entry_mode(const struct package_entry *entry);

/* Compares the temporary file, as it is on the disk, with the package. */
int zip_verify(struct zip_run *run, struct shared_error *err);

/* A name for a file beside path that nobody else uses. NULL where memory is exhausted. */
char *zip_temporary_name(struct shared_arena *arena, const char *path);

#endif
