#include "zip/zip_mode.h"

#include <sys/stat.h>

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
