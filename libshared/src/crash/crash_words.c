#include "crash/crash_inner.h"

#include "base/timestamp.h"
#include "json/json_write.h"

#include <signal.h>
#include <string.h>

/* Of texts that may have any length as much is taken as leaves room for all else in the line, however it
 * is escaped. */
#define TEXT_LIMIT_BYTES 120
#define LINE_END "]}\n"

static const struct {
    unsigned char signal;
    char name[8];
} names[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"},
    {SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"},
};

static const char *signal_name(int signal)
{
    size_t i = sizeof(names) / sizeof(*names) - 1;
    while (i > 0 && names[i].signal != signal)
        i--;
    return names[i].name;
}

static void append_digit(struct shared_buffer *buffer, uintptr_t digit)
{
    shared_buffer_append(buffer, &"0123456789abcdef"[digit & 15], 1);
}

void shared_crash_append_hex(struct shared_buffer *buffer, uintptr_t value)
{
    int shift = 8 * (int)sizeof(value) - 4;
    while (shift > 0 && value >> shift == 0)
        shift -= 4;
    shared_buffer_append_text(buffer, "0x");
    for (; shift >= 0; shift -= 4)
        append_digit(buffer, value >> shift);
}

static void append_build_id(struct shared_buffer *line, struct shared_slice id)
{
    for (size_t i = 0; i < id.size_bytes && i < TEXT_LIMIT_BYTES; i++) {
        append_digit(line, (unsigned char)id.data[i] >> 4);
        append_digit(line, (unsigned char)id.data[i]);
    }
}

static struct shared_slice cut(const char *text)
{
    return shared_slice_of(text, strnlen(text, TEXT_LIMIT_BYTES));
}

/* Of a path the end tells most. */
static struct shared_slice cut_path(const char *path)
{
    size_t size = strlen(path), left_out = size > TEXT_LIMIT_BYTES ? size - TEXT_LIMIT_BYTES : 0;
    return shared_slice_of(path + left_out, size - left_out);
}

/* Appends a JSON string without its quotes. */
static void append_escaped(struct shared_buffer *buffer, struct shared_slice text)
{
    size_t before = buffer->size_bytes;
    shared_json_write_string(buffer, text);
    if (buffer->failed)
        return;
    buffer->size_bytes -= 2;
    memmove(buffer->data + before, buffer->data + before + 1, buffer->size_bytes - before);
}

/* A fault right below the stack, within the gap that the kernel and libc leave there, by a stack pointer
 * near it. */
static bool has_overflowed(const struct shared_crash *crash, const struct shared_crash_maps *maps)
{
    static const uintptr_t gap = 1 << 20, reach = 64 << 10;
    return crash->signal == SIGSEGV && crash->has_address && crash->address < maps->stack_start &&
           maps->stack_start - crash->address <= gap && crash->address + reach >= crash->sp;
}

static void append_message(struct shared_buffer *buffer, const struct shared_crash *crash, bool overflowed)
{
    shared_buffer_append_text(buffer, "\"crash: ");
    if (crash->condition) {
        append_escaped(buffer, cut(crash->condition));
        shared_buffer_append_text(buffer, " does not hold, ");
        append_escaped(buffer, cut_path(crash->file));
        shared_buffer_append_text(buffer, ":");
        shared_json_write_decimal(buffer, crash->line, 0);
    } else {
        shared_buffer_append_text(buffer, signal_name(crash->signal));
    }
    if (crash->has_address) {
        shared_buffer_append_text(buffer, " at ");
        shared_crash_append_hex(buffer, crash->address);
    }
    shared_buffer_append_text(buffer, overflowed ? ", the stack overflowed\"" : "\"");
}

/* "0x1a2b" in the program, "libc.so.6+0x1a2b" elsewhere, "?" behind what is no more than likely. */
static void append_frame(struct shared_buffer *buffer, const struct shared_crash_frame *frame,
                         const struct shared_crash_program *program, const struct shared_crash_maps *maps)
{
    const struct shared_crash_module *module = shared_crash_module_at(maps, frame->address);
    bool own = frame->address >= program->code_start && frame->address < program->code_end;
    shared_buffer_append_text(buffer, buffer->size_bytes ? ",\"" : "\"");
    if (!own) {
        append_escaped(buffer, shared_slice_from_text(module && module->name[0] ? module->name : "?"));
        shared_buffer_append_text(buffer, "+");
    }
    shared_crash_append_hex(buffer, frame->address - (own ? program->base : module ? module->base : 0));
    shared_buffer_append_text(buffer, frame->guessed ? "?\"" : "\"");
}

static void append_line(struct shared_buffer *line, const struct shared_crash *crash,
                        const struct shared_crash_words *words, const struct shared_crash_program *program,
                        const struct shared_crash_invocation *invocation)
{
    char time[SHARED_TIMESTAMP_BYTES];
    shared_timestamp_write(time);
    shared_buffer_append_text(line, "{\"level\":\"FATAL\",\"timestamp\":\"");
    shared_buffer_append(line, time, sizeof(time));
    shared_buffer_append_text(line, "\",\"message\":");
    shared_buffer_append(line, words->message.data, words->message.size_bytes);
    if (invocation) {
        shared_buffer_append_text(line, ",\"requestId\":");
        shared_json_write_string(line, cut(invocation->request_id));
    }
    shared_json_write_member(line, "signal", signal_name(crash->signal));
    if (crash->has_address) {
        shared_buffer_append_text(line, ",\"address\":\"");
        shared_crash_append_hex(line, crash->address);
        shared_buffer_append_text(line, "\"");
    }
    shared_buffer_append_text(line, ",\"buildId\":\"");
    append_build_id(line, program->build_id);
    shared_buffer_append_text(line, "\",\"frames\":[");
}

/* The frames come last: as many as there is room for. */
void shared_crash_words_make(struct shared_crash_words *words, const struct shared_crash *crash, bool plainly)
{
    static struct shared_crash_maps maps;
    static char message_bytes[SHARED_CRASH_LINE_BYTES], line_bytes[SHARED_CRASH_LINE_BYTES];
    struct shared_buffer message = {.data = message_bytes, .capacity_bytes = sizeof(message_bytes)};
    struct shared_buffer line = {.data = line_bytes, .capacity_bytes = sizeof(line_bytes)};
    struct shared_crash_frame frames[SHARED_CRASH_FRAMES];
    const struct shared_crash_program program = shared_crash_program();
    size_t count = 0;
    if (!plainly) {
        shared_crash_maps(&maps, crash->sp);
        count = shared_crash_frames(crash, &program, &maps, frames);
    }
    append_message(&message, crash, !plainly && has_overflowed(crash, &maps));
    words->message = shared_slice_of(message.data, message.size_bytes);
    append_line(&line, crash, words, &program, plainly ? NULL : shared_crash_invocation());

    struct shared_buffer list = {.data = line.data + line.size_bytes,
                                 .capacity_bytes = sizeof(line_bytes) - line.size_bytes - strlen(LINE_END)};
    for (size_t i = 0; i < count && !list.failed; i++) {
        size_t before = list.size_bytes;
        append_frame(&list, &frames[i], &program, &maps);
        if (list.failed)
            list.size_bytes = before;
    }
    words->frames = shared_slice_of(list.data, list.size_bytes);
    line.size_bytes += list.size_bytes;
    shared_buffer_append_text(&line, LINE_END);
    words->line = shared_slice_of(line.data, line.size_bytes);
}
