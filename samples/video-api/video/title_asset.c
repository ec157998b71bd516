#include "title_asset.h"

#include <shared/asset.h>

int title_asset_load(struct titles *titles, struct shared_error *err)
{
    struct shared_asset json;
    int code = shared_asset_open(&json, "share/titles.json", err);
    if (code == 0)
        code = titles_load(titles, json.content, err);
    shared_asset_close(&json);
    return code;
}
