#include "crash/crash_inner.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * /proc/self/maps (proc(5)) tells in one reading what nothing else does without a lock, an allocation or a
 * guess: how far the stack reaches, so that a frame pointer can be followed without a fault, and which
 * file's code an address is in. Where it cannot be read, frames end after the first.
 */
struct reader {
    int fd;
    bool ended;
    size_t at, size_bytes;
    char bytes[1024];
};

/* -1: the end. */
static int next_byte(struct reader *reader)
{
    if (reader->at == reader->size_bytes) {
        ssize_t got = reader->ended ? 0 : read(reader->fd, reader->bytes, sizeof(reader->bytes));
        reader->ended = got <= 0;
        if (reader->ended)
            return -1;
        reader->at = 0;
        reader->size_bytes = (size_t)got;
    }
    return (unsigned char)reader->bytes[reader->at++];
}

/* Reads digits and the byte behind them. */
static uintptr_t read_hex(struct reader *reader)
{
    uintptr_t value = 0;
    for (;;) {
        int c = next_byte(reader);
        if (c >= '0' && c <= '9')
            value = value << 4 | (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uintptr_t)(c - 'a' + 10);
        else
            return value;
    }
}

/* What follows the last slash, cut. */
static void read_name(struct reader *reader, char *name, size_t name_bytes)
{
    size_t size = 0;
    for (int c = next_byte(reader); c >= 0 && c != '\n'; c = next_byte(reader)) {
        if (c == '/')
            size = 0;
        else if (c != ' ' && size + 1 < name_bytes)
            name[size++] = (char)c;
    }
    name[size] = '\0';
}

struct mapping {
    uintptr_t start, end, offset;
    bool writable, executable;
    char name[sizeof(((struct shared_crash_module *)0)->name)];
};

/* "7f12-7f34 r-xp 00026000 fe:00 131 /lib/x.so": false at the end. */
static bool read_mapping(struct reader *reader, struct mapping *mapping)
{
    mapping->start = read_hex(reader);
    mapping->end = read_hex(reader);
    bool readable = next_byte(reader) == 'r';
    mapping->writable = next_byte(reader) == 'w' && readable;
    mapping->executable = next_byte(reader) == 'x' && readable;
    next_byte(reader);
    next_byte(reader);
    mapping->offset = read_hex(reader);
    read_hex(reader); /* the device: two numbers */
    read_hex(reader);
    int c = next_byte(reader);
    while (c >= '0' && c <= '9') /* the file's number */
        c = next_byte(reader);
    mapping->name[0] = '\0';
    if (c == ' ')
        read_name(reader, mapping->name, sizeof(mapping->name));
    return mapping->end > mapping->start;
}

static void add_module(struct shared_crash_maps *maps, const struct mapping *mapping, uintptr_t base)
{
    if (maps->module_count == SHARED_CRASH_MODULES)
        return;
    struct shared_crash_module *module = &maps->modules[maps->module_count++];
    module->start = mapping->start;
    module->end = mapping->end;
    module->base = base;
    memcpy(module->name, mapping->name, sizeof(module->name));
}

void shared_crash_maps(struct shared_crash_maps *maps, uintptr_t sp)
{
    struct reader reader = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    struct mapping mapping;
    uintptr_t base = 0;
    maps->stack_start = maps->stack_end = 0;
    maps->module_count = 0;
    while (reader.fd >= 0 && read_mapping(&reader, &mapping)) {
        if (mapping.offset == 0 || !mapping.name[0])
            base = mapping.start;
        if (mapping.executable)
            add_module(maps, &mapping, base);
        /* A stack that overflowed was left downwards: the first above is it. Not all can be read that says
         * so (the kernel's [vvar]), but what can be written can be. */
        if (mapping.writable && mapping.end > sp && !maps->stack_end) {
            maps->stack_start = mapping.start;
            maps->stack_end = mapping.end;
        }
    }
    if (reader.fd >= 0)
        close(reader.fd);
}

const struct shared_crash_module *shared_crash_module_at(const struct shared_crash_maps *maps,
                                                         uintptr_t address)
{
    for (size_t i = 0; i < maps->module_count; i++) {
        if (address >= maps->modules[i].start && address < maps->modules[i].end)
            return &maps->modules[i];
    }
    return NULL;
}
