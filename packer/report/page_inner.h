/* page_inner.h - what the files that write a page have in common. */
#ifndef PACKER_PAGE_INNER_H
#define PACKER_PAGE_INNER_H

#include "report/page_texts.h"
#include "report/report_html.h"

/* What writes the data of a page needs at hand. */
struct page_run {
    struct json_out json;
    struct page_texts texts;
    const struct report_page *page;
    struct shared_arena *arena;
    struct shared_error *err;
};

/* One element of "functions". */
int page_write_function(struct page_run *run, const struct report_page_function *function);

/* "against" and "history", where there are any. */
int page_write_history(struct page_run *run);

#endif
