/*
 * zip_oracle.h - a writer of zips that shares no code with the one under test: APPNOTE 6.3.10, field by field, with the
 * values that libzip 1.7 gives those that are free (made by version 6.3 on Unix; needed: 1.0, 2.0 for what is deflated or
 * a folder, 4.5 with zip64).
 */
#ifndef TESTS_ZIP_ORACLE_H
#define TESTS_ZIP_ORACLE_H

#include "zip_made.h"

#include "package/package.h"

struct oracle {
    FILE *out;
    uint64_t at;
    size_t count;
    uint64_t *offsets;
};

static inline void oracle_number(struct oracle *oracle, uint64_t value, int bytes)
{
    for (; bytes > 0; bytes--, value >>= 8, oracle->at++)
        SCRATCH_NEED(putc((int)(value & 0xFF), oracle->out) != EOF);
}

static inline void oracle_bytes(struct oracle *oracle, const void *data, size_t size)
{
    SCRATCH_NEED(fwrite(data, 1, size, oracle->out) == size);
    oracle->at += size;
}

/* What the header (4.3.7) and the directory (4.3.12) have in common, from "version needed" on. */
static inline void oracle_common(struct oracle *oracle, const struct package_entry *entry)
{
    const struct content *content = entry->content;
    bool deflated = content && content->method == CONTENT_DEFLATED, ascii = true;
    for (const char *p = entry->place; *p; p++)
        ascii &= (unsigned char)*p < 0x80;
    oracle_number(oracle, deflated || entry->kind == PACKAGE_FOLDER ? 20 : 10, 2);
    oracle_number(oracle, ascii ? 0 : 0x800, 2);
    oracle_number(oracle, deflated ? 8 : 0, 2);
    oracle_number(oracle, 0x00210000, 4); /* 1980-01-01 00:00:00 */
    oracle_number(oracle,
                  content         ? content->crc
                  : entry->target ? libdeflate_crc32(0, entry->target, strlen(entry->target))
                                  : 0,
                  4);
    oracle_number(oracle, content ? content->deflated_bytes : entry->size_bytes, 4);
    oracle_number(oracle, entry->size_bytes, 4);
    oracle_number(oracle, strlen(entry->place), 2);
    oracle_number(oracle, 0, 2); /* extra field */
}

static inline void oracle_entry(struct oracle *oracle, const struct package_entry *entry)
{
    oracle->offsets[oracle->count++] = oracle->at;
    oracle_number(oracle, 0x04034b50, 4);
    oracle_common(oracle, entry);
    oracle_bytes(oracle, entry->place, strlen(entry->place));
    if (entry->content)
        oracle_bytes(oracle, ((const struct made *)entry->content)->stream.data,
                     (size_t)entry->content->deflated_bytes);
    else if (entry->target)
        oracle_bytes(oracle, entry->target, strlen(entry->target));
}

static inline void oracle_directory_entry(struct oracle *oracle, const struct package_entry *entry,
                                          uint64_t offset)
{
    static const unsigned modes[] = {0100644, 0100755, 0120777, 040755};
    oracle_number(oracle, 0x02014b50, 4);
    oracle_number(oracle, 0x033f, 2);
    oracle_common(oracle, entry);
    oracle_number(oracle, 0, 2 + 2 + 2); /* comment, disk, internal attributes */
    oracle_number(oracle, modes[entry->kind] << 16 | (entry->kind == PACKAGE_FOLDER ? 0x10 : 0), 4);
    oracle_number(oracle, offset, 4);
    oracle_bytes(oracle, entry->place, strlen(entry->place));
}

/* 4.3.14 to 4.3.16. */
static inline void oracle_end(struct oracle *oracle, uint64_t offset, uint64_t size)
{
    uint64_t end = oracle->at, count = oracle->count;
    if (count > UINT16_MAX) {
        const uint64_t fields[] = {44, 45 | 45 << 16, 0, count, count, size, offset};
        const int bytes[] = {8, 4, 8, 8, 8, 8, 8};
        oracle_number(oracle, 0x06064b50, 4);
        for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++)
            oracle_number(oracle, fields[i], bytes[i]);
        oracle_number(oracle, 0x07064b50, 4);
        oracle_number(oracle, 0, 4);
        oracle_number(oracle, end, 8);
        oracle_number(oracle, 1, 4);
    }
    oracle_number(oracle, 0x06054b50, 4);
    oracle_number(oracle, 0, 4);
    for (int i = 0; i < 2; i++)
        oracle_number(oracle, count < UINT16_MAX ? count : UINT16_MAX, 2);
    oracle_number(oracle, size, 4);
    oracle_number(oracle, offset, 4);
    oracle_number(oracle, 0, 2);
}

static inline void oracle_write(const struct package *package, const char *path)
{
    struct oracle oracle = {.out = fopen(path, "we"), .offsets = calloc(package->count, sizeof(uint64_t))};
    SCRATCH_NEED(oracle.out && oracle.offsets);
    for (size_t i = 0; i < package->count; i++)
        oracle_entry(&oracle, &package->entries[i]);
    uint64_t start = oracle.at;
    for (size_t i = 0; i < package->count; i++)
        oracle_directory_entry(&oracle, &package->entries[i], oracle.offsets[i]);
    oracle_end(&oracle, start, oracle.at - start);
    SCRATCH_NEED(fclose(oracle.out) == 0);
    free(oracle.offsets);
}

#endif
