/* title_asset.h - an init that catalog and playback share. */
#ifndef VIDEO_TITLE_ASSET_H
#define VIDEO_TITLE_ASSET_H

#include "titles.h"

/* Loads share/titles.json from the package. Fails as shared_asset_open and titles_load do. */
int title_asset_load(struct titles *titles, struct shared_error *err);

#endif
