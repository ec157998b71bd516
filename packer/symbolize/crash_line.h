/*
 * crash_line.h - the crashes that a line of a log tells of.
 *
 * A crash is a JSON object with a text "buildId" and a list "frames", as shared/crash.h writes it,
 * wherever it stands in a line: behind the time that "aws logs tail" puts before it, or as a text within
 * other JSON, as "aws logs filter-log-events" prints it.
 */
#ifndef PACKER_CRASH_LINE_H
#define PACKER_CRASH_LINE_H

#include <shared/arena.h>
#include <shared/error.h>
#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crash_frame {
    const char *text; /* as it stands in the line: "0x1a2b", "libc.so.6+0x27249", "0x1a2b?" */
    bool in_program;  /* address is one of the program's file */
    bool guessed;
    uint64_t address;
};

struct crash_record {
    const char *build_id; /* lower-case hexadecimal digits; may be empty */
    const char *message;  /* this and the next: NULL where there is none */
    const char *request_id;
    struct crash_frame *frames;
    size_t frame_count;
};

struct crash_records {
    struct crash_record *items;
    size_t count;
};

/* Finds the crashes of a line of any bytes, in order; everything lives in the arena. Fails with
 * SHARED_ENOMEM only. */
int crash_line_read(struct shared_slice line, struct shared_arena *arena, struct crash_records *records,
                    struct shared_error *err);

#endif
