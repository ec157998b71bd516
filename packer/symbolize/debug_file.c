#include "symbolize/debug_file.h"

#include "base/cleanup.h"
#include "image/printable.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct debug_file {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Dwarf_Addr bias; /* of addresses that libdwfl has given the module */
};

/* Places of one address, as they are found. */
struct finder {
    struct shared_arena *arena;
    struct debug_place *places;
    size_t count;
    bool out_of_memory;
};

/* libdwfl's own looks into /usr/lib/debug and asks servers (debuginfod). */
static int find_nothing(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                        const char *file_name, const char *link, GElf_Word check, char **found)
{
    (void)module, (void)user, (void)name, (void)base, (void)file_name, (void)link, (void)check, (void)found;
    return -1;
}

int debug_file_open(const char *path, struct debug_file **file, struct shared_error *err)
{
    static const Dwfl_Callbacks callbacks = {.find_debuginfo = find_nothing,
                                             .section_address = dwfl_offline_section_address};
    struct debug_file opened = {.dwfl = dwfl_begin(&callbacks)};
    int fd = opened.dwfl ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (!opened.dwfl)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
    int status = 0;
    if (fd < 0) {
        status = shared_fail(err, SHARED_EIO, errno, "open %s", path);
    } else if (!(opened.module = dwfl_report_offline(opened.dwfl, path, path, fd))) {
        close(fd);
        status = shared_fail(err, SHARED_EPROTO, 0, "%s is not a program: %s", path, dwfl_errmsg(-1));
    } else if (dwfl_report_end(opened.dwfl, NULL, NULL) != 0 ||
               !dwfl_module_getelf(opened.module, &opened.bias)) {
        status = shared_fail(err, SHARED_EPROTO, 0, "%s cannot be read: %s", path, dwfl_errmsg(-1));
    }
    *file = status == 0 ? malloc(sizeof(**file)) : NULL;
    if (*file) {
        **file = opened;
        return 0;
    }
    dwfl_end(opened.dwfl);
    return status < 0 ? status : shared_fail(err, SHARED_ENOMEM, 0, "no memory to read %s", path);
}

void debug_file_close(struct debug_file *file)
{
    if (file)
        dwfl_end(file->dwfl);
    free(file);
}

static const char *copy_name(struct finder *finder, const char *name)
{
    char *copy = name ? shared_arena_copy(finder->arena, shared_slice_from_text(name)) : NULL;
    finder->out_of_memory |= name && !copy;
    if (copy)
        printable_clean(copy, strlen(copy));
    return copy;
}

static void add(struct finder *finder, const char *function, const char *file, int line, uint64_t into)
{
    size_t size = sizeof(*finder->places);
    struct debug_place *places =
        shared_arena_resize(finder->arena, finder->places, finder->count * size, (finder->count + 1) * size);
    if (!places) {
        finder->out_of_memory = true;
        return;
    }
    finder->places = places;
    places[finder->count++] =
        (struct debug_place){copy_name(finder, function), copy_name(finder, file), file ? line : 0, into};
}

/* The compilation unit of an address. Compilers that write no .debug_aranges (clang) leave no shorter way
 * than to ask each unit. */
static Dwarf_Die *find_unit(struct debug_file *file, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(file->module, address, bias);
    if (unit)
        return unit;
    while ((unit = dwfl_module_nextcu(file->module, unit, bias)) != NULL) {
        if (dwarf_haspc(unit, address - *bias) > 0)
            return unit;
    }
    return NULL;
}

static bool is_function(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_inlined_subroutine || dwarf_tag(die) == DW_TAG_subprogram;
}

/* -1: it has none. */
static int number_of(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;
    Dwarf_Word value;
    return dwarf_formudata(dwarf_attr(die, attribute, &found), &value) == 0 && value <= INT32_MAX ? (int)value
                                                                                                  : -1;
}

/* libdw calls the file 0 of DWARF before version 5, which is none, "???". */
static const char *call_file(Dwarf_Die *die, Dwarf_Files *files)
{
    int index = number_of(die, DW_AT_call_file);
    const char *name = files && index >= 0 ? dwarf_filesrc(files, (size_t)index, NULL, NULL) : NULL;
    return name && strcmp(name, "???") != 0 ? name : NULL;
}

/* The innermost scope of an address, then those around it; the caller frees *scopes. Scopes of
 * dwarf_getscopes go on with where an inlined function was written, not with where it was inlined to: its
 * parents have to be asked for. */
static int scopes_around(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
    CLEANUP_FREE Dwarf_Die *innermost = NULL;
    if (dwarf_getscopes(unit, address, &innermost) <= 0)
        return 0;
    return dwarf_getscopes_die(&innermost[0], scopes);
}

/* Where each function was called from stands with the function that was inlined there. */
static void add_functions(struct finder *finder, Dwarf_Die *unit, Dwarf_Addr address, const char *file,
                          int line)
{
    CLEANUP_FREE Dwarf_Die *scopes = NULL;
    Dwarf_Files *files = NULL;
    int count = scopes_around(unit, address, &scopes);
    if (dwarf_getsrcfiles(unit, &files, NULL) != 0)
        files = NULL;
    for (int i = 0; i < count; i++) {
        if (!is_function(&scopes[i]))
            continue;
        add(finder, dwarf_diename(&scopes[i]), file, line, 0);
        if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
            break;
        file = call_file(&scopes[i], files);
        line = number_of(&scopes[i], DW_AT_call_line);
    }
}

/* What has no debugging information may have a symbol: libraries, code in assembler. */
static void add_symbol(struct debug_file *file, struct finder *finder, Dwarf_Addr address, const char *source,
                       int line)
{
    GElf_Off into = 0;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(file->module, address, &into, &symbol, NULL, NULL, NULL);
    add(finder, name, source, line, name ? into : 0);
}

int debug_file_find(struct debug_file *file, uint64_t address, struct shared_arena *arena,
                    struct debug_place **places, size_t *count, struct shared_error *err)
{
    struct finder finder = {.arena = arena};
    Dwarf_Addr unit_bias = 0, at = address + file->bias;
    Dwarf_Die *unit = find_unit(file, at, &unit_bias);
    Dwarf_Line *row = unit ? dwarf_getsrc_die(unit, at - unit_bias) : NULL;
    const char *source = row ? dwarf_linesrc(row, NULL, NULL) : NULL;
    int line = 0;
    if (row && dwarf_lineno(row, &line) != 0)
        line = 0;
    if (unit)
        add_functions(&finder, unit, at - unit_bias, source, line);
    if (finder.count == 0)
        add_symbol(file, &finder, at, source, line);
    *places = finder.places;
    *count = finder.count;
    if (finder.out_of_memory)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for the functions at 0x%llx",
                           (unsigned long long)address);
    return 0;
}
