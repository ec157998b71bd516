/*
 * crash_inner.h - what the parts of the last words share.
 *
 * Everything here runs in a signal handler of a program whose memory may be damaged: no allocation, no
 * lock, no function that is not async-signal-safe (signal-safety(7)) or of this library and as pure as
 * that.
 */
#ifndef SHARED_CRASH_INNER_H
#define SHARED_CRASH_INNER_H

#include "base/buffer.h"

#include <shared/crash.h>
#include <shared/slice.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines up to this size are one piece of a pipe, whoever else writes (POSIX, PIPE_BUF). */
#define SHARED_CRASH_LINE_BYTES 4096

/* Executable mappings that are known by their file; those of a program with more libraries are left out. */
#define SHARED_CRASH_MODULES 32

/* Why and where a program dies. */
struct shared_crash {
    int signal;
    bool has_address;
    uintptr_t address;
    const char *condition; /* that did not hold; NULL: a signal */
    const char *file;
    int line;
    bool called;              /* pc is where a call returns to */
    uintptr_t pc, sp, fp, lr; /* lr: 0 where the processor has none */
};

/* The invocation of a thread. */
struct shared_crash_invocation {
    const char *request_id;
    const char *invocation_id; /* NULL: none */
};

extern _Thread_local const struct shared_crash_invocation *shared_crash_current
    __attribute__((tls_model("initial-exec")));

/* For threads that a handler started: the last invocation that began and has not ended, and how many are
 * under way. */
extern const struct shared_crash_invocation *_Atomic shared_crash_latest;
extern atomic_int shared_crash_under_way;

/* Whether there has been an invocation: until then a crash is one of init. */
extern atomic_bool shared_crash_served;

/* The invocation that dies with this thread; NULL where that is not known. */
const struct shared_crash_invocation *shared_crash_invocation(void);

/* Gives the calling thread a stack for signal handlers, once. */
int shared_crash_stack(struct shared_error *err);

/* The running program's file: where it was loaded, its code, its build id. */
struct shared_crash_program {
    uintptr_t base; /* an address less this is the file's own */
    uintptr_t code_start, code_end;
    struct shared_slice build_id; /* empty: none, or not filled in */
};

struct shared_crash_program shared_crash_program(void);

/* Code of one file. */
struct shared_crash_module {
    uintptr_t start, end, base;
    char name[48];
};

/* What is mapped: the stack that sp is on, or has just left, and who has code. */
struct shared_crash_maps {
    uintptr_t stack_start, stack_end; /* 0: not known */
    struct shared_crash_module modules[SHARED_CRASH_MODULES];
    size_t module_count;
};

void shared_crash_maps(struct shared_crash_maps *maps, uintptr_t sp);

/* NULL where no module has the address. */
const struct shared_crash_module *shared_crash_module_at(const struct shared_crash_maps *maps,
                                                         uintptr_t address);

struct shared_crash_frame {
    uintptr_t address; /* within the instruction, where it called */
    bool guessed;      /* a return address that lay on the stack; nothing says that it is a caller's */
};

size_t shared_crash_frames(const struct shared_crash *crash, const struct shared_crash_program *program,
                           const struct shared_crash_maps *maps, struct shared_crash_frame *frames);

/* What is said of a crash: parts of JSON, and the whole line. Static storage, for the one thread that
 * dies. */
struct shared_crash_words {
    struct shared_slice message; /* a string with its quotes */
    struct shared_slice frames;  /* strings, with commas between */
    struct shared_slice line;
};

/* plainly: of crash alone, whatever else there is. */
void shared_crash_words_make(struct shared_crash_words *words, const struct shared_crash *crash,
                             bool plainly);

void shared_crash_append_hex(struct shared_buffer *buffer, uintptr_t value);

/* Set by shared_crash_install: tells Lambda. */
extern void (*_Atomic shared_crash_tell)(const struct shared_crash_words *words);
void shared_crash_post(const struct shared_crash_words *words);

/* Reads AWS_LAMBDA_RUNTIME_API for shared_crash_post; where it is not there or needs a resolver, nobody is
 * told. */
void shared_crash_post_prepare(void);

/*
 * Says its last words and has the process die of the signal. Where another thread does so already it waits for
 * that; where this very one does, it says less. Returns only where the signal is blocked, or is not deadly to
 * the first process of a container.
 */
void shared_crash_report(const struct shared_crash *crash);

#endif
