#include "runtime/runtime_loop.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define FIRST_DELAY_MS 10
#define LAST_DELAY_MS 1000

void shared_runtime_report(const struct shared_runtime_loop *loop, const struct shared_error *problem)
{
    if (loop->options->report)
        loop->options->report(problem);
    else
        dprintf(STDERR_FILENO, "runtime: %s\n", problem->text);
}

void shared_runtime_pause(int *delay_ms)
{
    *delay_ms = *delay_ms ? *delay_ms * 2 : FIRST_DELAY_MS;
    if (*delay_ms > LAST_DELAY_MS)
        *delay_ms = LAST_DELAY_MS;
    poll(NULL, 0, *delay_ms);
}
