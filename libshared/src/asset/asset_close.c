#include <shared/asset.h>

#include <sys/mman.h>

void shared_asset_close(struct shared_asset *asset)
{
    if (asset->content.size_bytes > 0)
        munmap((void *)asset->content.data, asset->content.size_bytes);
    asset->content = shared_slice_of(NULL, 0);
}
