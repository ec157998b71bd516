#include "title_asset.h"

#include "asset_file.h"

int title_asset_load(struct titles *titles, struct shared_error *err)
{
    struct shared_slice json;
    int code = asset_file_read("share/titles.json", &titles->arena, &json, err);
    return code < 0 ? code : titles_load(titles, json, err);
}
