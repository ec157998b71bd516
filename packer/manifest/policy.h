/*
 * policy.h - what the runtimes have, for the checks of the target: a file in the manner of auditwheel's
 * policies.
 *
 *     {
 *       "provided.al2023": {
 *         "libraries": {
 *           "libgcc_s.so.1": ["GCC_7.0.0"],
 *           "libcrypto.so.3": ["OPENSSL_3.0.0"],
 *           "libz.so.1": []
 *         }
 *       }
 *     }
 *
 * A library is listed by its soname, with the newest symbol version that it has of each family (what
 * stands before the version's number, "OPENSSL_"); families that are not listed are not looked at. What is
 * listed of "libc.so.6" ("GLIBC_2.34") takes the place of the built-in ceiling. Comments are allowed. The format is
 * in packer/policy.schema.json, which a test compares with policy_table.
 */
#ifndef PACKER_POLICY_H
#define PACKER_POLICY_H

#include "manifest/manifest.h"

struct policy_library {
    const char *name; /* soname */
    const char *json_path;
    struct manifest_texts versions;
};

extern const struct key_table policy_table; /* manifest_table.h */

/* What one runtime has. */
struct policy {
    struct policy_library *libraries; /* sorted by name */
    size_t library_count;
};

/*
 * Reads the part for a runtime; what is not in the file is empty. Fails as manifest_read, with the policy
 * file's name and line.
 */
int policy_read(const char *path, enum manifest_runtime runtime, struct shared_arena *arena,
                struct policy *policy, struct shared_error *err);

/* The same for a text in memory; path is for messages. */
int policy_parse(const char *path, struct shared_slice text, enum manifest_runtime runtime,
                 struct shared_arena *arena, struct policy *policy, struct shared_error *err);

#endif
