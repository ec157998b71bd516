/* invoke_bootstrap.c - runs one packed bootstrap against the emulator and prints what it answers to each
 * event. */
#include "emulator.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 64

static const char usage[] =
    "usage: invoke_bootstrap [OPTION]… BOOTSTRAP EVENT_FILE…\n"
    "\n"
    "Starts BOOTSTRAP as Lambda does, gives it the events one after the other, and prints each answer to "
    "standard\n"
    "output: a line \"response\" or \"error TYPE\" (the errorType), then the body, then an end of line.\n"
    "What BOOTSTRAP says itself goes to standard error.\n"
    "\n"
    "  --env NAME=VALUE     a further environment variable; may be repeated\n"
    "  --task-root DIR      LAMBDA_TASK_ROOT and working directory; default: the folder of BOOTSTRAP\n"
    "  --runner PROGRAM     what runs BOOTSTRAP, such as qemu-aarch64; may be repeated for its arguments\n"
    "  --header \"N: V\"      a further header of each event, such as \"Lambda-Runtime-Trace-Id: …\"\n"
    "  --body-only          prints the bodies alone, without status lines and ends of line\n"
    "  --output DIR         writes the body of the n-th answer to DIR/n as well, from 1\n"
    "  --timeout SECONDS    for each answer; default: 60\n"
    "  --help               prints this\n"
    "\n"
    "Exit status: 0 where every event was answered, with a response or an error; 1 where one was not, or "
    "where\n"
    "BOOTSTRAP did not keep to the Runtime API; 2 for wrong usage.\n"
    "\n"
    "  invoke_bootstrap unpacked/bootstrap tests/events/api-v2.json\n"
    "  invoke_bootstrap --runner qemu-aarch64 --runner -L --runner /usr/aarch64-linux-gnu out/bootstrap "
    "event.json\n";

struct words {
    const char *words[MAX_WORDS + 1];
    size_t count;
};

/* What the command line asks for. */
struct command {
    struct words env, program, headers;
    struct emulator_options options;
    const char *output;
    bool body_only;
};

static bool add(struct words *words, const char *word)
{
    if (words->count == MAX_WORDS)
        return false;
    words->words[words->count++] = word;
    return true;
}

static void print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, strchr("\"\\", *text) ? "\\%c" : "%c", *text);
    fputc('"', out);
}

static char *write_scenario(char *const *events, int count, const struct words *headers)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; out && i < count; i++) {
        fprintf(out, "next file=");
        print_quoted(out, events[i]);
        for (size_t j = 0; j < headers->count; j++) {
            fprintf(out, " header=");
            print_quoted(out, headers->words[j]);
        }
        fprintf(out, "\nanswer\n");
    }
    if (out) {
        fprintf(out, "next status=500\nexit any\n");
        fclose(out);
    }
    return text;
}

static void write_body(const char *folder, size_t n, const struct emulator_request *request)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%zu", folder, n);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(request->body, 1, request->body_bytes, file) != request->body_bytes ||
        fclose(file) != 0)
        fprintf(stderr, "invoke_bootstrap: cannot write %s\n", path);
}

static size_t print_answers(const struct command *command, const struct emulator_run *run)
{
    size_t answers = 0;
    for (size_t i = 0; i < run->request_count; i++) {
        const struct emulator_request *request = &run->requests[i];
        const char *type = emulator_header(request, "Lambda-Runtime-Function-Error-Type");
        if (request->kind == EMULATOR_NEXT)
            continue;
        answers++;
        if (!command->body_only && request->kind == EMULATOR_RESPONSE)
            printf("response\n");
        else if (!command->body_only)
            printf("%serror %s\n", request->kind == EMULATOR_INIT_ERROR ? "init-" : "", type ? type : "");
        fwrite(request->body, 1, request->body_bytes, stdout);
        if (!command->body_only)
            printf("\n");
        if (command->output)
            write_body(command->output, answers, request);
    }
    return answers;
}

static int invoke(const struct command *command, char *const *events, int event_count)
{
    struct emulator_run run = {0};
    char *scenario = write_scenario(events, event_count, &command->headers);
    if (!scenario)
        return 1;
    int status = emulator_play(&command->options, scenario, &run);
    size_t answers = print_answers(command, &run);
    if (status < 0)
        fprintf(stderr, "invoke_bootstrap: %s\n", run.problem);
    if (*run.violations)
        fprintf(stderr, "invoke_bootstrap: not as the Runtime API has it:\n%s", run.violations);
    bool good = status == 0 && answers == (size_t)event_count && !*run.violations;
    emulator_run_clean_up(&run);
    free(scenario);
    return good && fflush(stdout) == 0 ? 0 : 1;
}

/* Returns -1 where the command line is good, else the exit status. */
static int read_options(int argc, char **argv, struct command *command)
{
    static const struct option names[] = {{"env", required_argument, NULL, 'e'},
                                          {"task-root", required_argument, NULL, 't'},
                                          {"runner", required_argument, NULL, 'r'},
                                          {"header", required_argument, NULL, 'H'},
                                          {"body-only", no_argument, NULL, 'b'},
                                          {"output", required_argument, NULL, 'o'},
                                          {"timeout", required_argument, NULL, 'T'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    bool fits = true;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'e')
            fits = fits && add(&command->env, optarg);
        else if (name == 'r')
            fits = fits && add(&command->program, optarg);
        else if (name == 'H')
            fits = fits && add(&command->headers, optarg);
        else if (name == 't')
            command->options.task_root = optarg;
        else if (name == 'T')
            command->options.timeout_sec = atoi(optarg);
        else if (name == 'o')
            command->output = optarg;
        else if (name == 'b')
            command->body_only = true;
        else
            return fputs(usage, name == 'h' ? stdout : stderr), name == 'h' ? 0 : 2;
    }
    if (argc - optind < 2 || !fits || command->headers.count > EMULATOR_HEADERS)
        return fputs(usage, stderr), 2;
    return -1;
}

int main(int argc, char **argv)
{
    struct command command = {.options.echo_standard_error = true};
    int status = read_options(argc, argv, &command);
    if (status >= 0)
        return status;
    char *bootstrap = realpath(argv[optind], NULL);
    size_t folder_size = bootstrap ? (size_t)(strrchr(bootstrap, '/') - bootstrap) : 0;
    char *folder = bootstrap ? strndup(bootstrap, folder_size ? folder_size : 1) : NULL;
    if (!folder || !add(&command.program, bootstrap)) {
        fprintf(stderr, "invoke_bootstrap: there is no %s\n", argv[optind]);
        free(bootstrap);
        return 1;
    }
    command.options.argv = (char *const *)command.program.words;
    command.options.env = command.env.words;
    command.options.task_root = command.options.task_root ? command.options.task_root : folder;
    status = invoke(&command, argv + optind + 1, argc - optind - 1);
    free(folder);
    free(bootstrap);
    return status;
}
