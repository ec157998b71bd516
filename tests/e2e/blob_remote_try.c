/*
 * blob_remote_try.c - a run of demine as a server of blobs sees it.
 *
 *     blob_remote_try send|fetch|fetch-each|read-only|pack|pack-read-only|header URL FIRST COUNT BYTES
 *                     [TIMEOUT_MS [BUDGET_MS [BYTES_PER_S]]]
 *
 * send makes COUNT streams of BYTES bytes and sends them; read-only does so with a remote that may only be read; fetch
 * asks for them, beginning with nothing, fetch-each for each in a call of its own; pack, too, and then makes and sends
 * what it was not given; header writes how the body of the first would begin. Prints "found N of COUNT, wrong W, T ms",
 * after a line for each warning.
 */
#include "content/blob_body.h"
#include "content/blob_remote.h"
#include "unit/blob_try.h"

#include <time.h>

static void say(void *user, const char *text)
{
    (void)user;
    printf("warning: %s\n", text);
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int write_header(unsigned number, size_t size_bytes)
{
    unsigned char header[BLOB_BODY_HEADER_BYTES];
    struct blob_entry entry = {.key = try_key(number), .blob = try_blob(number, size_bytes)};
    blob_body_write(header, &entry);
    return fwrite(header, sizeof(header), 1, stdout) == 1 ? 0 : 1;
}

static void send_missing(struct blob_remote *remote, struct blob_cache *cache, const struct blob_key *keys,
                         const bool *found, unsigned first, unsigned count, size_t size)
{
    struct blob_key *missing = calloc(count + 1, sizeof(*missing));
    size_t missing_count = 0;
    for (unsigned i = 0; i < count; i++) {
        if (found[i])
            continue;
        try_add_bytes(cache, first + i, size);
        missing[missing_count++] = keys[i];
    }
    blob_remote_send(remote, cache, missing, missing_count);
    free(missing);
}

static struct blob_remote *open_remote(int argc, char **argv)
{
    struct shared_error err = {0};
    struct blob_remote_options options = {.url = argv[2],
                                          .reads_only = strcmp(argv[1], "read-only") == 0 ||
                                                        strcmp(argv[1], "pack-read-only") == 0,
                                          .timeout_ms = argc > 6 ? strtoul(argv[6], NULL, 10) : 0,
                                          .budget_ms = argc > 7 ? strtoul(argv[7], NULL, 10) : 0,
                                          .made_bytes_per_s = argc > 8 ? strtoul(argv[8], NULL, 10) : 0,
                                          .warn = say};
    struct blob_remote *remote = blob_remote_open(&options, &err);
    if (!remote)
        printf("error: %s\n", err.text);
    return remote;
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    unsigned first = (unsigned)strtoul(argv[3], NULL, 10), count = (unsigned)strtoul(argv[4], NULL, 10);
    size_t size = strtoul(argv[5], NULL, 10);
    if (strcmp(argv[1], "header") == 0)
        return write_header(first, size);
    bool each = strcmp(argv[1], "fetch-each") == 0, pack = strncmp(argv[1], "pack", 4) == 0,
         fetch = each || pack || strcmp(argv[1], "fetch") == 0;
    struct try try = try_begin();
    struct blob_cache *cache = try_open(&try);
    struct blob_remote *remote = open_remote(argc, argv);
    if (!remote) {
        blob_cache_close(cache);
        try_end(&try);
        return 1;
    }
    struct blob_key *keys = calloc(count + 1, sizeof(*keys));
    bool *found = calloc(count + 1, sizeof(*found));
    for (unsigned i = 0; i < count; i++) {
        keys[i] = try_key(first + i);
        if (!fetch)
            try_add_bytes(cache, first + i, size);
    }
    long start = now_ms();
    for (unsigned i = 0; each && i < count; i++)
        blob_remote_fetch(remote, cache, &keys[i], 1, &found[i]);
    if (fetch && !each)
        blob_remote_fetch(remote, cache, keys, count, found);
    else if (!fetch)
        blob_remote_send(remote, cache, keys, count);
    long end = now_ms();
    unsigned right = 0, wrong = 0;
    for (unsigned i = 0; i < count; i++) {
        enum try_found is = try_find(cache, first + i, size);
        right += is == TRY_RIGHT;
        wrong += is == TRY_WRONG || (fetch && (is == TRY_RIGHT) != found[i]);
    }
    if (pack)
        send_missing(remote, cache, keys, found, first, count, size);
    printf("found %u of %u, wrong %u, %ld ms\n", right, count, wrong, end - start);
    free(found);
    free(keys);
    blob_remote_close(remote);
    blob_cache_close(cache);
    try_end(&try);
    return wrong ? 1 : 0;
}
