/* Answers with as many bytes as the event says. */
#include <shared/runtime.h>

#include <string.h>

static int answer_large(const struct shared_context *context, struct shared_slice event,
                        struct shared_answer *answer, struct shared_error *err)
{
    unsigned long long size;
    if (!shared_slice_to_number(event, 1u << 30, &size))
        return shared_fail(err, SHARED_EINVAL, 0, "the event is not a number");
    char *text = shared_arena_alloc(context->arena, (size_t)size);
    if (!text)
        return shared_fail(err, SHARED_ENOMEM, 0, "%llu bytes", size);
    memset(text, 'x', (size_t)size);
    answer->body = shared_slice_of(text, (size_t)size);
    return 0;
}

int main(void)
{
    return shared_runtime_run(answer_large, NULL);
}
