/* segment_id.h - the ids of segments and exceptions. */
#ifndef SHARED_SEGMENT_ID_H
#define SHARED_SEGMENT_ID_H

#include <shared/trace.h>

/* 16 hexadecimal digits that nobody has drawn before, and a NUL. */
void shared_segment_id(char id[17]);

#endif
