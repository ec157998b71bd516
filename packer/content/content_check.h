/* content_check.h - whether a stream that was made gives its content again; streams that are joined. */
#ifndef PACKER_CONTENT_CHECK_H
#define PACKER_CONTENT_CHECK_H

#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stdint.h>

/* Places in a stream, in bits from its beginning. */
struct content_bits {
    uint64_t
        last_block; /* where the last block begins: its first bit says that it is the last (RFC 1951, 3.2.3) */
    uint64_t end;
};

struct content_checker;

/* NULL where memory is exhausted. Of one thread at a time. */
struct content_checker *content_checker_make(void);
void content_checker_free(struct content_checker *checker);

/* Whether stream is one whole raw deflate stream of content, as zlib inflates it. bits may be NULL. */
bool content_check(struct content_checker *checker, struct shared_slice stream, struct shared_slice content,
                   struct content_bits *bits);

/* The same as libdeflate inflates it, in half the time; room has the size of content. */
bool content_check_fast(struct content_checker *checker, struct shared_slice stream,
                        struct shared_slice content, char *room);

/* Makes another stream continue this one. Returns its new size: up to CONTENT_SEAM_BYTES more. */
size_t content_open_end(char *stream, const struct content_bits *bits);
#define CONTENT_SEAM_BYTES 8

#endif
