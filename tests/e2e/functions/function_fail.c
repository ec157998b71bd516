/* Fails in the way that the event names. */
#include <shared/runtime.h>

#include <string.h>

static const char *const frames[] = {"fail (function_fail.c:1)", "a \"quoted\" \\ frame",
                                     "\xFF\xFE not UTF-8"};

static bool is(struct shared_slice event, const char *text)
{
    return shared_slice_equal(event, shared_slice_from_text(text));
}

/* {"x":"aaa…"} of size_bytes. */
static const char *make_cause(struct shared_arena *arena, size_t size_bytes)
{
    char *text = shared_arena_alloc(arena, size_bytes + 1);
    if (!text)
        return NULL;
    memset(text, 'a', size_bytes);
    memcpy(text, "{\"x\":\"", 6);
    memcpy(text + size_bytes - 2, "\"}", 3);
    return text;
}

static const char *make_long(struct shared_arena *arena, size_t size_bytes)
{
    char *text = shared_arena_alloc(arena, size_bytes + 1);
    if (!text)
        return NULL;
    memset(text, 'm', size_bytes);
    text[size_bytes] = '\0';
    return text;
}

static void fill(struct shared_failure *failure, struct shared_slice event, struct shared_arena *arena)
{
    if (is(event, "type"))
        failure->type = "Function.OutOfStock";
    else if (is(event, "injection"))
        failure->type = "Function.Bad\r\nX-Injected: yes";
    else if (is(event, "long type"))
        failure->type = make_long(arena, 100000);
    else if (is(event, "stack"))
        failure->stack = frames, failure->stack_count = 3;
    else if (is(event, "message"))
        failure->message = shared_slice_of("of \0 its own\n\"\\\x01", 16);
    else if (is(event, "utf8"))
        failure->message = shared_slice_from_text("caf\xE9 \xC3\xA9 \xED\xA0\x80 \xF0\x9F\x98\x80 \xF0\x9F");
    else if (is(event, "long"))
        failure->message = shared_slice_from_text(make_long(arena, 1 << 20));
    else if (is(event, "cause"))
        failure->xray_cause = "{\"working_directory\":\"/var/task\",\"exceptions\":[]}";
    else if (is(event, "cause at limit"))
        failure->xray_cause = make_cause(arena, SHARED_XRAY_CAUSE_LIMIT_BYTES);
    else if (is(event, "cause over limit"))
        failure->xray_cause = make_cause(arena, SHARED_XRAY_CAUSE_LIMIT_BYTES + 1);
    else if (is(event, "cause of two lines"))
        failure->xray_cause = "{\r\nX-Injected: yes\r\n}";
}

static int fail(const struct shared_context *context, struct shared_slice event, struct shared_answer *answer,
                struct shared_error *err)
{
    fill(&answer->failure, event, context->arena);
    answer->body = shared_slice_from_text("not to be sent");
    if (is(event, "code alone"))
        return SHARED_EIO;
    if (is(event, "code of its own"))
        return -4711;
    if (is(event, "long content type"))
        answer->content_type = make_long(context->arena, 100000);
    if (is(event, "succeeds") || answer->content_type)
        return 0;
    return shared_fail(err, SHARED_ENOTFOUND, is(event, "errno") ? 2 : 0, "no title \"%s\"", "tt0017136");
}

int main(void)
{
    return shared_runtime_run(fail, NULL);
}
