/* test_rie_workers.c - several invocations at once behind aws-lambda-rie as it is for managed instances. */
#include "rie.h"

#include <check.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define WORKERS 4 /* as AWS_LAMBDA_MAX_CONCURRENCY says */

struct call {
    const struct rie *rie;
    const char *event;
    int status;
    struct rie_answer answer;
    pthread_t thread;
};

/* Between an answer and the next /next a worker is not there yet: the emulator then says so at once. */
static void *invoke(void *argument)
{
    struct call *call = argument;
    for (int tries = 0; tries < 100; tries++) {
        call->status = rie_invoke(call->rie, NULL, call->event, strlen(call->event), &call->answer);
        if (call->status < 0 || !strstr(call->answer.body, "Runtime.Unavailable"))
            break;
        free(call->answer.text);
        call->answer.text = NULL;
        usleep(10000);
    }
    return NULL;
}

/* The handlers wait for each other, so that they have to be there at once. */
static void invoke_together(const struct rie *rie)
{
    struct call calls[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        calls[i] = (struct call){
            .rie = rie, .event = "{\"version\":\"2.0\",\"rawPath\":\"/x\",\"rawQueryString\":\"kind=meet\"}"};
        pthread_create(&calls[i].thread, NULL, invoke, &calls[i]);
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(calls[i].thread, NULL);
        if (CHECK_NUMBER(calls[i].status, 0) && CHECK(calls[i].answer.text != NULL) &&
            !CHECK(strstr(calls[i].answer.body, "\"statusCode\":200") != NULL))
            fprintf(stderr, "    the answer is %s\n", calls[i].answer.body);
        free(calls[i].answer.text);
    }
}

static const char *program;

static void test_together(void)
{
    struct rie rie;
    if (!CHECK(rie_start(program, "/var/task/bootstrap", &rie) == 0))
        return;
    for (int round = 0; round < 20; round++) {
        struct call failing = {
            .rie = &rie,
            .event = "{\"version\":\"2.0\",\"rawPath\":\"/x\",\"rawQueryString\":\"kind=fail\"}"};
        invoke_together(&rie);
        invoke(&failing);
        if (CHECK_NUMBER(failing.status, 0) && CHECK(failing.answer.text != NULL))
            CHECK(strstr(failing.answer.body, "\"Function.NotFound\"") != NULL);
        free(failing.answer.text);
    }
    rie_stop(&rie);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s AWS_LAMBDA_RIE\n", argv[0]);
        return 2;
    }
    program = argv[1];
    CHECK_RUN(test_together);
    return check_report();
}
