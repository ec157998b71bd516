/* manifest_fail.h - "file:line: path: what", the one form of what is wrong with a manifest. */
#ifndef PACKER_MANIFEST_FAIL_H
#define PACKER_MANIFEST_FAIL_H

#include "manifest/manifest.h"

#include <shared/error.h>

#include <stdarg.h>
#include <stddef.h>

/* Fails with SHARED_EINVAL. line 0: that of the value at json_path, which is looked up in manifest->text. */
int manifest_vfail(const struct manifest *manifest, size_t line, const char *json_path,
                   struct shared_error *err, const char *format, va_list arguments);

#endif
