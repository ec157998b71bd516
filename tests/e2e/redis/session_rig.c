#include "session_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void rig_sleep_ms(int ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

void rig_row(struct session_rig *rig, const char *name)
{
    struct session_row *row = calloc(1, sizeof(*row));
    if (!row || rig->row_count == SESSION_ROWS)
        abort();
    row->name = name;
    rig->rows[rig->row_count++] = rig->client->row = row;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_row(struct session_row *row)
{
    double *times = row->times_sec;
    char typical[32] = "-", longest[32] = "-";
    qsort(times, row->time_count, sizeof(*times), compare);
    if (row->time_count) {
        snprintf(typical, sizeof(typical), "%.2f", times[row->time_count / 2] * 1e3);
        snprintf(longest, sizeof(longest), "%.0f", times[row->time_count - 1] * 1e3);
    }
    printf("%-52s %6d %6d %6d %6d %9s %9s\n", row->name, row->invocations, row->served, row->refused,
           row->lost, typical, longest);
}

int rig_report(const struct session_rig *rig)
{
    struct session_row *total = calloc(1, sizeof(*total));
    if (!total)
        abort();
    total->name = "all";
    printf("%-52s %6s %6s %6s %6s %9s %9s\n", "", "calls", "served", "503", "lost", "median ms", "max ms");
    for (int i = 0; i < rig->row_count; i++) {
        print_row(rig->rows[i]);
        total->invocations += rig->rows[i]->invocations;
        total->served += rig->rows[i]->served;
        total->refused += rig->rows[i]->refused;
        total->lost += rig->rows[i]->lost;
        free(rig->rows[i]);
    }
    print_row(total);
    int lost = total->lost;
    if (total->served + total->refused != total->invocations) {
        printf("%d of %d invocations are neither served nor refused\n",
               total->invocations - total->served - total->refused, total->invocations);
        lost++;
    }
    free(total);
    return lost;
}

void rig_expect(struct session_rig *rig, bool holds, const char *what)
{
    if (!holds)
        session_client_lose(rig->client, what);
}

void rig_login(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer)
{
    struct session_request request = {.method = "POST",
                                      .path = "/login",
                                      .body = "{\"user\":\"ada\"}",
                                      .status = 201,
                                      .text = "\"user\":\"ada\"",
                                      .outlook = outlook};
    session_client_call(rig->client, &request, answer);
    if (answer->served) {
        rig_expect(rig, strlen(answer->id) == 32, "the cookie of a login has no id");
        memcpy(rig->id, answer->id, sizeof(rig->id));
    }
}

void rig_get(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer)
{
    struct session_request request = {.method = "GET",
                                      .path = "/session",
                                      .id = rig->id,
                                      .status = 200,
                                      .text = "\"user\":\"ada\"",
                                      .outlook = outlook};
    session_client_call(rig->client, &request, answer);
    if (answer->served)
        rig_expect(rig, strcmp(answer->id, rig->id) == 0, "the cookie is not prolonged");
}

void rig_delete(struct session_rig *rig, enum session_outlook outlook, struct session_answer *answer)
{
    struct session_request request = {
        .method = "DELETE", .path = "/session", .id = rig->id, .status = 204, .outlook = outlook};
    session_client_call(rig->client, &request, answer);
    if (!answer->served)
        return;
    struct session_answer after;
    rig_expect(rig, strstr(answer->cookie, "Max-Age=0") != NULL, "the cookie is not deleted");
    request = (struct session_request){
        .method = "GET", .path = "/session", .id = rig->id, .status = 401, .text = "no session"};
    session_client_call(rig->client, &request, &after);
}

void rig_session(struct session_rig *rig)
{
    struct session_answer answer;
    rig_login(rig, SESSION_SERVED, &answer);
}

void rig_ask(struct session_rig *rig, const char *method, const char *path, const char *body, const char *id,
             int status)
{
    struct session_request request = {
        .method = method, .path = path, .body = body, .id = id, .status = status};
    struct session_answer answer;
    session_client_call(rig->client, &request, &answer);
}

void rig_restart(struct session_rig *rig)
{
    redis_server_kill(&rig->redis);
    redis_server_start(&rig->redis, NULL, false);
}

static void *run(void *argument)
{
    struct rig_call *call = argument;
    call->call(call->rig, call->outlook, &call->answer);
    return NULL;
}

void rig_begin(struct rig_call *call)
{
    if (pthread_create(&call->thread, NULL, run, call) != 0)
        abort();
}

void rig_join(struct rig_call *call)
{
    pthread_join(call->thread, NULL);
}
