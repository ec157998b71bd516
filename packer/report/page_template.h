/* page_template.h - the page without its data, made of packer/page by the build. */
#ifndef PACKER_PAGE_TEMPLATE_H
#define PACKER_PAGE_TEMPLATE_H

#include <stddef.h>

struct page_template {
    const unsigned char *before; /* what stands before the data */
    size_t before_bytes;         /* 0: demine was built without the page */
    const unsigned char *after;
    size_t after_bytes;
};

extern const struct page_template page_template;

#endif
