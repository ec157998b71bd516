/* zip_mode.h - the kind of an entry as its mode in a zip: type and permissions, 0644, 0755, 0777 for symlinks. */
#ifndef PACKER_ZIP_MODE_H
#define PACKER_ZIP_MODE_H

#include "package/package.h"

#include <stdbool.h>
#include <stdint.h>

unsigned zip_entry_mode(const struct package_entry *entry);

/* The mode in the external attributes, by the system that made the entry (APPNOTE 4.4.2, 4.4.15); a plain one where none
 * is told. Returns what is wrong, or NULL. */
const char *zip_mode_read(unsigned system, uint32_t attributes, bool folder, unsigned *mode);

/* Whether a mode lets everybody do what its kind is for. Returns what is wrong, or NULL. */
const char *zip_mode_check(unsigned mode, enum package_kind kind);

#endif
