#include "emulator_inner.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void emulator_violation(struct emulator *emulator, const char *format, ...)
{
    char *lines = emulator->run->violations;
    size_t size = strlen(lines), room = sizeof(emulator->run->violations) - size;
    va_list arguments;
    va_start(arguments, format);
    int added = vsnprintf(lines + size, room, format, arguments);
    va_end(arguments);
    if (added >= 0 && (size_t)added + 2 <= room)
        memcpy(lines + size + added, "\n", 2);
}

int emulator_fail(struct emulator *emulator, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!*emulator->run->problem)
        vsnprintf(emulator->run->problem, sizeof(emulator->run->problem), format, arguments);
    va_end(arguments);
    return -1;
}

/* VmHWM of proc(5): unlike ru_maxrss it does not begin with what was inherited across fork. */
static void note_peak(struct emulator *emulator)
{
    char path[64], line[256];
    snprintf(path, sizeof(path), "/proc/%d/status", (int)emulator->child);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            emulator->run->peak_kib = strtol(line + 6, NULL, 10);
    }
    if (file)
        fclose(file);
}

/* Waits for something to come: a connection, bytes, a line on standard error, or the end of the program. */
static int wait_and_receive(struct emulator *emulator, const struct emulator_step *step, double deadline_sec)
{
    struct pollfd fds[EMULATOR_CONNECTIONS + 1];
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        fds[i] = (struct pollfd){.fd = emulator->connections[i].fd, .events = POLLIN};
    fds[EMULATOR_CONNECTIONS] = (struct pollfd){.fd = emulator->listener, .events = POLLIN};
    if (emulator_wait(emulator, fds, EMULATOR_CONNECTIONS + 1, deadline_sec) <= 0)
        return emulator_fail(emulator, "line %d: %s did not come in time", step->line,
                             emulator_kind_name(step->kind));
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++) {
        if (!fds[i].revents)
            continue;
        if (step->take_us)
            usleep((useconds_t)step->take_us);
        if (emulator_receive(emulator, &emulator->connections[i], step->take_bytes) < 0)
            return -1;
    }
    if (!(fds[EMULATOR_CONNECTIONS].revents & POLLIN))
        return 0;
    int place = emulator_accept(emulator);
    if (place >= 0 && step->kind == EMULATOR_REFUSE) {
        emulator_hang_up(&emulator->connections[place], true);
        return 1;
    }
    return 0;
}

/* The next connection that holds a whole request; NULL with a problem. */
static struct emulator_connection *await_request(struct emulator *emulator, const struct emulator_step *step,
                                                 size_t *size_bytes)
{
    double deadline_sec = emulator_deadline_sec(emulator);
    for (;;) {
        for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++) {
            struct emulator_connection *connection = &emulator->connections[i];
            if (connection->fd < 0 || connection->size_bytes == 0)
                continue;
            long size = step->early ? emulator_request_size(connection->data, connection->size_bytes, true)
                                    : emulator_unchunk(connection, size_bytes);
            if (size < 0)
                emulator_fail(emulator, "line %d: what came is not HTTP: %.60s", step->line,
                              connection->data);
            if (size < 0)
                return NULL;
            if (step->early)
                *size_bytes = (size_t)size;
            if (size > 0)
                return connection;
        }
        if (emulator->standard_error < 0) {
            emulator_fail(emulator, "line %d: the program ended with status %d where %s was expected",
                          step->line, emulator_child_end(emulator), emulator_kind_name(step->kind));
            return NULL;
        }
        if (wait_and_receive(emulator, step, deadline_sec) < 0)
            return NULL;
    }
}

static void think(struct emulator *emulator, double seconds)
{
    double deadline_sec = emulator_now_sec() + seconds;
    while (emulator_wait(emulator, NULL, 0, deadline_sec) > 0)
        ;
}

/* A function that hangs up in the middle of an answer shows that in its next step. */
static int answer(struct emulator *emulator, struct emulator_connection *connection,
                  const struct emulator_step *step)
{
    double deadline_sec = emulator_deadline_sec(emulator);
    size_t size, piece;
    char *bytes = emulator_answer(emulator, step, &size);
    if (!bytes)
        return emulator_fail(emulator, "no memory for an answer");
    think(emulator, (double)step->delay_ms / 1e3);
    if (step->cuts && step->cut_bytes < size)
        size = step->cut_bytes;
    bool open = true;
    for (size_t at = 0; open && at < size; at += piece) {
        piece = step->packet_bytes && step->packet_bytes < size - at ? step->packet_bytes : size - at;
        open = emulator_send(emulator, connection->fd, bytes + at, piece, deadline_sec);
        if (step->pause_us)
            usleep((useconds_t)step->pause_us);
    }
    free(bytes);
    if (step->cuts || step->close || step->early || !open)
        emulator_hang_up(connection, step->reset);
    return 0;
}

static bool is_answer(const struct emulator_request *request)
{
    return request->kind == EMULATOR_RESPONSE || request->kind == EMULATOR_ERROR;
}

static int play_request(struct emulator *emulator, const struct emulator_step *step)
{
    size_t size;
    struct emulator_connection *connection = await_request(emulator, step, &size);
    struct emulator_request *request =
        connection ? emulator_record(emulator, connection, size, step->line, step->early) : NULL;
    if (!request)
        return emulator_fail(emulator, "line %d: no memory", step->line);
    if (!step->early)
        emulator_verify(emulator, request);
    if (request->kind == EMULATOR_NEXT)
        note_peak(emulator);
    if (request->kind != step->kind && !(step->kind == EMULATOR_ANSWER && is_answer(request)))
        return emulator_fail(emulator, "line %d: %s was expected; %s came", step->line,
                             emulator_kind_name(step->kind), emulator_kind_name(request->kind));
    return step->kind == EMULATOR_EVENT_NEXT ? 0 : answer(emulator, connection, step);
}

/* Steps that wait for something else than a request; one that comes meanwhile waits for its own step. */
static int play_wait(struct emulator *emulator, const struct emulator_step *step)
{
    double deadline_sec = emulator_deadline_sec(emulator);
    struct emulator_run *run = emulator->run;
    size_t said = run->standard_error_bytes;
    for (;;) {
        bool ended = emulator->standard_error < 0;
        if (step->kind == EMULATOR_EXIT && ended)
            return emulator_child_end(emulator) == step->status || step->status == EMULATOR_ANY_STATUS
                       ? 0
                       : emulator_fail(emulator, "line %d: the program ended with status %d, not %d",
                                       step->line, run->exit_status, step->status);
        if (step->kind == EMULATOR_DOWN && run->standard_error_bytes > said)
            return 0;
        if (step->kind == EMULATOR_REPORT && run->standard_error && strstr(run->standard_error, step->text))
            return 0;
        if (ended)
            return emulator_fail(emulator, "line %d: the program ended with status %d where %s was expected",
                                 step->line, emulator_child_end(emulator), emulator_kind_name(step->kind));
        int came = wait_and_receive(emulator, step, deadline_sec);
        if (came != 0)
            return came < 0 ? -1 : 0;
    }
}

static int play_down(struct emulator *emulator, const struct emulator_step *step)
{
    if (emulator_listen(emulator, false) < 0)
        return -1;
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        emulator_hang_up(&emulator->connections[i], step->reset);
    int status = play_wait(emulator, step);
    return status < 0 ? status : emulator_listen(emulator, true);
}

static int play_steps(struct emulator *emulator, const struct emulator_scenario *scenario)
{
    for (size_t i = 0; i < scenario->count; i++) {
        const struct emulator_step *step = &scenario->steps[i];
        int status = step->kind <= EMULATOR_ANSWER   ? play_request(emulator, step)
                     : step->kind == EMULATOR_DOWN   ? play_down(emulator, step)
                     : step->kind == EMULATOR_SIGNAL ? kill(emulator->child, step->status)
                                                     : play_wait(emulator, step);
        if (status < 0)
            return status;
    }
    return 0;
}

struct emulator *emulator_begin(const struct emulator_options *options, struct emulator_run *run)
{
    struct emulator *emulator = malloc(sizeof(*emulator));
    if (!emulator)
        return NULL;
    *emulator =
        (struct emulator){.options = options, .run = run, .listener = -1, .child = -1, .standard_error = -1};
    run->exit_status = -1;
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        emulator->connections[i].fd = -1;
    if (emulator_listen(emulator, true) == 0)
        emulator_child_start(emulator);
    return emulator;
}

int emulator_continue(struct emulator *emulator, const char *text)
{
    struct emulator_scenario scenario;
    struct emulator_run *run = emulator->run;
    if (*run->problem)
        return -1;
    int status = emulator_scenario_read(text, &scenario, run->problem, sizeof(run->problem));
    if (status == 0)
        status = play_steps(emulator, &scenario);
    emulator_scenario_clean_up(&scenario);
    return status;
}

pid_t emulator_program(const struct emulator *emulator)
{
    return emulator->child;
}

void emulator_end(struct emulator *emulator)
{
    emulator_child_kill(emulator);
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        emulator_hang_up(&emulator->connections[i], false);
    if (emulator->listener >= 0)
        close(emulator->listener);
    free(emulator);
}

int emulator_play(const struct emulator_options *options, const char *text, struct emulator_run *run)
{
    struct emulator *emulator = emulator_begin(options, run);
    if (!emulator)
        return -1;
    int status = emulator_continue(emulator, text);
    emulator_end(emulator);
    return *run->problem ? -1 : status;
}
