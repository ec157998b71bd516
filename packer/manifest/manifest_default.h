/* manifest_default.h - the toolchain where the manifest names none. */
#ifndef PACKER_MANIFEST_DEFAULT_H
#define PACKER_MANIFEST_DEFAULT_H

#include "manifest/manifest.h"

/* "gcc", or the cross compiler of Debian's name where this machine is of another architecture. */
const char *default_compiler(enum manifest_architecture architecture);

/*
 * The strip that belongs to a compiler: <prefix>strip beside <prefix>gcc, with its folder and without its
 * version; otherwise the one of Debian's binutils for the architecture. NULL where memory is exhausted.
 */
const char *default_strip(const char *compiler, enum manifest_architecture architecture,
                          struct shared_arena *arena);

#endif
