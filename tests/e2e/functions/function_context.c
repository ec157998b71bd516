/* Answers with its context as JSON, and with what the options gave it. */
#include <shared/runtime.h>

#include <cjson/cJSON.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct state {
    int inits, invocations;
};

static int init(void *user, struct shared_error *err)
{
    struct state *state = user;
    (void)err;
    state->inits++;
    return 0;
}

static void add(cJSON *json, const char *name, const char *value)
{
    if (value)
        cJSON_AddStringToObject(json, name, value);
    else
        cJSON_AddNullToObject(json, name);
}

static cJSON *describe(const struct shared_context *context, struct shared_slice event)
{
    const struct state *state = context->user;
    cJSON *json = cJSON_CreateObject();
    add(json, "requestId", context->request_id);
    add(json, "arn", context->function_arn);
    add(json, "traceId", context->trace_id);
    add(json, "clientContext", context->client_context);
    add(json, "cognitoIdentity", context->cognito_identity);
    add(json, "tenantId", context->tenant_id);
    add(json, "invocationId", context->invocation_id);
    add(json, "environment", getenv("_X_AMZN_TRACE_ID"));
    cJSON_AddBoolToObject(json, "hasDeadline", context->deadline_ms != INT64_MAX);
    cJSON_AddNumberToObject(json, "deadlineMs",
                            context->deadline_ms == INT64_MAX ? 0 : (double)context->deadline_ms);
    cJSON_AddBoolToObject(json, "timeLeft", shared_context_remaining_ms(context) > 0);
    cJSON_AddNumberToObject(json, "inits", state->inits);
    cJSON_AddNumberToObject(json, "invocations", state->invocations);
    cJSON_AddNumberToObject(json, "eventBytes", (double)event.size_bytes);
    return json;
}

static int answer_context(const struct shared_context *context, struct shared_slice event,
                          struct shared_answer *answer, struct shared_error *err)
{
    ((struct state *)context->user)->invocations++;
    cJSON *json = describe(context, event);
    char *text = cJSON_PrintUnformatted(json);
    char *copy = text ? shared_arena_copy(context->arena, shared_slice_from_text(text)) : NULL;
    free(text);
    cJSON_Delete(json);
    if (!copy)
        return shared_fail(err, SHARED_ENOMEM, 0, "describe the context");
    answer->body = shared_slice_from_text(copy);
    answer->content_type = "application/vnd.test+json";
    return 0;
}

/* Marks its lines, so that a test sees that they came this way. */
static void report(const struct shared_error *problem)
{
    char line[SHARED_ERROR_TEXT_BYTES + 32] = "told: ";
    strcat(strcat(line, problem->text), "\n");
    if (write(STDERR_FILENO, line, strlen(line)) < 0)
        abort();
}

static int resolve(const char *host, uint32_t *address, struct shared_error *err)
{
    if (strcmp(host, "runtime.internal") != 0)
        return shared_fail(err, SHARED_ENOTFOUND, 0, "nobody is called %s", host);
    *address = htonl(INADDR_LOOPBACK);
    return 0;
}

int main(void)
{
    struct state state = {0};
    const struct shared_runtime_options options = {
        .init = init, .user = &state, .report = report, .resolve = resolve};
    return shared_runtime_run(answer_context, &options);
}
