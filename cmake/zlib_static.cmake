# Gives the target zlib_static: zlib with a section per function, from Debian's source, for a target that Debian has
# no libz.a for. The archive is zlib/libz.a of the build folder, the headers are in zlib/include.
include(apt_source)
apt_source(zlib DIR)
add_library(zlib_static STATIC
  ${DIR}/adler32.c ${DIR}/compress.c ${DIR}/crc32.c ${DIR}/deflate.c ${DIR}/gzclose.c ${DIR}/gzlib.c ${DIR}/gzread.c
  ${DIR}/gzwrite.c ${DIR}/infback.c ${DIR}/inffast.c ${DIR}/inflate.c ${DIR}/inftrees.c ${DIR}/trees.c ${DIR}/uncompr.c
  ${DIR}/zutil.c)
configure_file(${DIR}/zlib.h ${PROJECT_BINARY_DIR}/zlib/include/zlib.h COPYONLY)
configure_file(${DIR}/zconf.h ${PROJECT_BINARY_DIR}/zlib/include/zconf.h COPYONLY)
target_include_directories(zlib_static SYSTEM PUBLIC ${PROJECT_BINARY_DIR}/zlib/include)
target_compile_definitions(zlib_static PRIVATE HAVE_UNISTD_H HAVE_STDARG_H HAVE_HIDDEN _LARGEFILE64_SOURCE=1)
target_compile_options(zlib_static PRIVATE -Os -ffunction-sections -fdata-sections -w -ffile-prefix-map=${DIR}=zlib)
target_link_libraries(zlib_static PRIVATE demine_reproducible)
set_target_properties(zlib_static PROPERTIES
  OUTPUT_NAME z ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/zlib C_EXTENSIONS ON)
