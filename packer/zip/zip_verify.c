#include "zip/zip_verify.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "content/content.h"
#include "package/package_list.h"
#include "package/package_shown.h"
#include "zip/zip_package_digest.h"
#include "zip/zip_scan.h"

#include <libdeflate.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

#define OUT_BYTES (256u << 10)
#define MOST_TARGET_BYTES 4096

/* What one run of zip_verify has beside the scan. */
struct verifying {
    const struct zip_file *file;
    struct zip_scan scan;
    struct shared_arena *arena;
    struct shared_error *err;
    z_stream inflater;
    bool inflates; /* it was begun */
    unsigned char *out;
    XXH3_state_t *hash;

    /* Of the entry at hand: */
    const struct zip_item *item;
    uint64_t content_bytes;
    uint32_t crc;
    char *target; /* of a symlink, as it comes; else NULL */
};

static void clean_up(struct verifying *verifying)
{
    zip_scan_close(&verifying->scan);
    if (verifying->inflates)
        inflateEnd(&verifying->inflater);
    free(verifying->out);
    XXH3_freeState(verifying->hash);
}

static int no_memory(const struct verifying *verifying)
{
    return shared_fail(verifying->err, SHARED_ENOMEM, 0, "no memory to read %s",
                       package_shown(verifying->file->path).text);
}

static int damaged(const struct verifying *verifying, const char *what)
{
    const struct zip_item *item = verifying->item;
    return zip_damaged(item->offset, verifying->err, "\"%s\" %s", package_shown(item->place).text, what);
}

static int begin(struct verifying *verifying)
{
    verifying->out = malloc(OUT_BYTES);
    verifying->hash = XXH3_createState();
    verifying->inflates = inflateInit2(&verifying->inflater, -MAX_WBITS) == Z_OK;
    int status = zip_scan_open(&verifying->scan, verifying->file, verifying->err);
    if (status == 0 && (!verifying->out || !verifying->hash || !verifying->inflates))
        status = no_memory(verifying);
    return status;
}

/* A piece of the content as it was before it was packed. */
static int take_content(struct verifying *verifying, const unsigned char *data, size_t size)
{
    if (size > verifying->item->size_bytes - verifying->content_bytes)
        return damaged(verifying, "holds more than the directory says");
    if (verifying->target)
        memcpy(verifying->target + verifying->content_bytes, data, size);
    verifying->crc = libdeflate_crc32(verifying->crc, data, size);
    XXH3_128bits_update(verifying->hash, data, size);
    verifying->content_bytes += size;
    return 0;
}

/* Inflates a piece of the stream; *ended afterwards: its last block is over. RFC 1951. */
static int take_stream(struct verifying *verifying, struct shared_slice piece, bool *ended)
{
    z_stream *z = &verifying->inflater;
    z->next_in = (unsigned char *)(uintptr_t)piece.data;
    z->avail_in = (uInt)piece.size_bytes;
    do {
        if (*ended)
            return damaged(verifying, "goes on after the end of its stream");
        z->next_out = verifying->out;
        z->avail_out = OUT_BYTES;
        int status = inflate(z, Z_NO_FLUSH);
        if (status == Z_MEM_ERROR)
            return no_memory(verifying);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return damaged(verifying, "cannot be inflated");
        *ended = status == Z_STREAM_END;
        status = take_content(verifying, verifying->out, OUT_BYTES - z->avail_out);
        if (status < 0)
            return status;
    } while (z->avail_in > 0 || (z->avail_out == 0 && !*ended));
    return 0;
}

static int read_stream(struct verifying *verifying)
{
    bool deflated = verifying->item->method == CONTENT_DEFLATED, ended = !deflated;
    struct shared_slice piece;
    inflateReset(&verifying->inflater);
    for (;;) {
        int status = zip_scan_stream(&verifying->scan, verifying->item, &piece, verifying->err);
        if (status == 0 && piece.size_bytes == 0)
            return ended ? 0 : damaged(verifying, "has a stream without an end");
        if (status == 0)
            status = deflated ? take_stream(verifying, piece, &ended)
                              : take_content(verifying, (const unsigned char *)piece.data, piece.size_bytes);
        if (status < 0)
            return status;
    }
}

static int begin_item(struct verifying *verifying, const struct zip_item *item)
{
    verifying->item = item;
    verifying->content_bytes = verifying->crc = 0;
    verifying->target = NULL;
    XXH3_128bits_reset(verifying->hash);
    if (item->kind == PACKAGE_SYMLINK) {
        if (item->size_bytes == 0 || item->size_bytes > MOST_TARGET_BYTES)
            return damaged(verifying, "is a symlink to nowhere, or to a path of more than 4,096 bytes");
        verifying->target = shared_arena_alloc(verifying->arena, item->size_bytes + 1);
        if (!verifying->target)
            return no_memory(verifying);
    }
    return zip_scan_item(&verifying->scan, item, verifying->err);
}

/* What was read, as an entry that could be packed. */
static int end_item(struct verifying *verifying, struct package_entry *entry)
{
    const struct zip_item *item = verifying->item;
    if (verifying->content_bytes != item->size_bytes)
        return damaged(verifying, "holds less than the directory says");
    if (verifying->crc != item->crc)
        return damaged(verifying, "has another CRC than the directory says");
    *entry = (struct package_entry){.place = item->place,
                                    .source = path_base(verifying->file->path),
                                    .kind = item->kind,
                                    .size_bytes = item->size_bytes};
    if (verifying->target) {
        verifying->target[item->size_bytes] = '\0';
        entry->target = verifying->target;
        return strlen(entry->target) == item->size_bytes ? 0 : damaged(verifying, "is a symlink with a NUL");
    }
    if (item->kind == PACKAGE_FOLDER)
        return 0;
    struct content *content = shared_arena_alloc(verifying->arena, sizeof(*content));
    if (!content)
        return no_memory(verifying);
    *content =
        (struct content){.size_bytes = item->size_bytes,
                         .method = item->method == CONTENT_DEFLATED ? CONTENT_DEFLATED : CONTENT_STORED,
                         .crc = item->crc,
                         .deflated_bytes = item->stream_bytes};
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(verifying->hash));
    memcpy(content->hash.bytes, bytes.digest, sizeof(content->hash.bytes));
    entry->content = content;
    return 0;
}

static int by_place(const void *left, const void *right)
{
    return strcmp(((const struct package_entry *)left)->place, ((const struct package_entry *)right)->place);
}

/* The rules of packing: what breaks them is nothing that was packed. */
static int check_places(struct verifying *verifying, struct package_list *list)
{
    qsort(list->items, list->count, sizeof(*list->items), by_place);
    for (size_t i = 1; i < list->count; i++)
        if (by_place(&list->items[i - 1], &list->items[i]) == 0)
            return shared_fail(verifying->err, SHARED_EPROTO, 0, "\"%s\" is in it twice",
                               package_shown(list->items[i].place).text);
    int status = package_clash_check(list, verifying->err);
    if (status == 0)
        status = package_link_check(list, verifying->err);
    if (status != SHARED_EINVAL)
        return status;
    if (verifying->err)
        verifying->err->code = SHARED_EPROTO;
    return SHARED_EPROTO;
}

static int verify_items(struct verifying *verifying, const struct zip_directory *directory,
                        struct package_list *list)
{
    int status = begin(verifying);
    for (size_t i = 0; status == 0 && i < directory->count; i++) {
        status = begin_item(verifying, &directory->items[i]);
        if (status == 0)
            status = read_stream(verifying);
        if (status == 0)
            status = end_item(verifying, &list->items[list->count++]);
    }
    return status;
}

int zip_verify_file(const struct zip_file *file, struct shared_arena *arena, struct zip_verified *verified,
                    struct shared_error *err)
{
    CLEANUP(clean_up) struct verifying verifying = {.file = file, .arena = arena, .err = err};
    struct zip_directory directory;
    struct package_list list = {.arena = arena};
    int status = zip_directory_read(file, arena, &directory, err);
    if (status < 0)
        return status;
    *verified = (struct zip_verified){
        .zip = {.zip_bytes = file->size_bytes, .unzipped_bytes = directory.unzipped_bytes}};
    list.items = shared_arena_alloc(arena, directory.count * sizeof(*list.items));
    if (!list.items)
        return no_memory(&verifying);
    status = verify_items(&verifying, &directory, &list);
    if (status == 0)
        status = zip_scan_end(&verifying.scan, &directory, verified->zip.sha256, err);
    if (status == 0)
        status = check_places(&verifying, &list);
    verified->package = (struct package){list.items, list.count, directory.unzipped_bytes};
    return status < 0 ? status : zip_package_digest(&verified->package, &verified->zip.content, err);
}

int zip_verify(const char *path, struct shared_arena *arena, struct zip_verified *verified,
               struct shared_error *err)
{
    CLEANUP_FD int fd = -1;
    struct zip_file file = {.path = path};
    int status = file_open(path, &fd, &file.size_bytes, err);
    file.fd = fd;
    return status < 0 ? status : zip_verify_file(&file, arena, verified, err);
}
