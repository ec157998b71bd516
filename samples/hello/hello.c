/* hello.c - a generic function in ten lines: any event in, {"hello": that event} out. */
#include <shared/runtime.h>

static int hello(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    const char *text =
        shared_arena_format(context->arena, "{\"hello\":%.*s}", (int)event.size_bytes, event.data);
    answer->body = shared_slice_from_text(text);
    return text ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "greet");
}

int main(void)
{
    return shared_runtime_run(hello, NULL);
}
