#include "session_client.h"

#include <cjson/cJSON.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define COOKIE "__Host-session"

double session_now_sec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long long epoch_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The function that is gone, or answers nothing, ends the test: nothing that follows would tell more. */
static _Noreturn void give_up(struct session_client *client)
{
    fprintf(stderr, "%.60000s\nin \"%s\": %s\n", client->run.standard_error ? client->run.standard_error : "",
            client->row->name, client->run.problem);
    exit(1);
}

void session_client_open(struct session_client *client, char *bootstrap, const char *url,
                         struct session_row *row)
{
    *client = (struct session_client){.row = row, .deadline_ms = SESSION_DEADLINE_MS};
    snprintf(client->url, sizeof(client->url), "REDIS_URL=%s", url);
    client->argv[0] = bootstrap;
    client->env[0] = client->url;
    client->options = (struct emulator_options){.argv = client->argv, .env = client->env, .timeout_sec = 30};
    client->emulator = emulator_begin(&client->options, &client->run);
    if (!client->emulator || *client->run.problem)
        give_up(client);
}

void session_client_lose(struct session_client *client, const char *why)
{
    client->row->lost++;
    fprintf(stderr, "LOST in \"%s\": %s\n", client->row->name, why);
}

void session_client_close(struct session_client *client)
{
    emulator_continue(client->emulator, "next status=500\nexit 1\n");
    emulator_end(client->emulator);
    if (*client->run.violations)
        session_client_lose(client, client->run.violations);
    if (*client->run.problem)
        session_client_lose(client, client->run.problem);
    if (getenv("SESSION_TEST_ECHO"))
        fprintf(stderr, "%s", client->run.standard_error ? client->run.standard_error : "");
    emulator_run_clean_up(&client->run);
}

bool session_client_said(const struct session_client *client, const char *text)
{
    return client->run.standard_error && strstr(client->run.standard_error, text);
}

/* An event of an HTTP API, payload 2.0. */
static char *make_event(const struct session_request *request)
{
    cJSON *event = cJSON_CreateObject(), *headers, *context, *http, *cookies;
    char cookie[128];
    cJSON_AddStringToObject(event, "version", "2.0");
    cJSON_AddStringToObject(event, "routeKey", "$default");
    cJSON_AddStringToObject(event, "rawPath", request->path);
    cJSON_AddStringToObject(event, "rawQueryString", "");
    if (request->id) {
        snprintf(cookie, sizeof(cookie), COOKIE "=%s", request->id);
        cookies = cJSON_AddArrayToObject(event, "cookies");
        cJSON_AddItemToArray(cookies, cJSON_CreateString(cookie));
    }
    headers = cJSON_AddObjectToObject(event, "headers");
    cJSON_AddStringToObject(headers, "content-type", "application/json");
    context = cJSON_AddObjectToObject(event, "requestContext");
    cJSON_AddStringToObject(context, "stage", "$default");
    cJSON_AddStringToObject(context, "requestId", "JKJaXmPLvHcESHA=");
    http = cJSON_AddObjectToObject(context, "http");
    cJSON_AddStringToObject(http, "method", request->method);
    cJSON_AddStringToObject(http, "path", request->path);
    cJSON_AddStringToObject(http, "sourceIp", "203.0.113.7");
    if (request->body)
        cJSON_AddStringToObject(event, "body", request->body);
    cJSON_AddBoolToObject(event, "isBase64Encoded", false);
    char *text = cJSON_PrintUnformatted(event);
    cJSON_Delete(event);
    return text;
}

static char *make_scenario(const char *event, long long deadline)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "next header=\"Lambda-Runtime-Deadline-Ms: %lld\" event=\"", deadline);
    for (; *event; event++)
        fprintf(out, strchr("\"\\", *event) ? "\\%c" : "%c", *event);
    fprintf(out, "\"\nanswer\n");
    fclose(out);
    return text;
}

/* The request that answered. */
static const struct emulator_request *play(struct session_client *client, const char *event)
{
    char *scenario = make_scenario(event, epoch_ms() + client->deadline_ms);
    int status = emulator_continue(client->emulator, scenario);
    free(scenario);
    if (status < 0)
        give_up(client);
    return &client->run.requests[client->run.request_count - 1];
}

const char *session_client_event(struct session_client *client, const char *event)
{
    return play(client, event)->body;
}

static const char *text_of(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(json, name);
    return cJSON_IsString(item) ? item->valuestring : "";
}

static void read_answer(const cJSON *json, struct session_answer *answer)
{
    const cJSON *status = cJSON_GetObjectItem(json, "statusCode");
    const cJSON *cookie = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "cookies"), 0);
    answer->status = cJSON_IsNumber(status) ? status->valueint : 0;
    snprintf(answer->body, sizeof(answer->body), "%s", text_of(json, "body"));
    if (!cJSON_IsString(cookie))
        return;
    snprintf(answer->cookie, sizeof(answer->cookie), "%s", cookie->valuestring);
    sscanf(answer->cookie, COOKIE "=%63[^;]", answer->id);
}

/* A 503 that a client can work with: JSON, not to be cached, and when to come again. */
static bool is_clean_refusal(const cJSON *json, const struct session_answer *answer)
{
    const cJSON *headers = cJSON_GetObjectItem(json, "headers");
    const char *after = text_of(headers, "Retry-After");
    cJSON *body = cJSON_Parse(answer->body);
    bool clean = answer->status == 503 && *after && strspn(after, "0123456789") == strlen(after) &&
                 atoi(after) >= 1 && atoi(after) <= 10 && *text_of(body, "error") &&
                 strcmp(text_of(headers, "Content-Type"), "application/json") == 0 &&
                 strcmp(text_of(headers, "Cache-Control"), "no-store") == 0 && !*answer->cookie;
    cJSON_Delete(body);
    return clean;
}

static void judge(struct session_client *client, const struct session_request *wanted, const cJSON *json,
                  struct session_answer *answer)
{
    double took_sec = answer->ended_sec - answer->began_sec;
    char why[2048];
    bool in_time = took_sec * 1000 < client->deadline_ms;
    bool refused = is_clean_refusal(json, answer);
    bool as_wanted =
        answer->status == wanted->status && (!wanted->text || strstr(answer->body, wanted->text));
    answer->served = in_time && as_wanted && wanted->outlook != SESSION_REFUSED;
    answer->refused = in_time && refused && wanted->outlook != SESSION_SERVED;
    if (answer->served || answer->refused)
        return;
    snprintf(why, sizeof(why), "%s %s after %.0f of %d ms: status %d, not %d: %.1000s", wanted->method,
             wanted->path, took_sec * 1000, client->deadline_ms, answer->status,
             wanted->outlook == SESSION_REFUSED ? 503 : wanted->status, answer->body);
    session_client_lose(client, why);
}

static void count(struct session_row *row, const struct session_answer *answer)
{
    row->invocations++;
    row->served += answer->served;
    row->refused += answer->refused;
    if (answer->served && row->time_count < SESSION_TIMES)
        row->times_sec[row->time_count++] = answer->ended_sec - answer->began_sec;
}

void session_client_call(struct session_client *client, const struct session_request *request,
                         struct session_answer *answer)
{
    char *event = make_event(request);
    *answer = (struct session_answer){.began_sec = session_now_sec()};
    const struct emulator_request *came = play(client, event);
    answer->ended_sec = session_now_sec();
    free(event);
    if (came->kind == EMULATOR_RESPONSE) {
        cJSON *json = cJSON_ParseWithLength(came->body, came->body_bytes);
        read_answer(json, answer);
        judge(client, request, json, answer);
        cJSON_Delete(json);
    } else {
        session_client_lose(client, came->body);
    }
    count(client->row, answer);
}
