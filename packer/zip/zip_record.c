#include "zip/zip_record.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <libdeflate.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>
#include <zip.h>
#include <zlib.h>

#define RECORD_BYTES (2 * HASH_TEXT_BYTES)

static void free_state(XXH3_state_t **state)
{
    XXH3_freeState(*state);
}

/* Texts with their NUL, so that no two lists of texts look alike. */
static void add_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text ? text : "", strlen(text ? text : "") + 1);
}

int zip_input_hash(const struct package *package, int level, struct hash *hash, struct shared_error *err)
{
    CLEANUP(free_state) XXH3_state_t *state = XXH3_createState();
    if (!state)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to hash a package");
    XXH3_128bits_reset(state);
    add_text(state, zip_libzip_version());
    add_text(state, zlibVersion());
    add_text(state, LIBDEFLATE_VERSION_STRING);
    XXH3_128bits_update(state, &level, sizeof(level));
    for (size_t i = 0; i < package->count; i++) {
        const struct package_entry *entry = &package->entries[i];
        struct hash content = {{0}};
        if ((entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE) &&
            hash_file(entry->source, &content, err) < 0)
            return SHARED_EIO;
        add_text(state, entry->place);
        add_text(state, entry->target);
        XXH3_128bits_update(state, &entry->kind, sizeof(entry->kind));
        XXH3_128bits_update(state, content.bytes, sizeof(content.bytes));
    }
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(state));
    memcpy(hash->bytes, bytes.digest, sizeof(hash->bytes));
    return 0;
}

/* "input zip\n", both as hex digits. */
static int record_text(const struct hash *input, const char *path, char text[RECORD_BYTES],
                       struct shared_error *err)
{
    struct hash zip;
    int status = hash_file(path, &zip, err);
    if (status < 0)
        return status;
    hash_to_text(input, text);
    text[HASH_TEXT_BYTES - 1] = ' ';
    hash_to_text(&zip, text + HASH_TEXT_BYTES);
    text[RECORD_BYTES - 1] = '\n';
    return 0;
}

bool zip_is_current(const char *record, const struct hash *input, const char *path, uint64_t *zip_bytes)
{
    char wanted[RECORD_BYTES], found[RECORD_BYTES + 1];
    struct stat st;
    CLEANUP_FILE FILE *file = fopen(record, "re");
    if (!file || fread(found, 1, sizeof(found), file) != sizeof(wanted))
        return false;
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || record_text(input, path, wanted, NULL) < 0)
        return false;
    *zip_bytes = (uint64_t)st.st_size;
    return memcmp(wanted, found, sizeof(wanted)) == 0;
}

int zip_record_write(const char *record, const struct hash *input, const char *path, struct shared_error *err)
{
    char text[RECORD_BYTES];
    int status = record_text(input, path, text, err);
    return status < 0 ? status : file_write(record, shared_slice_of(text, sizeof(text)), err);
}
