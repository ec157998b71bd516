/* report_advice.h - what would make the programs smaller, as text for a person or as JSON. */
#ifndef PACKER_REPORT_ADVICE_H
#define PACKER_REPORT_ADVICE_H

#include "advice/advice.h"

#include <stdio.h>

/* The first top of them; 0: all. */
int report_advice_text(FILE *out, const struct advices *advices, size_t top, bool colour,
                       struct shared_arena *arena, struct shared_error *err);

/* All. Whether writing failed is the stream's to say. */
void report_advice_json(FILE *out, const struct advices *advices, struct shared_arena *arena);

#endif
