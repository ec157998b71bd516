#include "metrics/metrics_member.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

void shared_metrics_refuse(struct shared_metrics *metrics, enum shared_error_code code, const char *name,
                           const char *reason)
{
    if (metrics->code != 0)
        return;
    metrics->code = code;
    snprintf(metrics->refused, sizeof(metrics->refused), "\"%.40s\": %s", name ? name : "", reason);
}

bool shared_metrics_takes(const char *text, size_t limit_bytes, bool ascii)
{
    size_t size = text ? strlen(text) : 0;
    bool blank = true;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == 0x7F || (ascii && c > 0x7F))
            return false;
        blank = blank && c == ' ';
    }
    return !blank && size <= limit_bytes && shared_utf8_valid(text, size);
}

struct shared_metrics_member *shared_metrics_find(const struct shared_metrics *metrics, const char *name,
                                                  enum shared_metrics_kind kind, bool *clashes)
{
    size_t size = strlen(name);
    *clashes = strcmp(name, "_aws") == 0;
    for (size_t i = 0; i < metrics->count; i++) {
        struct shared_metrics_member *member = &metrics->members[i];
        if (member->name_bytes == size && memcmp(member->name, name, size) == 0) {
            *clashes = member->kind != kind;
            return *clashes ? NULL : member;
        }
    }
    return NULL;
}

struct shared_metrics_member *shared_metrics_make(struct shared_metrics *metrics, const char *name,
                                                  enum shared_metrics_kind kind)
{
    size_t size = sizeof(*metrics->members);
    if (metrics->count == metrics->capacity) {
        size_t capacity = metrics->capacity ? metrics->capacity * 2 : 16;
        void *grown =
            shared_arena_resize(metrics->arena, metrics->members, metrics->count * size, capacity * size);
        if (grown) {
            metrics->members = grown;
            metrics->capacity = capacity;
        }
    }
    struct shared_slice text = shared_slice_from_text(name);
    char *copy = metrics->count < metrics->capacity ? shared_arena_copy(metrics->arena, text) : NULL;
    if (!copy) {
        shared_metrics_refuse(metrics, SHARED_ENOMEM, name, "memory is exhausted");
        return NULL;
    }
    struct shared_metrics_member *member = &metrics->members[metrics->count++];
    *member = (struct shared_metrics_member){
        .name = copy,
        .name_bytes = text.size_bytes,
        .kind = (uint8_t)kind,
    };
    return member;
}

void shared_metrics_set_text(struct shared_metrics *metrics, struct shared_metrics_member *member,
                             const char *text)
{
    char *copy = shared_arena_copy(metrics->arena, shared_slice_from_text(text));
    if (copy)
        member->text = copy;
    else
        shared_metrics_refuse(metrics, SHARED_ENOMEM, member->name, "memory is exhausted");
}
