#include "command.h"

#include "base/path.h"
#include "base/terminal.h"
#include "manifest/manifest.h"
#include "symbolize/debug_files.h"
#include "symbolize/log_reader.h"
#include "symbolize/symbolize.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

/* Build ids that were missed, so that each is complained of once. */
#define MISSED_LIMIT 64

enum { OPTION_JSON = 256, OPTION_COLOUR };

static const struct option long_options[] = {
    {"debug", required_argument, NULL, 'd'},
    {"manifest", required_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOUR},
    {NULL, 0, NULL, 0},
};

struct symbolize {
    struct shared_arena arena;   /* to the end */
    struct shared_arena scratch; /* of a line */
    struct debug_files files;
    bool json, colour;
    enum terminal_colour wanted_colour;
    bool has_files; /* --debug or --manifest was given */
    unsigned long long line;
    const char *missed[MISSED_LIMIT];
    size_t missed_count;
};

void symbolize_help(FILE *out)
{
    fputs(
        "Usage: demine symbolize [OPTION]... < LOG\n\n"
        "Reads a log, passes each line on, and shows below each crash (shared/crash.h) the functions and "
        "lines of\n"
        "its frames. A crash is found wherever it stands in a line: behind the time that aws logs tail puts\n"
        "there, or within other JSON. The program is the NAME.debug whose build id the crash has.\n\n"
        "Options:\n"
        "  -d, --debug FILE     A program with debugging information, or a folder of NAME.debug; may be "
        "given\n"
        "                       again\n"
        "  -m, --manifest FILE  Programs that demine pack wrote into dist beside this manifest (default:\n"
        "                       demine.json, where no --debug is given)\n"
        "      --json           One line of JSON for each crash, and no other\n"
        "      --color WHEN     auto, always or never; auto respects NO_COLOR (default: auto)\n"
        "  -h, --help           Show this help\n\n"
        "Output:\n"
        "    0x1a2b  inner at file.c:12 (inlined by outer at file.c:40)\n"
        "    0x1c00? main at file.c:77\n"
        "  A frame with \"?\" is a return address that lay on the stack, perhaps of an earlier call: compile "
        "with\n"
        "  -fno-omit-frame-pointer to have none. One with another file's name in front is shown as it is.\n\n"
        "Exit status: 0 done, 1 failed or no program was found for a crash, 2 wrong usage or manifest.\n\n"
        "Examples:\n"
        "  aws logs tail /aws/lambda/catalog --follow | demine symbolize\n"
        "  demine symbolize --debug released/1.4/ < catalog.log\n"
        "  demine symbolize --json < catalog.log | jq '.frames[0].places[0]'\n",
        out);
}

static int add_path(struct symbolize *symbolize, const char *path, struct shared_error *err)
{
    symbolize->has_files = true;
    int status = debug_files_add(&symbolize->files, path, err);
    if (status == 0)
        return -1;
    command_complain(err);
    return EXIT_FAILED;
}

/* The programs beside the zips of a manifest. */
static int add_manifest(struct symbolize *symbolize, const char *path, struct shared_error *err)
{
    struct manifest manifest;
    symbolize->has_files = true;
    int status = manifest_read(path, &symbolize->arena, &manifest, err);
    if (status < 0) {
        command_complain(err);
        return status == SHARED_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    }
    const char *folder = path_join(&symbolize->arena, manifest.folder, "dist");
    status = folder ? debug_files_add(&symbolize->files, folder, err)
                    : shared_fail(err, SHARED_ENOMEM, 0, "no memory for the programs of %s", path);
    if (status == 0)
        return -1;
    shared_error_wrap(err, "what demine pack made of %s", path);
    command_complain(err);
    return EXIT_FAILED;
}

/* Returns -1 to go on, or an exit status. */
static int read_option(int option, struct symbolize *symbolize, struct shared_error *err)
{
    switch (option) {
    case 'd':
        return add_path(symbolize, optarg, err);
    case 'm':
        return add_manifest(symbolize, optarg, err);
    case OPTION_JSON:
        symbolize->json = true;
        return -1;
    case OPTION_COLOUR:
        if (!terminal_colour_parse(optarg, &symbolize->wanted_colour))
            return command_misused("symbolize", "--color %s: must be auto, always or never", optarg);
        return -1;
    case 'h':
        symbolize_help(stdout);
        return EXIT_DONE;
    default:
        fputs("Try: demine symbolize --help\n", stderr);
        return EXIT_USAGE;
    }
}

/* A line that others wait for is not held back until there are 4 KiB. */
static void flush_output(void)
{
    fflush(stdout);
}

/* Complains of what was not found, each id once; what cannot be read is as good as not found. */
static void complain_once(struct symbolize *symbolize, const char *build_id, const struct shared_error *err)
{
    for (size_t i = 0; i < symbolize->missed_count; i++) {
        if (strcmp(symbolize->missed[i], build_id) == 0)
            return;
    }
    const char *copy = symbolize->missed_count < MISSED_LIMIT
                           ? shared_arena_copy(&symbolize->arena, shared_slice_from_text(build_id))
                           : NULL;
    if (copy)
        symbolize->missed[symbolize->missed_count++] = copy;
    flush_output();
    fprintf(stderr, "demine: line %llu: %s\n", symbolize->line, err->text);
}

/* Returns 0, 1 where there was no program for a crash, or a negative code. */
static int show_crashes(struct symbolize *symbolize, struct shared_slice line, struct shared_error *err)
{
    struct crash_records records;
    int result = 0, status = crash_line_read(line, &symbolize->scratch, &records, err);
    if (records.count > 0 && !symbolize->json && line.data[line.size_bytes - 1] != '\n')
        fputc('\n', stdout);
    for (size_t i = 0; status >= 0 && i < records.count; i++) {
        struct symbolize_crash crash = {.record = &records.items[i], .line = symbolize->line};
        status = debug_files_get(&symbolize->files, records.items[i].build_id, &crash.file, &crash.path, err);
        if (status < 0) {
            complain_once(symbolize, records.items[i].build_id, err);
            result = 1;
        }
        status = symbolize->json
                     ? symbolize_json(stdout, &crash, &symbolize->scratch, err)
                     : symbolize_text(stdout, &crash, symbolize->colour, &symbolize->scratch, err);
    }
    return status < 0 ? status : result;
}

static int read_log(struct symbolize *symbolize, struct shared_error *err)
{
    struct log_reader reader = {.fd = STDIN_FILENO};
    struct shared_slice line;
    int status, result = EXIT_DONE;
    bool within = false; /* a line that comes in pieces */
    while ((status = log_reader_next(&reader, flush_output, &line, err)) > 0 && !ferror(stdout)) {
        symbolize->line += !within;
        within = line.data[line.size_bytes - 1] != '\n';
        if (!symbolize->json)
            fwrite(line.data, 1, line.size_bytes, stdout);
        status = show_crashes(symbolize, line, err);
        shared_arena_reset(&symbolize->scratch);
        if (status < 0)
            break;
        if (status > 0)
            result = EXIT_FAILED;
    }
    log_reader_clean_up(&reader);
    if (status < 0)
        command_complain(err);
    return status < 0 ? EXIT_FAILED : result;
}

static int run(struct symbolize *symbolize, int argc, char **argv)
{
    struct shared_error err;
    int option, status = -1;
    optind = 1;
    argv[0] = (char *)"demine symbolize"; /* what getopt_long begins its messages with */
    while (status < 0 && (option = getopt_long(argc, argv, "d:m:h", long_options, NULL)) != -1)
        status = read_option(option, symbolize, &err);
    if (status >= 0)
        return status;
    if (optind < argc)
        return command_misused("symbolize", "the log is read from standard input: < %s", argv[optind]);
    if (!symbolize->has_files)
        status = add_manifest(symbolize, "demine.json", &err);
    symbolize->colour = terminal_wants_colour(stdout, symbolize->wanted_colour);
    return status >= 0 ? status : read_log(symbolize, &err);
}

int cmd_symbolize(int argc, char **argv)
{
    struct symbolize symbolize = {.wanted_colour = COLOUR_AUTO};
    symbolize.files.arena = &symbolize.arena;
    int status = run(&symbolize, argc, argv);
    debug_files_clean_up(&symbolize.files);
    shared_arena_clean_up(&symbolize.scratch);
    shared_arena_clean_up(&symbolize.arena);
    return status;
}
