/*
 * package_python.h - what Python compiled and would never load from where a zip is unpacked: left out.
 *
 * A file of __pycache__ holds, where its flags are 0, the time and size of the source that it was compiled from, and is
 * loaded only where the source still has both (PEP 552, since Python 3.7). Every file of a zip is of 1980-01-01, and
 * /var/task cannot be written to: Python would compile all of it again at each cold start, whether such files are there or
 * not. They also differ between two installations of the same distribution, which would keep it out of layers.
 *
 * What stays: files that are checked by a hash, or never (flags 1 and 3); those for a source of just that time, as who
 * prepares for such zips makes them; and everything outside of a __pycache__, as a module's .pyc without a source is
 * loaded whatever its time.
 */
#ifndef PACKER_PACKAGE_PYTHON_H
#define PACKER_PACKAGE_PYTHON_H

#include "package/package.h"

/* What was left out. */
struct package_stale {
    size_t files;
    uint64_t bytes;
};

/*
 * Leaves stale files out of the packages of functions for Python, on so many threads, and counts them. A package with a
 * symlink to one stays as it is, and so does a file that cannot be read: who packs it finds out why. SHARED_ENOMEM.
 */
int package_drop_stale(const struct manifest *manifest, unsigned threads, struct package *packages,
                       struct package_stale *stale, struct shared_error *err);

#endif
