/* project_graph.h - the graphs of a project, kept from run to run. */
#ifndef PACKER_PROJECT_GRAPH_H
#define PACKER_PROJECT_GRAPH_H

#include "project.h"

/*
 * Fills the graph of the function at a place; for a project that project_open did not open, too. zip: with the parts'
 * shares of the zip, which take longest; without, they may be there.
 */
int project_read_graph(struct project *project, size_t function, bool zip, struct shared_error *err);

/* Fills project->graphs. */
int project_read_graphs(struct project *project, struct shared_error *err);

#endif
