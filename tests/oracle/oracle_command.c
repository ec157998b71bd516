#include "oracle.h"

#include "base/file.h"
#include "oracle_archive.h"

#include <string.h>
#include <unistd.h>

struct command_reader {
    struct shared_arena *arena;
    struct oracle_command *command;
    bool no_shared; /* -static, -Bstatic */
    uint32_t group; /* open; 0: none */
    struct shared_error *err;
};

static struct shared_slice last_line(struct shared_slice text)
{
    struct shared_slice line, last = {0};
    while (text.size_bytes > 0) {
        line = shared_slice_split(&text, '\n');
        if (line.size_bytes > 1 && line.data[0] == ' ')
            last = line;
    }
    return last;
}

/* Takes a word, which may stand between quotes; NULL where there is none. */
static const char *take_word(struct command_reader *reader, struct shared_slice *line)
{
    size_t i = 0, size = 0;
    while (i < line->size_bytes && line->data[i] == ' ')
        i++;
    char *word = shared_arena_alloc(reader->arena, line->size_bytes - i + 1);
    if (!word || i == line->size_bytes)
        return NULL;
    bool quoted = false;
    for (; i < line->size_bytes && (quoted || line->data[i] != ' '); i++) {
        if (line->data[i] == '"')
            quoted = !quoted;
        else if (line->data[i] == '\\' && i + 1 < line->size_bytes)
            word[size++] = line->data[++i];
        else
            word[size++] = line->data[i];
    }
    word[size] = '\0';
    *line = shared_slice_of(line->data + i, line->size_bytes - i);
    return word;
}

static int add_file(struct command_reader *reader, const char *path);

/* "-lz", or "-l:libz.a", in the folders that were named. */
static int add_library(struct command_reader *reader, const char *name)
{
    static const char *const forms[] = {"%s/lib%s.so", "%s/lib%s.a"};
    const struct oracle_command *command = reader->command;
    for (size_t i = 0; i < command->folder_count; i++) {
        for (size_t form = reader->no_shared ? 1 : 0; form < 2; form++) {
            const char *path =
                name[0] == ':' ? shared_arena_format(reader->arena, "%s/%s", command->folders[i], name + 1)
                               : shared_arena_format(reader->arena, forms[form], command->folders[i], name);
            if (!path)
                return oracle_no_memory(reader->err);
            if (access(path, R_OK) == 0)
                return add_file(reader, path);
        }
    }
    return shared_fail(reader->err, SHARED_ENOTFOUND, 0, "there is no library %s for the linker", name);
}

static bool is_separator(char c)
{
    return strchr(" \t\r\n(),", c) != NULL;
}

/* Debian's libc.so and libm.a: "GROUP ( FILE FILE AS_NEEDED ( FILE ) )", comments, and an OUTPUT_FORMAT. */
static int read_script(struct command_reader *reader, struct shared_slice text)
{
    uint32_t outer = reader->group;
    int status = 0;
    for (size_t i = 0; status == 0 && i < text.size_bytes;) {
        if (text.size_bytes - i > 1 && memcmp(text.data + i, "/*", 2) == 0) {
            const char *end = memmem(text.data + i, text.size_bytes - i, "*/", 2);
            i = end ? (size_t)(end - text.data) + 2 : text.size_bytes;
            continue;
        }
        size_t start = i;
        while (i < text.size_bytes && !is_separator(text.data[i]))
            i++;
        struct shared_slice word = shared_slice_of(text.data + start, i - start);
        if (shared_slice_equal(word, shared_slice_from_text("GROUP")))
            reader->group = outer ? outer : ++reader->command->group_count;
        if (shared_slice_equal(word, shared_slice_from_text("OUTPUT_FORMAT")))
            while (i < text.size_bytes && text.data[i] != ')')
                i++;
        const char *path = shared_arena_copy(reader->arena, word);
        if (path && strncmp(path, "-l", 2) == 0)
            status = add_library(reader, path + 2);
        else if (path && path[0] == '/')
            status = add_file(reader, path);
        i += start == i;
    }
    reader->group = outer;
    return status;
}

static int add_file(struct command_reader *reader, const char *path)
{
    struct shared_slice content;
    int status = file_read(path, (size_t)1 << 28, reader->arena, &content, reader->err);
    if (status < 0)
        return status;
    bool elf = content.size_bytes > 4 && memcmp(content.data, "\177ELF", 4) == 0;
    bool bytecode = content.size_bytes > 4 && memcmp(content.data, "BC\xc0\xde", 4) == 0;
    if (bytecode)
        return shared_fail(reader->err, SHARED_EUNSUPPORTED, 0,
                           "%s is bytecode for optimisation at link time", path);
    if (!elf && !oracle_archive_is(content))
        return read_script(reader, content);
    struct oracle_command *command = reader->command;
    struct oracle_input *inputs = oracle_grow(reader->arena, command->inputs, command->input_count,
                                              &command->input_capacity, sizeof(*inputs));
    if (!inputs)
        return oracle_no_memory(reader->err);
    command->inputs = inputs;
    inputs[command->input_count++] = (struct oracle_input){path, reader->group};
    return 0;
}

/* Options whose value is a word of its own, and says nothing of what is linked. */
static bool has_value(const char *option)
{
    static const char *const options[] = {"-plugin",         "-o",   "-m", "-z",
                                          "-dynamic-linker", "-Map", "-e", "-rpath"};
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (strcmp(option, options[i]) == 0)
            return true;
    return false;
}

static int read_word(struct command_reader *reader, const char *word, struct shared_slice *line)
{
    struct oracle_command *command = reader->command;
    if (strcmp(word, "-static") == 0 || strcmp(word, "-Bstatic") == 0)
        reader->no_shared = true;
    else if (strcmp(word, "-Bdynamic") == 0)
        reader->no_shared = false;
    else if (strcmp(word, "--start-group") == 0 || strcmp(word, "-(") == 0)
        reader->group = ++command->group_count;
    else if (strcmp(word, "--end-group") == 0 || strcmp(word, "-)") == 0)
        reader->group = 0;
    else if (has_value(word))
        take_word(reader, line);
    else if (strncmp(word, "-L", 2) == 0)
        command->folders[command->folder_count++] = word[2] ? word + 2 : take_word(reader, line);
    else if (strncmp(word, "-l", 2) == 0)
        return add_library(reader, word + 2);
    else if (word[0] != '-')
        return add_file(reader, word);
    return 0;
}

int oracle_command_parse(struct shared_slice printed, enum oracle_linker linker, struct shared_arena *arena,
                         struct oracle_command *command, struct shared_error *err)
{
    struct shared_slice line = last_line(printed);
    struct command_reader reader = {.arena = arena, .command = command, .err = err};
    *command = (struct oracle_command){.linker = linker};
    /* No more folders than words. */
    command->folders = shared_arena_alloc(arena, (line.size_bytes / 2 + 1) * sizeof(*command->folders));
    if (!command->folders)
        return oracle_no_memory(err);
    const char *word = take_word(&reader, &line);
    if (!word)
        return shared_fail(err, SHARED_EPROTO, 0, "the compiler printed no command of a linker");
    /* Libraries are looked for in all folders that are named, also after them. */
    for (struct shared_slice rest = line; (word = take_word(&reader, &rest)) != NULL;)
        if (strncmp(word, "-L", 2) == 0 && word[2])
            command->folders[command->folder_count++] = word + 2;
    size_t folders = command->folder_count;
    int status = 0;
    while (status == 0 && (word = take_word(&reader, &line)) != NULL) {
        status = read_word(&reader, word, &line);
        command->folder_count = folders;
    }
    return status;
}
