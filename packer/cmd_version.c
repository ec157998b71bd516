#include "command.h"

#include <cjson/cJSON.h>
#include <elfutils/version.h>
#include <libdeflate.h>
#include <xxhash.h>
#include <zip.h>
#include <zlib.h>

/* The bytes of a zip are its libraries': a report of a difference begins with these. */
int cmd_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    unsigned xxhash = XXH_versionNumber();
    printf("demine %s\n", DEMINE_VERSION);
    printf("libzip %s, libdeflate %s, zlib %s, cJSON %s, xxHash %u.%u.%u, libelf 0.%d\n",
           zip_libzip_version(), LIBDEFLATE_VERSION_STRING, zlibVersion(), cJSON_Version(), xxhash / 10000,
           xxhash / 100 % 100, xxhash % 100, _ELFUTILS_VERSION);
    return EXIT_DONE;
}
