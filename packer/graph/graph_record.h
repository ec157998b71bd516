/*
 * graph_record.h - a graph kept in a file of the state folder, so that an unchanged program is not read again.
 *
 * The file is of this machine and this version of demine: its fields as they lie in memory, behind a header. One that
 * is of another version, for another key or damaged is as good as none.
 */
#ifndef PACKER_GRAPH_RECORD_H
#define PACKER_GRAPH_RECORD_H

#include "base/hash.h"
#include "graph/graph.h"

/* Loads a graph into the arena; key is a hash of all that it was made of. Returns 1 where there is one for the key, 0 where there is none that is good;
 * SHARED_ENOMEM. */
int graph_record_load(const char *path, const struct hash *key, struct shared_arena *arena,
                      struct graph *graph, struct shared_error *err);

/* Whether all places in a graph are in it, each chain of parents ends at the root, and there are that many edges: then
 * whoever walks it comes to an end. SHARED_ENOMEM. */
int graph_check(const struct graph *graph, uint64_t edge_count, bool *sound, struct shared_error *err);

/* Writes it, whole or not at all. */
int graph_record_save(const char *path, const struct hash *key, const struct graph *graph,
                      struct shared_error *err);

#endif
