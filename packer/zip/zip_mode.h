/* zip_mode.h - the kind of an entry as its mode in a zip: type and permissions, 0644, 0755, 0777 for symlinks. */
#ifndef PACKER_ZIP_MODE_H
#define PACKER_ZIP_MODE_H

#include "package/package.h"

unsigned zip_entry_mode(const struct package_entry *entry);

#endif
