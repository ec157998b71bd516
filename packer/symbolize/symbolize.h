/* symbolize.h - a crash with the functions and lines of its frames, for people and for programs. */
#ifndef PACKER_SYMBOLIZE_H
#define PACKER_SYMBOLIZE_H

#include "symbolize/crash_line.h"
#include "symbolize/debug_file.h"

#include <stdbool.h>
#include <stdio.h>

struct symbolize_crash {
    const struct crash_record *record;
    struct debug_file *file; /* NULL: there is none */
    const char *path;        /* its path */
    unsigned long long line; /* of the log, from 1 */
};

/*
 * Writes a line for each frame, indented: "    0x1a2b  inner at f.c:12 (inlined by outer at f.c:40)".
 * Fails with SHARED_ENOMEM; arena is for what it needs meanwhile.
 */
int symbolize_text(FILE *out, const struct symbolize_crash *crash, bool colour, struct shared_arena *arena,
                   struct shared_error *err);

/* Writes one JSON object and a line's end. */
int symbolize_json(FILE *out, const struct symbolize_crash *crash, struct shared_arena *arena,
                   struct shared_error *err);

#endif
