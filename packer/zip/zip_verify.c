#include "zip/zip_input.h"

#include "package/package_shown.h"

#include <string.h>

#define CHUNK_BYTES (64u << 10)

static void close_archive(zip_t **archive)
{
    if (*archive)
        zip_discard(*archive);
}

static void close_entry(zip_file_t **file)
{
    if (*file)
        zip_fclose(*file);
}

static void close_input(struct zip_input *input)
{
    zip_input_close(input);
}

static int fail_on_entry(const struct zip_run *run, const struct package_entry *entry, const char *what,
                         struct shared_error *err)
{
    return shared_fail(err, SHARED_EIO, 0,
                       "\"%s\": read back from the new %s, %s: run again, and if it stays so, "
                       "check the disk",
                       package_shown(entry->place).text, package_shown(run->path).text, what);
}

static int verify_entry(const struct zip_run *run, zip_t *archive, size_t i, struct shared_error *err)
{
    const struct package_entry *entry = &run->package->entries[i];
    const char *name = zip_get_name(archive, i, ZIP_FL_ENC_RAW);
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    zip_stat_t st;
    if (!name || strcmp(name, entry->place) != 0)
        return fail_on_entry(run, entry, "the name differs", err);
    if (zip_stat_index(archive, i, 0, &st) < 0 || st.size != entry->size_bytes)
        return fail_on_entry(run, entry, "the size differs", err);
    if (zip_file_get_external_attributes(archive, i, 0, &system, &attributes) < 0 ||
        system != ZIP_OPSYS_UNIX || attributes >> 16 != zip_entry_mode(entry))
        return fail_on_entry(run, entry, "the mode differs", err);
    return 0;
}

/* zip_fread gives fewer bytes than asked for only at the end. */
static int compare_content(struct zip_run *run, zip_file_t *file, struct zip_input *input, char *chunks,
                           struct shared_error *err)
{
    char *expected = chunks, *actual = chunks + CHUNK_BYTES;
    for (;;) {
        ssize_t size = zip_input_read(input, expected, CHUNK_BYTES, err);
        if (size < 0)
            return (int)size;
        zip_int64_t got = zip_fread(file, actual, size ? (zip_uint64_t)size : 1);
        if (got < 0)
            return fail_on_entry(run, input->entry, zip_file_strerror(file), err);
        if (got != size || memcmp(expected, actual, (size_t)size) != 0)
            return fail_on_entry(run, input->entry, "the content differs from its source", err);
        run->bytes_verified += (uint64_t)size;
        if (size == 0)
            return 0;
        if (!zip_run_goes_on(run))
            return SHARED_EIO;
    }
}

static int verify_content(struct zip_run *run, zip_t *archive, size_t i, char *chunks,
                          struct shared_error *err)
{
    struct zip_input input
        __attribute__((cleanup(close_input))) = {.run = run, .entry = &run->package->entries[i], .fd = -1};
    zip_file_t *file __attribute__((cleanup(close_entry))) = zip_fopen_index(archive, i, 0);
    if (!file)
        return fail_on_entry(run, input.entry, zip_strerror(archive), err);
    int status = zip_input_open(&input, err);
    return status < 0 ? status : compare_content(run, file, &input, chunks, err);
}

int zip_verify(struct zip_run *run, struct shared_error *err)
{
    int code = 0;
    zip_t *archive __attribute__((cleanup(close_archive))) =
        zip_open(run->temporary, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        int status = shared_fail(err, SHARED_EIO, 0, "read back the new %s: %s",
                                 package_shown(run->path).text, zip_error_strerror(&error));
        zip_error_fini(&error);
        return status;
    }
    if (zip_get_num_entries(archive, 0) != (zip_int64_t)run->package->count)
        return shared_fail(err, SHARED_EIO, 0, "read back from the new %s: %lld entries instead of %zu",
                           package_shown(run->path).text, (long long)zip_get_num_entries(archive, 0),
                           run->package->count);
    char chunks[2 * CHUNK_BYTES];
    for (size_t i = 0; i < run->package->count; i++) {
        int status = verify_entry(run, archive, i, err);
        if (status == 0)
            status = verify_content(run, archive, i, chunks, err);
        if (status < 0)
            return status;
    }
    return 0;
}
