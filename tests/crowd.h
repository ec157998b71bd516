/* crowd.h - many threads that begin at the same time. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CROWD 64

struct crowd_member {
    int number;
    void *user;
    void (*act)(int number, void *user);
    pthread_barrier_t *begin;
};

static inline void *crowd_thread(void *argument)
{
    struct crowd_member *member = argument;
    pthread_barrier_wait(member->begin);
    member->act(member->number, member->user);
    return NULL;
}

/* Calls act(0, user) to act(CROWD - 1, user), each in its own thread, and waits for all of them. */
static inline bool crowd_run(void (*act)(int number, void *user), void *user)
{
    struct crowd_member members[CROWD];
    pthread_t threads[CROWD];
    pthread_barrier_t begin;
    pthread_barrier_init(&begin, NULL, CROWD);
    for (int i = 0; i < CROWD; i++) {
        members[i] = (struct crowd_member){i, user, act, &begin};
        if (pthread_create(&threads[i], NULL, crowd_thread, &members[i]) != 0)
            return false; /* the others wait for ever: the test is over */
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&begin);
    return true;
}

/* Adds one to *now; *most is what that has been at most. */
static inline void crowd_count_in(int *now, int *most)
{
    int value = __atomic_add_fetch(now, 1, __ATOMIC_RELAXED), old = __atomic_load_n(most, __ATOMIC_RELAXED);
    while (value > old &&
           !__atomic_compare_exchange_n(most, &old, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

static inline int64_t crowd_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void crowd_sleep_us(int64_t us)
{
    struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&time, NULL);
}

#endif
