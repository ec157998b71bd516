/* snapshot_shares.h - the last part of a snapshot's text: each symbol's share of the zip. */
#ifndef PACKER_SNAPSHOT_SHARES_H
#define PACKER_SNAPSHOT_SHARES_H

#include "snapshot/snapshot_line.h"

/* Reads the shares of all libraries, to the end; begun: the line that was read last is the first of them. */
int snapshot_shares_read(struct snapshot_line *line, bool begun, struct snapshot *snapshot);

#endif
