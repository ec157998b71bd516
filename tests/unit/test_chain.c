/* What stands around a handler: order, what passes through, the first invocation and the time of init. */
#include <shared/chain.h>

#include <check.h>

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static char trail[64]; /* the parts in the order in which they were called and left */

static void note(char c)
{
    size_t length = strlen(trail);
    if (length + 1 < sizeof(trail))
        trail[length] = c;
}

/* A part that leaves its letter before and, in lower case, after what is further in. */
struct letter {
    struct shared_middleware middleware;
    char letter;
    const char *trace_id; /* given to those further in */
    bool stops;
    int status; /* returned in the place of theirs, where it is not 0 */
};

static int letter_around(struct shared_middleware *self, const struct shared_context *context,
                         struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    const struct letter *letter = (const struct letter *)self;
    struct shared_context own = *context;
    if (letter->trace_id)
        own.trace_id = letter->trace_id;
    note(letter->letter);
    int status = letter->stops ? 0 : shared_middleware_next(self, &own, event, answer, err);
    note((char)(letter->letter | 0x20));
    return letter->status ? letter->status : status;
}

#define LETTER(...)                                          \
    {                                                        \
        .middleware = {.around = letter_around}, __VA_ARGS__ \
    }

static struct shared_context seen; /* what the handler got */
static struct shared_slice seen_event;
static int handler_status;

static int handler(const struct shared_context *context, struct shared_slice event,
                   struct shared_answer *answer, struct shared_error *err)
{
    note('!');
    seen = *context;
    seen_event = event;
    answer->body = event;
    if (handler_status < 0) {
        answer->failure.type = "Function.Test";
        return shared_fail(err, (enum shared_error_code)handler_status, 0, "out of stock");
    }
    return handler_status;
}

/* One invocation as the loop makes it. */
static int serve(const struct shared_runtime_options *options, struct shared_answer *answer,
                 struct shared_error *err)
{
    struct shared_context context = {.request_id = "id-1", .deadline_ms = INT64_MAX, .user = options->user};
    memset(trail, 0, sizeof(trail));
    *answer = (struct shared_answer){.content_type = NULL};
    *err = (struct shared_error){.code = SHARED_OK};
    return shared_chain_serve(&context, shared_slice_from_text("event"), answer, err);
}

static void test_order(void)
{
    struct letter a = LETTER(.letter = 'A', .trace_id = "from a"), b = LETTER(.letter = 'B'),
                  c = LETTER(.letter = 'C');
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err;
    const struct shared_runtime_options *options = shared_chain_init(
        &chain, handler, NULL, SHARED_CHAIN(&a.middleware, NULL, &b.middleware, &c.middleware, NULL));
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK_TEXT(trail, "ABC!cba");
    CHECK_SLICE(answer.body, "event");
    CHECK_SLICE(seen_event, "event");
    CHECK_TEXT(seen.request_id, "id-1");
    CHECK_TEXT(seen.trace_id, "from a");
    CHECK(seen.user == NULL && !seen.log && !seen.metrics && !seen.trace);
    CHECK(seen.deadline_ms == INT64_MAX);
}

static void test_without_parts(void)
{
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err;
    int user = 0;
    struct shared_runtime_options given = {.user = &user};
    const struct shared_runtime_options *options = shared_chain_init(&chain, handler, &given, NULL, 0);
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK_TEXT(trail, "!");
    CHECK(seen.user == &user);
    CHECK(seen.cold_start);
}

static void test_outcome(void)
{
    struct letter a = LETTER(.letter = 'A'), b = LETTER(.letter = 'B');
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err;
    const struct shared_runtime_options *options =
        shared_chain_init(&chain, handler, NULL, SHARED_CHAIN(&a.middleware, &b.middleware));

    handler_status = SHARED_ENOTFOUND;
    CHECK_NUMBER(serve(options, &answer, &err), SHARED_ENOTFOUND);
    CHECK_TEXT(trail, "AB!ba");
    CHECK_NUMBER(err.code, SHARED_ENOTFOUND);
    CHECK_TEXT(err.text, "out of stock");
    CHECK_TEXT(answer.failure.type, "Function.Test");

    handler_status = 1; /* the answer has been streamed */
    CHECK_NUMBER(serve(options, &answer, &err), 1);
    handler_status = 0;

    b.stops = true;
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK_TEXT(trail, "ABba");
    a.status = -99;
    CHECK_NUMBER(serve(options, &answer, &err), -99);
}

static int init_status;
static void *init_user;

static int slow_init(void *user, struct shared_error *err)
{
    init_user = user;
    usleep(30000);
    return init_status < 0 ? shared_fail(err, (enum shared_error_code)init_status, 0, "no table")
                           : init_status;
}

static int other_resolve(const char *host, uint32_t *address, struct shared_error *err)
{
    (void)host;
    *address = 0;
    (void)err;
    return 0;
}

static void other_report(const struct shared_error *problem)
{
    (void)problem;
}

static void test_options(void)
{
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err = {0};
    int user = 0;
    struct shared_runtime_options given = {
        .init = slow_init, .user = &user, .report = other_report, .resolve = other_resolve};
    const struct shared_runtime_options *options = shared_chain_init(&chain, handler, &given, NULL, 0);
    CHECK(options->report == other_report && options->resolve == other_resolve);
    CHECK_NUMBER(options->init(options->user, &err), 0);
    CHECK(init_user == &user);
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK(seen.user == &user);
    CHECK(seen.init_us >= 30000 && seen.init_us < 30000000);

    init_status = SHARED_EIO;
    CHECK_NUMBER(options->init(options->user, &err), SHARED_EIO);
    CHECK_TEXT(err.text, "no table");
    init_status = 7;
    CHECK_NUMBER(options->init(options->user, &err), 7);
    init_status = 0;
}

static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Without an init of the function's, what the process has done until the loop begins still is init; the wait
 * for the first event is not. */
static void test_init_time(void)
{
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err = {0};
    int64_t before_us = cpu_us();
    const struct shared_runtime_options *options = shared_chain_init(&chain, handler, NULL, NULL, 0);
    usleep(20000);
    if (!CHECK(options->init != NULL))
        return;
    CHECK_NUMBER(options->init(options->user, &err), 0);
    int64_t init_us = chain.init_us;
    CHECK(init_us >= before_us + 20000);
    usleep(50000);
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK_NUMBER(seen.init_us, init_us);
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK_NUMBER(seen.init_us, init_us);
}

static void test_cold_start(void)
{
    struct shared_chain chain;
    struct shared_answer answer;
    struct shared_error err;
    const struct shared_runtime_options *options = shared_chain_init(&chain, handler, NULL, NULL, 0);
    for (int i = 0; i < 3; i++) {
        handler_status = i == 0 ? SHARED_EIO : 0; /* one that fails was the first all the same */
        serve(options, &answer, &err);
        CHECK_NUMBER(seen.cold_start, i == 0);
    }
    shared_chain_init(&chain, handler, NULL, NULL, 0);
    CHECK_NUMBER(serve(options, &answer, &err), 0);
    CHECK(seen.cold_start);
}

#define THREADS 16

static int cold_starts;

static int count_cold_starts(const struct shared_context *context, struct shared_slice event,
                             struct shared_answer *answer, struct shared_error *err)
{
    (void)event, (void)err;
    answer->body = shared_slice_from_text("x");
    if (context->cold_start)
        __atomic_fetch_add(&cold_starts, 1, __ATOMIC_RELAXED);
    return 0;
}

/* Parts that several threads are in at once keep nothing outside of their stacks. */
static int pass_on(struct shared_middleware *self, const struct shared_context *context,
                   struct shared_slice event, struct shared_answer *answer, struct shared_error *err)
{
    struct shared_context own = *context;
    return shared_middleware_next(self, &own, event, answer, err);
}

static void *serve_many(void *options_of_chain)
{
    const struct shared_runtime_options *options = options_of_chain;
    struct shared_context context = {.request_id = "id", .user = options->user};
    for (int i = 0; i < 200; i++) {
        struct shared_answer answer = {.content_type = NULL};
        struct shared_error err;
        if (shared_chain_serve(&context, shared_slice_from_text(""), &answer, &err) != 0)
            __atomic_fetch_add(&cold_starts, 1000, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void test_threads(void)
{
    struct shared_chain chain;
    struct shared_middleware a = {.around = pass_on}, b = {.around = pass_on};
    struct shared_error err;
    pthread_t threads[THREADS];
    const struct shared_runtime_options *options =
        shared_chain_init(&chain, count_cold_starts, NULL, SHARED_CHAIN(&a, &b));
    CHECK_NUMBER(options->init(options->user, &err), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_NUMBER(pthread_create(&threads[i], NULL, serve_many, (void *)options), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_NUMBER(cold_starts, 1);
}

int main(void)
{
    CHECK_RUN(test_order);
    CHECK_RUN(test_without_parts);
    CHECK_RUN(test_outcome);
    CHECK_RUN(test_options);
    CHECK_RUN(test_init_time);
    CHECK_RUN(test_cold_start);
    CHECK_RUN(test_threads);
    return check_report();
}
