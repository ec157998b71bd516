#include "content/content_inner.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <string.h>

static struct content_item **slot_of(struct content_set *set, const struct hash *hash)
{
    size_t at;
    memcpy(&at, hash->bytes, sizeof(at));
    return &set->slots[at & (set->slot_count - 1)];
}

static int read_entry(struct content_set *set, struct package_entry *entry, struct shared_error *err)
{
    struct hash hash;
    int status = hash_file(entry->source, &hash, err);
    if (status < 0)
        return status;
    set->counts.files_read++;
    struct content_item **slot = slot_of(set, &hash), *item = *slot;
    while (item && (memcmp(&item->content.hash, &hash, sizeof(hash)) != 0 ||
                    item->content.size_bytes != entry->size_bytes))
        item = item->same_hash;
    if (!item) {
        item = shared_arena_alloc(&set->arena, sizeof(*item));
        const char *source = shared_arena_copy(&set->arena, shared_slice_from_text(entry->source));
        if (!item || !source)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the contents of files");
        *item = (struct content_item){
            .content = {.hash = hash, .size_bytes = entry->size_bytes, .source = source}, .same_hash = *slot};
        *slot = *set->end = item;
        set->end = &item->next;
    }
    entry->content = &item->content;
    return 0;
}

int content_read(struct content_set *set, struct package *packages, size_t count, struct shared_error *err)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < packages[i].count; k++) {
            struct package_entry *entry = &packages[i].entries[k];
            if (entry->kind != PACKAGE_FILE && entry->kind != PACKAGE_EXECUTABLE)
                continue;
            int status = read_entry(set, entry, err);
            if (status < 0)
                return status;
            set->counts.files++;
            if (strcmp(entry->place, "bootstrap") == 0)
                ((struct content_item *)entry->content)->content.program = true;
        }
    }
    return 0;
}
