/*
 * json_locate.h - from a place in a JSON tree to a line of its text. cJSON keeps no positions.
 *
 * A path names a value as functions.hello.sources[0]; a name with other characters than letters, digits, "_",
 * "-" and
 * "$" is quoted: functions.hello.assets["share/titles.json"].
 */
#ifndef PACKER_JSON_LOCATE_H
#define PACKER_JSON_LOCATE_H

#include <shared/arena.h>
#include <shared/slice.h>

#include <cjson/cJSON.h>

#include <stddef.h>

/* The line of an item, or of its name where it has one. text is what root was made of. */
size_t json_locate(struct shared_slice text, const cJSON *root, const cJSON *item);

/* The item at a path, or the last one on the way to it that is there. */
const cJSON *json_find(const cJSON *root, const char *path);

/* path extended by a member's name. NULL where memory is exhausted. */
char *json_path_member(struct shared_arena *arena, const char *path, const char *name);

/* path extended by a place in a list. NULL where memory is exhausted. */
char *json_path_element(struct shared_arena *arena, const char *path, size_t index);

#endif
