#include "report/page_template.h"

const struct page_template page_template = {NULL, 0, NULL, 0};
