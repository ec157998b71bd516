/* prune_arn.h - the names that AWS gives to functions and layers. Nothing else gets into a command. */
#ifndef PACKER_PRUNE_ARN_H
#define PACKER_PRUNE_ARN_H

#include <shared/slice.h>

#include <stdbool.h>
#include <stdint.h>

#define PRUNE_LATEST 0 /* the version "$LATEST"; published ones count from 1 */
#define PRUNE_MOST_VERSION ((UINT64_C(1) << 53) - 1)

/*
 * arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER, or …:layer:NAME:VERSION (Lambda API reference, FunctionArn
 * and LayerVersionArn, 2025). All of it letters, digits, "-", "_", "$" and colons. Slices point into the text.
 */
struct prune_arn {
    struct shared_slice place; /* arn:PARTITION:lambda:REGION:ACCOUNT */
    struct shared_slice region;
    struct shared_slice whole; /* without the qualifier */
    struct shared_slice name;
    struct shared_slice qualifier; /* a version or an alias; data NULL: none */
};

/* kind: "function" or "layer". False where a text is no such name. */
bool prune_arn_read(struct shared_slice text, const char *kind, struct prune_arn *arn);

/* Whether a name may be a function's: 1 to 64 letters, digits, "-" and "_". */
bool prune_name_is_valid(struct shared_slice name);

/* "$LATEST", or a number from 1 on. */
bool prune_version_read(struct shared_slice text, uint64_t *version);

#endif
