#include "emulator_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    int status;
    const char *reason;
} reasons[] = {{100, "Continue"}, {103, "Early Hints"},       {200, "OK"},
               {202, "Accepted"}, {400, "Bad Request"},       {403, "Forbidden"},
               {410, "Gone"},     {413, "Payload Too Large"}, {500, "Internal Server Error"}};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Unknown";
}

/* The value that a step's own header lines give a name; NULL where they do not have it. */
static const char *own_header(const struct emulator_step *step, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < step->header_count; i++) {
        const char *value = step->headers[i];
        if (strncasecmp(value, name, size) == 0 && value[size] == ':')
            return value + size + 1 + strspn(value + size + 1, " \t");
    }
    return NULL;
}

/* Each event has an id of its own, unless the step says otherwise; what is posted next must name it. */
static void choose_id(struct emulator *emulator, const struct emulator_step *step)
{
    const char *invocation_id = own_header(step, "Lambda-Runtime-Invocation-Id");
    snprintf(emulator->invocation_id, sizeof(emulator->invocation_id), "%s",
             invocation_id ? invocation_id : "");
    if (step->again)
        return;
    if (step->id)
        snprintf(emulator->id, sizeof(emulator->id), "%s", step->id);
    else
        snprintf(emulator->id, sizeof(emulator->id), "8476a536-e9f4-11e8-9739-%012u", ++emulator->events);
}

static void write_event_headers(struct emulator *emulator, const struct emulator_step *step, FILE *out)
{
    if (step->kind != EMULATOR_NEXT || step->status != 200)
        return;
    choose_id(emulator, step);
    if (!step->no_id)
        fprintf(out, "Lambda-Runtime-Aws-Request-Id: %s\r\n", emulator->id);
    if (step->plain)
        return;
    if (!own_header(step, "Lambda-Runtime-Deadline-Ms"))
        fprintf(out, "Lambda-Runtime-Deadline-Ms: 4102444800000\r\n");
    if (!own_header(step, "Lambda-Runtime-Invoked-Function-Arn"))
        fprintf(
            out,
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:test\r\n");
}

static void write_head(struct emulator *emulator, const struct emulator_step *step, FILE *out)
{
    if (step->interim)
        fprintf(out, "HTTP/1.1 %ld %s\r\n%s\r\n", step->interim, reason_of((int)step->interim),
                step->interim == 103 ? "Link: </style.css>; rel=preload\r\n" : "");
    fprintf(out, "HTTP/%s %d %s\r\n", step->version ? step->version : "1.1", step->status,
            step->reason ? step->reason : reason_of(step->status));
    if (!own_header(step, "Content-Type"))
        fprintf(out, "Content-Type: application/json\r\n");
    write_event_headers(emulator, step, out);
    if (step->kind == EMULATOR_REGISTER && step->status == 200 && !step->no_id)
        fprintf(out, "Lambda-Extension-Identifier: %s\r\n", EMULATOR_EXTENSION_ID);
    for (size_t i = 0; i < step->header_count; i++)
        fprintf(out, "%s\r\n", step->headers[i]);
    if (step->chunk_bytes)
        fprintf(out, "Transfer-Encoding: chunked\r\n");
    else if (!step->no_length)
        fprintf(out, "Content-Length: %zu\r\n", step->length >= 0 ? (size_t)step->length : step->body_bytes);
    fprintf(out, "\r\n");
}

/* RFC 9112, section 7.1. */
static void write_chunks(const struct emulator_step *step, FILE *out)
{
    const char *separator = step->extension ? ";" : "", *extension = step->extension ? step->extension : "";
    for (size_t at = 0; at < step->body_bytes; at += step->chunk_bytes) {
        size_t size = step->body_bytes - at < step->chunk_bytes ? step->body_bytes - at : step->chunk_bytes;
        fprintf(out, "%zx%s%s\r\n", size, separator, extension);
        fwrite(step->body + at, 1, size, out);
        fprintf(out, "\r\n");
    }
    fprintf(out, "0%s%s\r\n%s%s\r\n", separator, extension, step->trailer ? step->trailer : "",
            step->trailer ? "\r\n" : "");
}

char *emulator_answer(struct emulator *emulator, const struct emulator_step *step, size_t *size_bytes)
{
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, size_bytes);
    if (!out)
        return NULL;
    if (step->raw) {
        if (step->id)
            choose_id(emulator, step);
        fwrite(step->raw, 1, step->raw_bytes, out);
    } else {
        write_head(emulator, step, out);
        if (step->chunk_bytes)
            write_chunks(step, out);
        else if (step->body_bytes)
            fwrite(step->body, 1, step->body_bytes, out);
    }
    if (fclose(out) == 0)
        return bytes;
    free(bytes);
    return NULL;
}
