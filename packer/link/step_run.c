#include "link/step.h"

#include <string.h>
#include <unistd.h>

/* What is to be run: indexes of steps, and a job for each. */
struct plan {
    size_t *index;
    struct job *jobs;
    size_t count;
};

static int make_plan(const struct step *steps, size_t count, struct hash_cache *cache, struct plan *plan)
{
    plan->index = shared_arena_alloc(cache->arena, count * sizeof(*plan->index));
    plan->jobs = shared_arena_alloc(cache->arena, count * sizeof(*plan->jobs));
    plan->count = 0;
    if (!plan->index || !plan->jobs)
        return SHARED_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (step_is_current(&steps[i], cache))
            continue;
        /* What is there already would be taken for the command's if that failed silently. */
        unlink(steps[i].output);
        if (steps[i].beside)
            unlink(steps[i].beside);
        plan->jobs[plan->count] = (struct job){.argv = steps[i].argv, .folder = steps[i].folder};
        plan->index[plan->count++] = i;
    }
    return 0;
}

static int add_message(struct step_messages *messages, const struct step *step, const struct job *job,
                       struct shared_arena *arena)
{
    size_t size = sizeof(*messages->items);
    struct step_message *items =
        shared_arena_resize(arena, messages->items, messages->count * size, (messages->count + 1) * size);
    if (!items)
        return SHARED_ENOMEM;
    messages->items = items;
    messages->items[messages->count++] =
        (struct step_message){.title = step->title, .text = job->output, .status = job->status};
    return 0;
}

/* Keeps what all tools said before anything else can fail: a person needs every word. */
static int keep_messages(const struct step *steps, const struct plan *plan, struct hash_cache *cache,
                         struct step_messages *messages, struct shared_error *err)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct step *step = &steps[plan->index[i]];
        const struct job *job = &plan->jobs[i];
        if ((job->status != 0 ? !step->failed : job->output.size_bytes > 0) &&
            add_message(messages, step, job, cache->arena) < 0)
            return shared_fail(err, SHARED_ENOMEM, 0, "no memory for what %s says", step->title);
    }
    return 0;
}

/* Records what succeeded, so that it is not made again, and fails where a step did. */
static int record_all(const struct step *steps, const struct plan *plan, const struct timespec *started,
                      struct hash_cache *cache, struct shared_error *err)
{
    size_t failed = 0;
    const char *first = NULL;
    for (size_t i = 0; i < plan->count; i++) {
        const struct step *step = &steps[plan->index[i]];
        if (plan->jobs[i].status != 0 && step->failed)
            *step->failed = true;
        else if (plan->jobs[i].status != 0 && failed++ == 0)
            first = step->title;
        int status = plan->jobs[i].status == 0 ? step_record(step, started, cache, err) : 0;
        if (status < 0)
            return status;
    }
    if (failed == 1)
        return shared_fail(err, SHARED_EINVAL, 0, "%s failed", first);
    if (failed > 1)
        return shared_fail(err, SHARED_EINVAL, 0, "%s failed, and %zu more", first, failed - 1);
    return 0;
}

int step_run_all(const struct step *steps, size_t count, unsigned parallel, struct hash_cache *cache,
                 struct step_messages *messages, job_progress *progress, void *user, struct shared_error *err)
{
    struct plan plan;
    struct timespec started;
    if (make_plan(steps, count, cache, &plan) < 0)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to plan %zu steps", count);
    clock_gettime(CLOCK_REALTIME, &started);
    int status = job_run_all(plan.jobs, plan.count, parallel, cache->arena, progress, user, err);
    if (status == 0)
        status = keep_messages(steps, &plan, cache, messages, err);
    return status == 0 ? record_all(steps, &plan, &started, cache, err) : status;
}
