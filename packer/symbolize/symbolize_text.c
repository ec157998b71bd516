#include "symbolize/symbolize.h"

#include "image/printable.h"

#include <inttypes.h>
#include <string.h>

static int column_of(const struct crash_record *record)
{
    int widest = 0;
    for (size_t i = 0; i < record->frame_count; i++) {
        int width = (int)strlen(record->frames[i].text);
        if (record->frames[i].in_program && width > widest)
            widest = width;
    }
    return widest;
}

static void write_place(FILE *out, const struct debug_place *place, bool colour)
{
    fprintf(out, "%s%s%s", colour ? "\033[1m" : "", place->function ? place->function : "??",
            colour ? "\033[0m" : "");
    if (place->into)
        fprintf(out, "+0x%" PRIx64, place->into);
    if (place->file && place->line > 0)
        fprintf(out, " at %s:%d", place->file, place->line);
    else if (place->file)
        fprintf(out, " at %s", place->file);
}

/* What stands in the log is shown on a terminal: its control characters are not. */
static const char *shown_text(const char *text, struct shared_arena *arena)
{
    char *copy = shared_arena_copy(arena, shared_slice_from_text(text));
    if (copy)
        printable_clean(copy, strlen(copy));
    return copy;
}

int symbolize_text(FILE *out, const struct symbolize_crash *crash, bool colour, struct shared_arena *arena,
                   struct shared_error *err)
{
    const struct crash_record *record = crash->record;
    int width = column_of(record);
    for (size_t i = 0; i < record->frame_count && crash->file; i++) {
        const struct crash_frame *frame = &record->frames[i];
        struct debug_place *places;
        size_t count = 0;
        const char *text = shown_text(frame->text, arena);
        if (!text)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the frames of a crash");
        fprintf(out, "    %-*s", frame->in_program ? width : 0, text);
        if (frame->in_program &&
            debug_file_find(crash->file, frame->address, arena, &places, &count, err) < 0)
            return SHARED_ENOMEM;
        for (size_t j = 0; j < count; j++) {
            fputs(j ? " (inlined by " : "  ", out);
            write_place(out, &places[j], colour);
            fputs(j ? ")" : "", out);
        }
        fputc('\n', out);
    }
    return 0;
}
