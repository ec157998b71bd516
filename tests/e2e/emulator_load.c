#include "emulator_load.h"

#include "emulator_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EVENT_BYTES 4096

enum worker_state { BUSY, WAITING };

struct worker {
    enum worker_state state;
    long event;   /* the one it has; -1: none */
    char id[512]; /* that event's */
};

struct peer {
    struct emulator emulator;
    const struct emulator_load *load;
    struct worker workers[EMULATOR_CONNECTIONS];
    long given, answered, asked;
    bool all_came;
};

static int send_answer(struct peer *peer, size_t place, const struct emulator_step *step)
{
    struct emulator *emulator = &peer->emulator;
    size_t size;
    char *bytes = emulator_answer(emulator, step, &size);
    if (!bytes)
        return emulator_fail(emulator, "no memory for an answer");
    if (!emulator_send(emulator, emulator->connections[place].fd, bytes, size,
                       emulator_deadline_sec(emulator)))
        emulator_hang_up(&emulator->connections[place], false);
    free(bytes);
    return 0;
}

static int give_event(struct peer *peer, size_t place)
{
    struct worker *worker = &peer->workers[place];
    char event[EVENT_BYTES];
    struct emulator_step step = {.kind = EMULATOR_NEXT, .status = 200, .length = -1, .body = event};
    worker->event = peer->given++;
    worker->state = BUSY;
    step.body_bytes = peer->load->event(worker->event, event, sizeof(event));
    int status = send_answer(peer, place, &step);
    snprintf(worker->id, sizeof(worker->id), "%s", peer->emulator.id);
    return status;
}

static void take_answer(struct peer *peer, size_t place, const struct emulator_request *request)
{
    struct worker *worker = &peer->workers[place];
    const char *wrong = worker->event < 0 ? "nothing was asked" : peer->load->check(worker->event, request);
    if (wrong)
        emulator_violation(&peer->emulator, "event %ld: %s: %.200s", worker->event, wrong, request->body);
    worker->event = -1;
    peer->answered++;
}

/* Takes one request off a connection and answers it, but for /next, which waits for its turn. */
static int serve(struct peer *peer, size_t place, size_t size_bytes)
{
    struct emulator *emulator = &peer->emulator;
    struct worker *worker = &peer->workers[place];
    struct emulator_connection *connection = &emulator->connections[place];
    bool fails = peer->load->post_fails_at_end && peer->answered == peer->load->invocations;
    const struct emulator_step answer = {.kind = EMULATOR_ANSWER, .status = fails ? 500 : 202, .length = -1};
    snprintf(emulator->id, sizeof(emulator->id), "%s", worker->id);
    struct emulator_request *request = emulator_record(emulator, connection, size_bytes, 0, false);
    if (!request)
        return -1;
    int status = 0;
    emulator_verify(emulator, request);
    if (request->kind == EMULATOR_NEXT) {
        worker->state = WAITING;
        if (peer->load->lose_every && peer->all_came && ++peer->asked % peer->load->lose_every == 0)
            emulator_hang_up(connection, peer->asked % 2 == 0);
    } else {
        take_answer(peer, place, request);
        status = send_answer(peer, place, &answer);
    }
    emulator_request_clean_up(request);
    emulator->run->request_count--;
    return status;
}

static int receive_all(struct peer *peer, const char *what)
{
    struct emulator *emulator = &peer->emulator;
    struct pollfd fds[EMULATOR_CONNECTIONS + 1];
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        fds[i] = (struct pollfd){.fd = emulator->connections[i].fd, .events = POLLIN};
    fds[EMULATOR_CONNECTIONS] = (struct pollfd){.fd = emulator->listener, .events = POLLIN};
    if (emulator_wait(emulator, fds, EMULATOR_CONNECTIONS + 1, emulator_deadline_sec(emulator)) <= 0)
        return emulator_fail(emulator, "%s did not come in time, after %ld events and %ld answers", what,
                             peer->given, peer->answered);
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++) {
        size_t size = 0;
        if (!fds[i].revents)
            continue;
        if (emulator_receive(emulator, &emulator->connections[i], 0) < 0)
            return -1;
        int whole =
            emulator->connections[i].size_bytes ? emulator_unchunk(&emulator->connections[i], &size) : 0;
        if (whole < 0)
            return emulator_fail(emulator, "what came is not HTTP");
        if (whole > 0 && serve(peer, i, size) < 0)
            return -1;
    }
    if (fds[EMULATOR_CONNECTIONS].revents & POLLIN) {
        int place = emulator_accept(emulator);
        if (place >= 0)
            peer->workers[place] = (struct worker){.state = BUSY, .event = -1};
    }
    return emulator->standard_error < 0
               ? emulator_fail(emulator, "the program ended with status %d", emulator_child_end(emulator))
               : 0;
}

static bool is_waiting(const struct peer *peer, size_t place)
{
    return peer->emulator.connections[place].fd >= 0 && peer->workers[place].state == WAITING;
}

static int count_waiting(const struct peer *peer)
{
    int count = 0;
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        count += is_waiting(peer, i);
    return count;
}

static int await_workers(struct peer *peer)
{
    while (count_waiting(peer) < peer->load->workers) {
        if (receive_all(peer, "a worker's /next") < 0)
            return -1;
    }
    peer->all_came = true;
    return 0;
}

static int give_events(struct peer *peer)
{
    while (peer->answered < peer->load->invocations) {
        for (size_t i = 0; i < EMULATOR_CONNECTIONS && peer->given < peer->load->invocations; i++) {
            if (is_waiting(peer, i) && give_event(peer, i) < 0)
                return -1;
        }
        if (receive_all(peer, "an answer") < 0)
            return -1;
    }
    return 0;
}

/* There is one: all wait, but for the one that was given the last event. */
static size_t next_waiting(const struct peer *peer)
{
    size_t place = 0;
    while (!is_waiting(peer, place))
        place++;
    return place;
}

/* One is told to stop; what another is at must still arrive. */
static int end(struct peer *peer)
{
    const struct emulator_step failed = {.kind = EMULATOR_NEXT, .status = 500, .length = -1};
    struct emulator *emulator = &peer->emulator;
    if (peer->load->busy_at_end || peer->load->post_fails_at_end) {
        if (give_event(peer, next_waiting(peer)) < 0)
            return -1;
    }
    if (!peer->load->post_fails_at_end && send_answer(peer, next_waiting(peer), &failed) < 0)
        return -1;
    while (peer->answered < peer->given) {
        if (receive_all(peer, "the last answer") < 0)
            return -1;
    }
    while (emulator->standard_error >= 0) {
        if (emulator_wait(emulator, NULL, 0, emulator_deadline_sec(emulator)) <= 0)
            return emulator_fail(emulator, "the program did not end in time");
    }
    emulator_child_end(emulator);
    return 0;
}

int emulator_load(const struct emulator_options *options, const struct emulator_load *load,
                  struct emulator_run *run)
{
    static struct peer peer;
    peer = (struct peer){
        .load = load,
        .emulator = {.options = options, .run = run, .listener = -1, .child = -1, .standard_error = -1}};
    struct emulator *emulator = &peer.emulator;
    run->exit_status = -1;
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        emulator->connections[i].fd = -1;
    int status = -1;
    if (emulator_listen(emulator, true) == 0 && emulator_child_start(emulator) == 0)
        status =
            await_workers(&peer) < 0 || give_events(&peer) < 0 || await_workers(&peer) < 0 || end(&peer) < 0
                ? -1
                : 0;
    emulator_child_kill(emulator);
    for (size_t i = 0; i < EMULATOR_CONNECTIONS; i++)
        emulator_hang_up(&emulator->connections[i], false);
    if (emulator->listener >= 0)
        close(emulator->listener);
    return status;
}
