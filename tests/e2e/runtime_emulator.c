/* runtime_emulator.c - plays a scenario to a function program and prints what it sent, one JSON line a
 * request. */
#include "emulator.h"

#include <cjson/cJSON.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: runtime_emulator SCENARIO PROGRAM [ARGUMENT]…\n"
                            "\n"
                            "Serves the Lambda Runtime API on 127.0.0.1, starts PROGRAM with "
                            "AWS_LAMBDA_RUNTIME_API and the other variables of\n"
                            "Lambda, and plays the file SCENARIO (- is standard input) to it; emulator.h "
                            "says what stands in one. Prints the\n"
                            "requests as JSON lines. Exit status: 0 where the scenario was played to its end "
                            "and every request was as the\n"
                            "Runtime API has it, 1 where not, 2 for wrong usage.\n";

static void print_request(const struct emulator_request *request)
{
    cJSON *json = cJSON_CreateObject(), *headers = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "connection", request->connection);
    cJSON_AddNumberToObject(json, "arrivedMs", (double)(long)(request->arrived_sec * 1000));
    cJSON_AddStringToObject(json, "method", request->method);
    cJSON_AddStringToObject(json, "target", request->target);
    for (size_t i = 0; i < request->header_count; i++)
        cJSON_AddStringToObject(headers, request->headers[i].name, request->headers[i].value);
    cJSON_AddItemToObject(json, "headers", headers);
    cJSON_AddNumberToObject(json, "bodyBytes", (double)request->body_bytes);
    cJSON_AddStringToObject(json, "body", request->body);
    char *line = cJSON_PrintUnformatted(json);
    puts(line ? line : "{}");
    free(line);
    cJSON_Delete(json);
}

static char *read_all(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *text = NULL;
    size_t room = 0;
    /* A NUL stands nowhere in a scenario: up to one is all of it. */
    if (file && getdelim(&text, &room, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    if (file && file != stdin)
        fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
        fputs(usage, help ? stdout : stderr);
        return help ? 0 : 2;
    }
    struct emulator_options options = {.argv = argv + 2, .echo_standard_error = true};
    struct emulator_run run = {0};
    char *scenario = read_all(argv[1]);
    if (!scenario) {
        fprintf(stderr, "runtime_emulator: cannot read %s\n", argv[1]);
        return 1;
    }
    int status = emulator_play(&options, scenario, &run);
    for (size_t i = 0; i < run.request_count; i++)
        print_request(&run.requests[i]);
    if (status < 0)
        fprintf(stderr, "runtime_emulator: %s\n", run.problem);
    if (*run.violations)
        fprintf(stderr, "runtime_emulator: not as the Runtime API has it:\n%s", run.violations);
    status = status < 0 || *run.violations ? 1 : 0;
    emulator_run_clean_up(&run);
    free(scenario);
    return status;
}
