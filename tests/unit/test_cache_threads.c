#include "check.h"
#include "crowd.h"

#include <shared/cache.h>

#include <stdlib.h>

/* What threads share is counted with atomic operations; an object's own field is not, so that a sanitizer sees
 * two borrowers of one object. */
static int made, alive, most_alive, destroyed, served, refused, shared_by_two;

struct object {
    char key[8];
    int uses;
    int borrowers;
};

static int make(void *user, const char *key, const void *borrower, void **object, struct shared_error *err)
{
    (void)borrower;
    (void)user;
    if (__atomic_add_fetch(&made, 1, __ATOMIC_RELAXED) % 7 == 0)
        return shared_fail(err, SHARED_EIO, 0, "connection refused");
    struct object *own = calloc(1, sizeof *own);
    snprintf(own->key, sizeof own->key, "%s", key);
    crowd_count_in(&alive, &most_alive);
    *object = own;
    return 0;
}

static bool check(void *user, void *object, const void *borrower)
{
    (void)borrower;
    (void)user;
    return ++((struct object *)object)->uses % 11 != 0;
}

static void destroy(void *user, void *object)
{
    (void)user;
    free(object);
    __atomic_sub_fetch(&alive, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&destroyed, 1, __ATOMIC_RELAXED);
}

static void use_at_random(int number, void *user)
{
    struct shared_cache *cache = user;
    unsigned random = (unsigned)number;
    for (int i = 0; i < 2000; i++) {
        char key[8];
        struct shared_cache_loan loan;
        random = random * 1103515245 + 12345;
        snprintf(key, sizeof key, "k%u", random >> 16 & 15);
        int code = shared_cache_borrow(cache, key, NULL, &loan, NULL);
        if (code < 0) {
            __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
            continue;
        }
        struct object *object = loan.object;
        if (__atomic_add_fetch(&object->borrowers, 1, __ATOMIC_RELAXED) != 1 || strcmp(object->key, key) != 0)
            __atomic_add_fetch(&shared_by_two, 1, __ATOMIC_RELAXED);
        object->uses++;
        __atomic_sub_fetch(&object->borrowers, 1, __ATOMIC_RELAXED);
        __atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
        shared_cache_return(cache, &loan, random >> 20 & 7);
    }
}

static void test_random_use(size_t capacity)
{
    struct shared_cache cache;
    struct shared_cache_options options = {
        .capacity = capacity, .make = make, .check = check, .destroy = destroy};
    made = alive = most_alive = destroyed = served = refused = 0;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK(crowd_run(use_at_random, &cache));
    CHECK_NUMBER(served + refused, CROWD * 2000);
    CHECK_NUMBER(shared_by_two, 0);
    CHECK(served > CROWD);
    CHECK(most_alive <= (int)capacity);
    CHECK_NUMBER(made - made / 7 - destroyed, alive);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(alive, 0);
}

static void test_small(void)
{
    test_random_use(1);
}

static void test_middle(void)
{
    test_random_use(20);
}

static void test_large(void)
{
    test_random_use(SHARED_CACHE_CAPACITY_LIMIT);
}

/* All want one missing key at once: each gets an object of its own, as far as there is room. */
struct rush {
    struct shared_cache cache;
    struct shared_cache_loan loans[CROWD];
    int codes[CROWD];
};

static int make_plain(void *user, const char *key, const void *borrower, void **object,
                      struct shared_error *err)
{
    (void)borrower;
    (void)user;
    (void)key;
    (void)err;
    crowd_sleep_us(1000);
    *object = calloc(1, 1);
    return 0;
}

static void destroy_plain(void *user, void *object)
{
    (void)user;
    free(object);
}

static void borrow_one(int number, void *user)
{
    struct rush *rush = user;
    rush->codes[number] = shared_cache_borrow(&rush->cache, "one", NULL, &rush->loans[number], NULL);
}

static void test_rush(void)
{
    static struct rush rush;
    struct shared_cache_options options = {
        .capacity = CROWD / 2, .make = make_plain, .destroy = destroy_plain};
    CHECK_NUMBER(shared_cache_init(&rush.cache, &options, NULL), 0);
    CHECK(crowd_run(borrow_one, &rush));
    int lent = 0;
    for (int i = 0; i < CROWD; i++) {
        CHECK(rush.codes[i] == 0 || rush.codes[i] == SHARED_ETOOBIG);
        CHECK((rush.codes[i] == 0) == (rush.loans[i].object != NULL));
        lent += rush.codes[i] == 0;
        for (int j = 0; j < i; j++)
            CHECK(!rush.loans[i].object || rush.loans[i].object != rush.loans[j].object);
    }
    CHECK_NUMBER(lent, CROWD / 2);
    for (int i = 0; i < CROWD; i++)
        shared_cache_return(&rush.cache, &rush.loans[i], true);
    shared_cache_clean_up(&rush.cache);
}

/* A check that hangs holds up its own borrower alone. */
static pthread_barrier_t hangs, goes_on;

static bool check_that_hangs(void *user, void *object, const void *borrower)
{
    (void)borrower;
    (void)user;
    (void)object;
    pthread_barrier_wait(&hangs);
    pthread_barrier_wait(&goes_on);
    return true;
}

static void *borrow_slowly(void *user)
{
    struct shared_cache_loan loan;
    CHECK_NUMBER(shared_cache_borrow(user, "slow", NULL, &loan, NULL), 0);
    shared_cache_return(user, &loan, true);
    return NULL;
}

static void test_slow_check(void)
{
    struct shared_cache cache;
    struct shared_cache_options options = {
        .capacity = 3, .make = make_plain, .check = check_that_hangs, .destroy = destroy_plain};
    struct shared_cache_loan loan;
    pthread_t thread;
    pthread_barrier_init(&hangs, NULL, 2);
    pthread_barrier_init(&goes_on, NULL, 2);
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "slow", NULL, &loan, NULL), 0);
    shared_cache_return(&cache, &loan, true);
    CHECK_NUMBER(pthread_create(&thread, NULL, borrow_slowly, &cache), 0);
    pthread_barrier_wait(&hangs);
    static const char *const keys[] = {"other", "slow"};
    for (int i = 0; i < 2; i++) {
        CHECK_NUMBER(shared_cache_borrow(&cache, keys[i], NULL, &loan, NULL), 0);
        shared_cache_return(&cache, &loan, false);
    }
    pthread_barrier_wait(&goes_on);
    pthread_join(thread, NULL);
    shared_cache_clean_up(&cache);
}

int main(void)
{
    CHECK_RUN(test_small);
    CHECK_RUN(test_middle);
    CHECK_RUN(test_large);
    CHECK_RUN(test_rush);
    CHECK_RUN(test_slow_check);
    return check_report();
}
