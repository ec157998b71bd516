#include "zip/zip_mode.h"

#include <sys/stat.h>

#define SYSTEM_DOS 0
#define SYSTEM_UNIX 3
#define SYSTEM_NTFS 10
#define SYSTEM_VFAT 14
#define SYSTEM_MACOS 19
#define READABLE 0444
#define RUNNABLE 0111

unsigned zip_entry_mode(const struct package_entry *entry)
{
    switch (entry->kind) {
    case PACKAGE_EXECUTABLE:
        return S_IFREG | 0755;
    case PACKAGE_SYMLINK:
        return S_IFLNK | 0777;
    case PACKAGE_FOLDER:
        return S_IFDIR | 0755;
    default:
        return S_IFREG | 0644;
    }
}

/* A DOS-like system has no modes, and those of others are not known. */
const char *zip_mode_read(unsigned system, uint32_t attributes, bool folder, unsigned *mode)
{
    bool dos = system == SYSTEM_DOS || system == SYSTEM_NTFS || system == SYSTEM_VFAT;
    *mode = attributes >> 16;
    if (!dos && system != SYSTEM_UNIX && system != SYSTEM_MACOS)
        return "was packed by a system whose modes are not known";
    if (dos && *mode != 0)
        return "has a mode, but was packed by a system that has none";
    if (*mode == 0)
        *mode = folder ? S_IFDIR | 0755 : S_IFREG | 0644;
    if ((*mode & S_IFMT) == 0)
        *mode |= folder ? S_IFDIR : S_IFREG;
    return NULL;
}

/* The user that Lambda runs a function as may own nothing of it. Who may write is all the same: what is unpacked is
 * read-only. */
const char *zip_mode_check(unsigned mode, enum package_kind kind)
{
    unsigned runnable = mode & RUNNABLE;
    if ((mode & READABLE) != READABLE)
        return "has a mode with which not everybody may read it, as Lambda needs";
    if (kind == PACKAGE_FOLDER ? runnable != RUNNABLE : runnable != 0 && runnable != RUNNABLE)
        return "has a mode with which not everybody may execute it, as Lambda needs";
    if (mode & (S_ISUID | S_ISGID | S_ISVTX))
        return "has a mode with a setuid, setgid or sticky bit";
    return NULL;
}
