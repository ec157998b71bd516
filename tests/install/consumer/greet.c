/* greet.c - a function of a project that has libshared installed: greets by the words of its asset. */
#include <shared/runtime.h>

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static char greeting[64];

static int read_greeting(void *user, struct shared_error *err)
{
    (void)user;
    char path[4096];
    const char *root = getenv("LAMBDA_TASK_ROOT");
    snprintf(path, sizeof(path), "%s/share/greeting.txt", root ? root : ".");
    FILE *file = fopen(path, "r");
    if (!file || !fgets(greeting, sizeof(greeting), file))
        return shared_fail(err, SHARED_ENOTFOUND, 0, "read %s", path);
    fclose(file);
    return 0;
}

static int greet(const struct shared_context *context, struct shared_slice event,
                 struct shared_answer *answer, struct shared_error *err)
{
    cJSON *request = cJSON_ParseWithLength(event.data, event.size_bytes);
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(request, "name"));
    cJSON *reply = cJSON_CreateObject();
    char *words = shared_arena_format(context->arena, "%s, %s", greeting, name ? name : "stranger");
    cJSON_AddStringToObject(reply, "greeting", words);
    char *text = cJSON_PrintUnformatted(reply);
    answer->body =
        shared_slice_from_text(text ? shared_arena_copy(context->arena, shared_slice_from_text(text)) : NULL);
    cJSON_free(text);
    cJSON_Delete(reply);
    cJSON_Delete(request);
    return answer->body.data ? 0 : shared_fail(err, SHARED_ENOMEM, 0, "greet");
}

int main(void)
{
    struct shared_runtime_options options = {.init = read_greeting};
    return shared_runtime_run(greet, &options);
}
