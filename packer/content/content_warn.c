#include "content/content_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void content_warn(void *user, const char *text)
{
    struct content_set *set = user;
    struct content_warning *warning = malloc(sizeof(*warning));
    if (!warning)
        return;
    snprintf(warning->text, sizeof(warning->text), "%s", text);
    warning->next = NULL;
    pthread_mutex_lock(&set->warn_lock);
    struct content_warning **end = &set->warnings;
    while (*end)
        end = &(*end)->next;
    *end = warning;
    pthread_mutex_unlock(&set->warn_lock);
}

void content_warn_all(struct content_set *set)
{
    pthread_mutex_lock(&set->warn_lock);
    struct content_warning *warning = set->warnings, *next;
    set->warnings = NULL;
    pthread_mutex_unlock(&set->warn_lock);
    for (; warning; warning = next) {
        next = warning->next;
        if (set->options.warn)
            set->options.warn(set->options.warn_user, warning->text);
        free(warning);
    }
}
