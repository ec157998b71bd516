/* e2e_check.h - what the tests of the runtime have in common: a function is played to and must keep to the
 * API. */
#ifndef E2E_CHECK_H
#define E2E_CHECK_H

#include "emulator.h"

#include <check.h>

#include <stdlib.h>

/* How most scenarios end: Lambda says that it cannot go on, and the program leaves by itself, sanitizers and
 * all. */
#define E2E_END "\nnext status=500\nexit 1\n"

static const char *e2e_folder; /* where the function programs lie */

/* Plays to the function NAME. Options may be NULL; their argv is set. */
static inline bool e2e_play(const char *name, const struct emulator_options *options, const char *scenario,
                            struct emulator_run *run)
{
    char path[4096];
    char *argv[] = {path, NULL};
    struct emulator_options own = options ? *options : (struct emulator_options){0};
    own.argv = argv;
    snprintf(path, sizeof(path), "%s/%s", e2e_folder, name);
    bool played = CHECK_NUMBER(emulator_play(&own, scenario, run), 0);
    bool conforms = CHECK_TEXT(run->violations, "");
    if (!played || !conforms)
        fprintf(stderr, "    %s\n%s    it said:\n%s", run->problem, run->violations,
                run->standard_error ? run->standard_error : "");
    return played && conforms;
}

static inline struct shared_slice e2e_body(const struct emulator_run *run, enum emulator_kind kind, size_t n)
{
    const struct emulator_request *request = emulator_request(run, kind, n);
    return request ? shared_slice_of(request->body, request->body_bytes) : shared_slice_from_text(NULL);
}

static inline const char *e2e_said(const struct emulator_run *run)
{
    return run->standard_error ? run->standard_error : "";
}

static inline int e2e_lines(const struct emulator_run *run)
{
    int lines = 0;
    for (const char *c = e2e_said(run); *c; c++)
        lines += *c == '\n';
    return lines;
}

static inline void e2e_main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER_OF_FUNCTIONS\n", argv[0]);
        exit(2);
    }
    e2e_folder = argv[1];
}

#endif
