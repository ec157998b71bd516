#include "image/image.h"

#include "base/cleanup.h"
#include "image/elf_dynamic.h"
#include "image/image_layout.h"

int image_read(const struct manifest *manifest, const struct manifest_function *function,
               const struct image_paths *paths, struct shared_arena *arena, struct image *image,
               struct shared_error *err)
{
    CLEANUP(shared_arena_clean_up) struct shared_arena scratch = {0};
    struct image_layout layout;
    struct elf_dynamic dynamic;
    *image = (struct image){0};
    int status = image_layout_read(manifest, function, paths, true, &scratch, arena, &layout, err);
    if (status == 0)
        status = elf_dynamic_read(&layout.shipped, arena, &dynamic, err);
    if (status < 0)
        return status;
    image_origins_sort(&layout.origins);
    *image = (struct image){
        .file_bytes = layout.shipped.content.size_bytes,
        .origins = layout.origins.items,
        .origin_count = layout.origins.count,
        .needed = dynamic.needed,
        .interpreter = dynamic.interpreter,
        .glibc = dynamic.glibc,
        .glibc_symbol = dynamic.glibc_symbol,
    };
    return 0;
}
