/* lazy_report.h - what is said of a lazy value that an invocation made, or could not make. */
#ifndef SHARED_CHAIN_LAZY_REPORT_H
#define SHARED_CHAIN_LAZY_REPORT_H

#include <shared/lazy.h>
#include <shared/log.h>

/* The line of shared_lazy_use. log may be NULL; status and err are those of shared_lazy_get. */
void shared_lazy_log(const struct shared_lazy *lazy, const struct shared_lazy_making *making, int status,
                     const struct shared_error *err, const struct shared_log *log);

#endif
