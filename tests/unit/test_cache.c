#include "check.h"
#include "exhaust.h"
#include "fake_clock.h"

#include <shared/cache.h>

#include <stdlib.h>

void *__real_calloc(size_t count, size_t size_bytes);
void *__wrap_calloc(size_t count, size_t size_bytes);

void *__wrap_calloc(size_t count, size_t size_bytes)
{
    return exhausted() ? NULL : __real_calloc(count, size_bytes);
}

#define FOREVER_US ((int64_t)100 * 365 * 86400 * 1000000)

/* The other side: it counts what is done to it. */
struct peer {
    int made, checked, destroyed, alive, most_alive;
    bool is_down;   /* make fails */
    bool gives_no;  /* make succeeds without an object */
    int dead_until; /* objects made up to this one do not pass check */
    int last_destroyed;
    const void *maker, *checker; /* the borrowers for whom it was made and checked last */
    char last_key[SHARED_CACHE_KEY_BYTES];
};

struct connection {
    int number;
};

static int connect_peer(void *user, const char *key, const void *borrower, void **object,
                        struct shared_error *err)
{
    struct peer *peer = user;
    peer->maker = borrower;
    strcpy(peer->last_key, key);
    if (peer->gives_no)
        return 0;
    if (peer->is_down)
        return shared_fail(err, SHARED_EIO, ECONNREFUSED, "connect");
    struct connection *connection = calloc(1, sizeof *connection);
    connection->number = ++peer->made;
    if (++peer->alive > peer->most_alive)
        peer->most_alive = peer->alive;
    *object = connection;
    return 0;
}

static bool ping(void *user, void *object, const void *borrower)
{
    struct peer *peer = user;
    peer->checker = borrower;
    peer->checked++;
    return ((struct connection *)object)->number > peer->dead_until;
}

static void disconnect(void *user, void *object)
{
    struct peer *peer = user;
    peer->destroyed++;
    peer->alive--;
    peer->last_destroyed = ((struct connection *)object)->number;
    free(object);
}

static struct shared_cache_options options_for(struct peer *peer, size_t capacity)
{
    return (struct shared_cache_options){
        .capacity = capacity, .make = connect_peer, .check = ping, .destroy = disconnect, .user = peer};
}

/* Borrows, tells which object came, gives it back. 0: none came. */
static int use(struct shared_cache *cache, const char *key)
{
    struct shared_cache_loan loan;
    if (shared_cache_borrow(cache, key, NULL, &loan, NULL) < 0)
        return 0;
    int number = ((struct connection *)loan.object)->number;
    shared_cache_return(cache, &loan, true);
    return number;
}

static void test_hit(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 4);
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(use(&cache, "redis:6379"), 1);
    CHECK_TEXT(peer.last_key, "redis:6379");
    CHECK_NUMBER(peer.checked, 0);
    CHECK_NUMBER(use(&cache, "redis:6379"), 1);
    CHECK_NUMBER(peer.checked, 1);
    CHECK_NUMBER(use(&cache, ""), 2);
    CHECK_NUMBER(use(&cache, "redis:6379"), 1);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.destroyed, 2);
}

static void test_borrower(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 1);
    struct shared_cache_loan loan;
    int first, second;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", &first, &loan, NULL), 0);
    CHECK(peer.maker == &first);
    shared_cache_return(&cache, &loan, true);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", &second, &loan, NULL), 0);
    CHECK(peer.maker == &first);
    CHECK(peer.checker == &second);
    shared_cache_return(&cache, &loan, true);
    shared_cache_clean_up(&cache);
}

static void test_two_borrowers(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 2);
    struct shared_cache_loan first, second, third = {&peer, NULL};
    struct shared_error err = {0};
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &first, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &second, NULL), 0);
    CHECK(first.object != second.object);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &third, &err), SHARED_ETOOBIG);
    CHECK_MESSAGE(&err, "all 2 objects of the cache are lent");
    CHECK(!third.object && !third.entry);
    shared_cache_return(&cache, &third, true);
    CHECK_NUMBER(peer.made, 2);
    void *returned_last = second.object;
    shared_cache_return(&cache, &first, true);
    shared_cache_return(&cache, &second, true);
    CHECK(!second.object && !second.entry);
    shared_cache_return(&cache, &second, false);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &third, NULL), 0);
    CHECK(third.object == returned_last);
    shared_cache_return(&cache, &third, true);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

static void test_bad_loan(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 1);
    struct shared_cache_loan loan;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, NULL), 0);
    shared_cache_return(&cache, &loan, false);
    CHECK_NUMBER(peer.last_destroyed, 1);
    CHECK_NUMBER(use(&cache, "a"), 2);
    CHECK_NUMBER(peer.checked, 0);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

/* What went away while the environment was frozen is destroyed and made anew, in a full cache too. */
static void test_dead(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 3);
    struct shared_cache_loan loans[3];
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    for (int i = 0; i < 3; i++)
        CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loans[i], NULL), 0);
    for (int i = 0; i < 3; i++)
        shared_cache_return(&cache, &loans[i], true);
    peer.dead_until = 3;
    CHECK_NUMBER(use(&cache, "a"), 4);
    CHECK_NUMBER(peer.alive, 1);
    CHECK_NUMBER(peer.most_alive, 3);

    /* Of several, one that works is enough. */
    for (int i = 0; i < 3; i++)
        CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loans[i], NULL), 0);
    for (int i = 2; i >= 0; i--)
        shared_cache_return(&cache, &loans[i], true);
    peer.dead_until = 5;
    CHECK_NUMBER(use(&cache, "a"), 6);
    CHECK_NUMBER(peer.alive, 1);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

/* A make that fails says so, and takes no place for ever. */
static void test_make_fails(void)
{
    struct peer peer = {.is_down = true};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 1);
    struct shared_cache_loan loan;
    struct shared_error err = {0};
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, &err), SHARED_EIO);
        CHECK_TEXT(err.text, "connect: Connection refused");
        CHECK(!loan.object && !loan.entry);
    }
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, NULL), SHARED_EIO);
    peer.gives_no = true;
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "without an object");
    peer = (struct peer){0};
    CHECK_NUMBER(use(&cache, "a"), 1);

    /* In the place of another key's object too: that one went first. */
    peer.is_down = true;
    CHECK_NUMBER(use(&cache, "b"), 0);
    CHECK_NUMBER(peer.alive, 0);
    peer.is_down = false;
    CHECK_NUMBER(use(&cache, "a"), 2);
    peer.dead_until = 2;
    peer.is_down = true;
    CHECK_NUMBER(use(&cache, "a"), 0);
    CHECK_NUMBER(peer.alive, 0);
    shared_cache_clean_up(&cache);
}

static void test_least_recently_used(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 3);
    struct shared_cache_loan lent;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "lent", NULL, &lent, NULL), 0);
    CHECK_NUMBER(use(&cache, "a"), 2);
    CHECK_NUMBER(use(&cache, "b"), 3);
    CHECK_NUMBER(use(&cache, "a"), 2);
    CHECK_NUMBER(use(&cache, "c"), 4);
    CHECK_NUMBER(peer.last_destroyed, 3);
    CHECK_NUMBER(use(&cache, "b"), 5);
    CHECK_NUMBER(peer.last_destroyed, 2);
    shared_cache_return(&cache, &lent, true);
    CHECK_NUMBER(use(&cache, "lent"), 1);
    CHECK_NUMBER(peer.most_alive, 3);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

/* Uses key "a" of a fresh cache, lets time pass on the two clocks, uses it again: which object came? */
static int number_after(struct shared_cache_options options, int64_t monotonic_us, int64_t real_us)
{
    struct shared_cache cache;
    if (!CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0))
        return 0;
    use(&cache, "a");
    int64_t before[] = {fake_monotonic_us, fake_real_us};
    fake_monotonic_us += monotonic_us;
    fake_real_us += real_us;
    int number = use(&cache, "a");
    shared_cache_clean_up(&cache);
    fake_monotonic_us = before[0];
    fake_real_us = before[1];
    return number;
}

static void test_time(void)
{
    static const struct {
        const char *name;
        int64_t ttl_ms, idle_ms, check_after_ms, monotonic_us, real_us;
        int number, checked;
    } rows[] = {
        {"no limits", 0, 0, 0, FOREVER_US, FOREVER_US, 1, 1},
        {"below 0 is no limit", -1, INT64_MIN, INT64_MIN, FOREVER_US, FOREVER_US, 1, 1},
        {"the largest limits", INT64_MAX, INT64_MAX, INT64_MAX, FOREVER_US, FOREVER_US, 1, 0},
        {"young", 1000, 0, 0, 999999, 999999, 1, 1},
        {"too old", 1000, 0, 0, 1000000, 1000000, 2, 0},
        {"too old, frozen", 1000, 0, 0, 0, 1000000, 2, 0},
        {"too old, clock set back", 1000, 0, 0, 1000000, -FOREVER_US, 2, 0},
        {"both clocks set back", 1000, 1000, 1000, -1, -1, 1, 0},
        {"not idle", 0, 1000, 0, 999999, 0, 1, 1},
        {"idle", 0, 1000, 0, 1000000, 0, 2, 0},
        {"idle, frozen", 0, 1000, 0, 0, 3600000000, 2, 0},
        {"not checked yet", 0, 0, 1000, 999999, 999999, 1, 0},
        {"checked", 0, 0, 1000, 1000000, 0, 1, 1},
        {"checked, frozen", 0, 0, 1000, 0, 1000000, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct peer peer = {0};
        struct shared_cache_options options = options_for(&peer, 2);
        options.ttl_ms = rows[i].ttl_ms;
        options.idle_ms = rows[i].idle_ms;
        options.check_after_ms = rows[i].check_after_ms;
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(number_after(options, rows[i].monotonic_us, rows[i].real_us), rows[i].number);
        CHECK_NUMBER(peer.checked, rows[i].checked);
        CHECK_NUMBER(peer.alive, 0);
    }
}

/* The time to live is counted from make, however often an object is used; the idle time from its return. */
static void test_time_of_use(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 2);
    options.ttl_ms = 10;
    options.idle_ms = 3;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    for (int ms = 0; ms < 10; ms += 2, fake_pass_us(2000))
        CHECK_NUMBER(use(&cache, "a"), 1);
    CHECK_NUMBER(use(&cache, "a"), 2);
    struct shared_cache_loan loan;
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, NULL), 0);
    fake_pass_us(5000);
    shared_cache_return(&cache, &loan, true);
    CHECK_NUMBER(use(&cache, "a"), 2);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

static void test_without_check_and_destroy(void)
{
    struct peer peer = {.dead_until = 1000};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 1);
    struct shared_cache_loan loan;
    options.check = NULL;
    options.destroy = NULL;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, NULL), 0);
    void *object = loan.object;
    shared_cache_return(&cache, &loan, true);
    CHECK_NUMBER(use(&cache, "a"), 1);
    CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, NULL), 0);
    shared_cache_return(&cache, &loan, false);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.destroyed, 0);
    free(object);
}

static void test_keys(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 4);
    struct shared_cache_loan loan;
    struct shared_error err = {0};
    char key[SHARED_CACHE_KEY_BYTES + 1];
    memset(key, '\xFF', sizeof key);
    key[127] = '\0';
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    CHECK_NUMBER(use(&cache, key), 1);
    CHECK_TEXT(peer.last_key, key);
    CHECK_NUMBER(use(&cache, key), 1);
    key[126] = 'x';
    CHECK_NUMBER(use(&cache, key), 2);
    key[127] = 'x';
    key[128] = '\0';
    CHECK_NUMBER(shared_cache_borrow(&cache, key, NULL, &loan, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "at most 127 bytes");
    CHECK(!loan.object && !loan.entry);
    CHECK_NUMBER(peer.made, 2);
    shared_cache_clean_up(&cache);
}

/* Each of 1,024 objects is found again; one more takes the place of the oldest. */
static void test_full_size(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, SHARED_CACHE_CAPACITY_LIMIT);
    char key[16];
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < SHARED_CACHE_CAPACITY_LIMIT; i++) {
            snprintf(key, sizeof key, "key %d", i);
            CHECK_NUMBER(use(&cache, key), i + 1);
        }
    }
    CHECK_NUMBER(use(&cache, "one more"), 1025);
    CHECK_NUMBER(peer.last_destroyed, 1);
    CHECK_NUMBER(use(&cache, "key 0"), 1026);
    CHECK_NUMBER(peer.last_destroyed, 2);
    CHECK_NUMBER(peer.most_alive, 1024);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

static void test_refused(void)
{
    static const size_t capacities[] = {0, SHARED_CACHE_CAPACITY_LIMIT + 1, SIZE_MAX};
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_error err = {0};
    for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
        struct shared_cache_options options = options_for(&peer, capacities[i]);
        CHECK_NUMBER(shared_cache_init(&cache, &options, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, "capacity is 1 to 1024");
        struct shared_cache_loan loan;
        CHECK_NUMBER(shared_cache_borrow(&cache, "a", NULL, &loan, &err), SHARED_EINVAL);
        CHECK_MESSAGE(&err, "was not made");
        shared_cache_clean_up(&cache);
    }
    struct shared_cache_options options = options_for(&peer, 1);
    options.make = NULL;
    CHECK_NUMBER(shared_cache_init(&cache, &options, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "needs a function make");
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), SHARED_EINVAL);
    options.make = connect_peer;
    left = 0;
    CHECK_NUMBER(shared_cache_init(&cache, &options, &err), SHARED_ENOMEM);
    left = -1;
    CHECK_MESSAGE(&err, "no memory for a cache of 1 objects");
    shared_cache_clean_up(&cache);
}

/* make, check and destroy may use the cache themselves: none of them runs with its lock held. */
static struct shared_cache *own_cache;
static int depth, nested_uses;

static void use_another(void)
{
    if (depth++ == 0 && own_cache) {
        CHECK(use(own_cache, "another") > 0);
        nested_uses++;
    }
    depth--;
}

static int make_with_another(void *user, const char *key, const void *borrower, void **object,
                             struct shared_error *err)
{
    use_another();
    return connect_peer(user, key, borrower, object, err);
}

static bool ping_with_another(void *user, void *object, const void *borrower)
{
    use_another();
    return ping(user, object, borrower);
}

static void disconnect_with_another(void *user, void *object)
{
    use_another();
    disconnect(user, object);
}

static void test_callbacks_use_the_cache(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = {.capacity = 2,
                                           .make = make_with_another,
                                           .check = ping_with_another,
                                           .destroy = disconnect_with_another,
                                           .user = &peer};
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    own_cache = &cache;
    CHECK_NUMBER(use(&cache, "a"), 2);
    CHECK_NUMBER(use(&cache, "a"), 2);
    CHECK_NUMBER(nested_uses, 2);
    peer.dead_until = 2;
    CHECK_NUMBER(use(&cache, "a"), 4);
    CHECK_NUMBER(nested_uses, 5);
    CHECK_NUMBER(peer.most_alive, 2);
    own_cache = NULL;
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
}

/* Any order of borrowing, returning and failing, against a plain model of what must hold. */
static void test_random_use(void)
{
    struct peer peer = {0};
    struct shared_cache cache;
    struct shared_cache_options options = options_for(&peer, 7);
    struct shared_cache_loan loans[8] = {{NULL, NULL}};
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    unsigned random = 1;
    options.idle_ms = 50;
    CHECK_NUMBER(shared_cache_init(&cache, &options, NULL), 0);
    for (int round = 0; round < 200000; round++) {
        random = random * 1103515245 + 12345;
        unsigned bits = random >> 8;
        struct shared_cache_loan *loan = &loans[bits % 8];
        int out = 0;
        for (int i = 0; i < 8; i++)
            out += loans[i].object != NULL;
        peer.is_down = bits >> 3 & 1 && bits >> 4 & 1;
        peer.dead_until = bits >> 5 & 1 ? peer.made - 3 : 0;
        if (loan->object) {
            shared_cache_return(&cache, loan, bits >> 6 & 1);
            continue;
        }
        int code = shared_cache_borrow(&cache, keys[bits >> 7 & 3], NULL, loan, NULL);
        if (code < 0 && code != (out == 7 ? SHARED_ETOOBIG : SHARED_EIO))
            CHECK_NUMBER(code, 0);
        for (int i = 0; i < 8; i++)
            if (loan->object && &loans[i] != loan && loans[i].object == loan->object)
                CHECK(!"lent twice");
        fake_pass_us(bits >> 9 & 0x1FFF);
    }
    CHECK_NUMBER(peer.most_alive, 7);
    for (int i = 0; i < 8; i++)
        shared_cache_return(&cache, &loans[i], true);
    shared_cache_clean_up(&cache);
    CHECK_NUMBER(peer.alive, 0);
    CHECK(peer.made > 1000);
}

int main(void)
{
    CHECK_RUN(test_hit);
    CHECK_RUN(test_borrower);
    CHECK_RUN(test_two_borrowers);
    CHECK_RUN(test_bad_loan);
    CHECK_RUN(test_dead);
    CHECK_RUN(test_make_fails);
    CHECK_RUN(test_least_recently_used);
    CHECK_RUN(test_time);
    CHECK_RUN(test_time_of_use);
    CHECK_RUN(test_without_check_and_destroy);
    CHECK_RUN(test_keys);
    CHECK_RUN(test_full_size);
    CHECK_RUN(test_refused);
    CHECK_RUN(test_callbacks_use_the_cache);
    CHECK_RUN(test_random_use);
    return check_report();
}
