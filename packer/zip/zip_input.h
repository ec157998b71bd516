/* zip_input.h - the inner steps of zip_write: an entry's stream, as libzip and the reading back ask for it. */
#ifndef PACKER_ZIP_INPUT_H
#define PACKER_ZIP_INPUT_H

#include "zip/zip_write.h"

#include <zip.h>

#define ZIP_CHUNK_BYTES (256u << 10)

/* One call of zip_write. */
struct zip_run {
    const struct package *package;
    struct content_set *contents;
    const struct zip_options *options;
    const char *path; /* for messages */
    const char *temporary;
    unsigned char *chunk;    /* ZIP_CHUNK_BYTES: what was read of the stream that is being written */
    uint64_t streams_bytes;  /* of all entries */
    uint64_t bytes_written;  /* of them */
    uint64_t bytes_verified; /* of them, that were read back */
    double share_shown;
    bool cancelled;
    struct shared_error failure; /* of an input; code 0: none */
};

struct zip_input {
    struct zip_run *run;
    const struct package_entry *entry;
    uint64_t read_bytes;             /* of the stream */
    size_t chunk_start, chunk_bytes; /* what of the run's chunk libzip has not taken yet */
    zip_error_t zip_error;
};

/* What lies in the zip of an entry: of a file its content's, of a symlink its target, of a folder nothing. */
uint64_t zip_stream_bytes(const struct package_entry *entry);

/* Reads of an entry's stream from an offset on; 0 only at its end. */
ssize_t zip_stream_read(const struct zip_run *run, const struct package_entry *entry, uint64_t offset,
                        void *data, size_t size_bytes, struct shared_error *err);

/* For zip_file_add. A failure is kept in the run. input lives until the archive is closed. */
zip_source_t *zip_input_source(struct zip_input *input, zip_t *archive);

/* Tells how far it is, now and then. Returns false where the run was cancelled. */
bool zip_run_goes_on(struct zip_run *run);

/* Compares the temporary file, open at fd, with the package, and hashes it. */
int zip_read_back(struct zip_run *run, int fd, struct lock_zip *zip, struct shared_error *err);

/* A name for a file beside path that nobody else uses. NULL where memory is exhausted. */
char *zip_temporary_name(struct shared_arena *arena, const char *path);

#endif
