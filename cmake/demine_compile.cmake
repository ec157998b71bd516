# What every target of the project is compiled with.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)

add_library(demine_compile INTERFACE)
target_compile_definitions(demine_compile INTERFACE _GNU_SOURCE)
target_compile_options(demine_compile INTERFACE
  -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wpointer-arith -Wwrite-strings
  $<$<BOOL:${DEMINE_WERROR}>:-Werror>)

# The same bytes wherever the sources and the build folder lie.
add_library(demine_reproducible INTERFACE)
target_compile_options(demine_reproducible INTERFACE
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
