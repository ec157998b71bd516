#include "emulator_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void emulator_run_clean_up(struct emulator_run *run)
{
    for (size_t i = 0; i < run->request_count; i++)
        emulator_request_clean_up(&run->requests[i]);
    free(run->requests);
    free(run->standard_error);
    *run = (struct emulator_run){0};
}

const struct emulator_request *emulator_request(const struct emulator_run *run, enum emulator_kind kind,
                                                size_t n)
{
    for (size_t i = 0; i < run->request_count; i++) {
        if (run->requests[i].kind == kind && n-- == 0)
            return &run->requests[i];
    }
    return NULL;
}

/* ["0000001,0000002,…"]: numbers of ten bytes, so that 64 KiB hold no two the same. */
void emulator_pattern(char *bytes, size_t size_bytes)
{
    char word[32];
    for (size_t at = 0, n = 1; at < size_bytes; at += 10, n++) {
        snprintf(word, sizeof(word), "%09zu,", n);
        memcpy(bytes + at, word, size_bytes - at < 10 ? size_bytes - at : 10);
    }
    if (size_bytes >= 4) {
        memcpy(bytes, "[\"", 2);
        memcpy(bytes + size_bytes - 2, "\"]", 2);
    }
}
