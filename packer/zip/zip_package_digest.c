#include "zip/zip_package_digest.h"

#include "base/cleanup.h"
#include "content/content.h"
#include "zip/zip_mode.h"

#include <endian.h>
#include <string.h>
#include <xxhash.h>

/* Of one entry behind the texts; integers the same on every machine. */
struct fixed_part {
    uint64_t mode, size_bytes;
    struct hash content;
};

static void free_state(XXH3_state_t **state)
{
    XXH3_freeState(*state);
}

/* Texts with their NUL, so that no two lists of entries look alike. */
static void add_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

static void add_entry(XXH3_state_t *state, const struct package_entry *entry)
{
    struct fixed_part fixed = {.mode = htole64(zip_entry_mode(entry))};
    if (entry->content) {
        fixed.size_bytes = htole64(entry->content->size_bytes);
        fixed.content = entry->content->hash;
    }
    add_text(state, entry->place);
    if (entry->kind == PACKAGE_SYMLINK)
        add_text(state, entry->target);
    XXH3_128bits_update(state, &fixed, sizeof(fixed));
}

int zip_package_digest(const struct package *package, struct hash *digest, struct shared_error *err)
{
    CLEANUP(free_state) XXH3_state_t *state = XXH3_createState();
    if (!state)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to hash a package");
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < package->count; i++)
        add_entry(state, &package->entries[i]);
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(state));
    memcpy(digest->bytes, bytes.digest, sizeof(digest->bytes));
    return 0;
}
