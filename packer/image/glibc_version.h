/* glibc_version.h - versions of glibc as its symbols have them: "2.34", "2.2.5". */
#ifndef PACKER_GLIBC_VERSION_H
#define PACKER_GLIBC_VERSION_H

#include <shared/slice.h>

#include <stdbool.h>
#include <stdint.h>

/* The number for comparing: a newer version's is larger. False where text is no version. */
bool glibc_version_number(struct shared_slice text, uint64_t *number);

#endif
