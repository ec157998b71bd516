/* log_report.h - the runtime's own troubles as lines of the log. */
#ifndef SHARED_LOG_REPORT_H
#define SHARED_LOG_REPORT_H

#include <shared/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a WARN line with the problem's text and code: for options.report of shared_runtime_run. Any thread.
 */
void shared_log_report(const struct shared_error *problem);

#ifdef __cplusplus
}
#endif

#endif
