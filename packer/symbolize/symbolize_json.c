#include "symbolize/symbolize.h"

#include "base/cleanup.h"

#include <cjson/cJSON.h>

static void end_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static int no_memory(struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the frames of a crash");
}

static bool add_text(cJSON *object, const char *name, const char *text)
{
    return text ? cJSON_AddStringToObject(object, name, text) != NULL
                : cJSON_AddNullToObject(object, name) != NULL;
}

static bool add_place(cJSON *list, const struct debug_place *place)
{
    cJSON *object = cJSON_CreateObject();
    if (!object || !cJSON_AddItemToArray(list, object))
        return false;
    if (!add_text(object, "function", place->function) || !add_text(object, "file", place->file))
        return false;
    return cJSON_AddNumberToObject(object, "line", place->line > 0 ? place->line : 0) != NULL;
}

static int add_frame(cJSON *list, const struct crash_frame *frame, struct debug_file *file,
                     struct shared_arena *arena, struct shared_error *err)
{
    struct debug_place *places = NULL;
    size_t count = 0;
    cJSON *object = cJSON_CreateObject();
    cJSON *found = object && cJSON_AddItemToArray(list, object) && add_text(object, "frame", frame->text) &&
                           cJSON_AddBoolToObject(object, "guessed", frame->guessed)
                       ? cJSON_AddArrayToObject(object, "places")
                       : NULL;
    if (!found)
        return no_memory(err);
    if (file && frame->in_program && debug_file_find(file, frame->address, arena, &places, &count, err) < 0)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (!add_place(found, &places[i]))
            return no_memory(err);
    }
    return 0;
}

int symbolize_json(FILE *out, const struct symbolize_crash *crash, struct shared_arena *arena,
                   struct shared_error *err)
{
    const struct crash_record *record = crash->record;
    CLEANUP(end_json) cJSON *json = cJSON_CreateObject();
    bool made = json && cJSON_AddNumberToObject(json, "line", (double)crash->line) &&
                add_text(json, "request_id", record->request_id) &&
                add_text(json, "message", record->message) && add_text(json, "build_id", record->build_id) &&
                add_text(json, "debug", crash->path);
    cJSON *frames = made ? cJSON_AddArrayToObject(json, "frames") : NULL;
    int status = frames ? 0 : no_memory(err);
    for (size_t i = 0; status == 0 && i < record->frame_count; i++)
        status = add_frame(frames, &record->frames[i], crash->file, arena, err);
    if (status < 0)
        return status;
    CLEANUP_FREE char *text = cJSON_PrintUnformatted(json);
    if (!text)
        return no_memory(err);
    fprintf(out, "%s\n", text);
    return 0;
}
