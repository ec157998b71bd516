/* Any bytes as a log: cut into lines, whose crashes are read and looked up in a program. */
#include "fuzz_target.h"

#include "symbolize/crash_line.h"
#include "symbolize/symbolize.h"

#include <string.h>

static void check_record(const struct crash_record *record)
{
    FUZZ_PROMISE(record->build_id && strlen(record->build_id) % 2 == 0);
    FUZZ_PROMISE(record->build_id[strspn(record->build_id, "0123456789abcdef")] == '\0');
    for (size_t i = 0; i < record->frame_count; i++) {
        FUZZ_PROMISE(record->frames[i].text != NULL);
        FUZZ_PROMISE(record->frames[i].in_program == !strchr(record->frames[i].text, '+'));
    }
}

/* This very program has debugging information; it is opened once. */
static struct debug_file *own_file(void)
{
    static struct debug_file *file;
    if (!file)
        FUZZ_PROMISE(debug_file_open("/proc/self/exe", &file, NULL) == 0);
    return file;
}

static void check_line(struct shared_slice line)
{
    struct shared_arena arena = {0};
    struct crash_records records;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    FUZZ_PROMISE(out != NULL);
    FUZZ_PROMISE(crash_line_read(line, &arena, &records, NULL) == 0);
    for (size_t i = 0; i < records.count; i++) {
        const struct symbolize_crash crash = {.record = &records.items[i], .file = own_file(), .line = 1};
        check_record(crash.record);
        FUZZ_PROMISE(symbolize_text(out, &crash, false, &arena, NULL) == 0);
        FUZZ_PROMISE(symbolize_json(out, &crash, &arena, NULL) == 0);
    }
    fclose(out);
    for (size_t i = 0; i < size; i++)
        FUZZ_PROMISE((unsigned char)text[i] >= ' ' || text[i] == '\n');
    free(text);
    shared_arena_clean_up(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shared_slice rest = shared_slice_of(data, size);
    while (rest.data)
        check_line(shared_slice_split(&rest, '\n'));
    return 0;
}
