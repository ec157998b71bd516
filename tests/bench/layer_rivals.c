#include "layer_rivals.h"
#include "bench_base.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct rival {
    const struct layer_problem *problem;
    unsigned **users;     /* of each item: functions that carry it themselves and have room */
    unsigned *user_count; /* of each item */
    uint64_t *bytes;      /* of each item: of all with the same users, at the first of them */
    unsigned *room;       /* of each function */
    uint64_t stored;
};

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        bench_die("no memory for a planner");
    return memory;
}

static uint64_t copies_of(const struct layer_problem *problem)
{
    uint64_t copies = 0;
    for (size_t f = 0; f < problem->function_count; f++) {
        copies += problem->functions[f].rest_zip_bytes;
        for (size_t i = 0; i < problem->functions[f].items.count; i++)
            copies += problem->items[problem->functions[f].items.items[i]].zip_bytes;
    }
    return copies;
}

static void rival_init(struct rival *rival, const struct layer_problem *problem)
{
    *rival = (struct rival){problem,
                            need(problem->item_count, sizeof(unsigned *)),
                            need(problem->item_count, sizeof(unsigned)),
                            need(problem->item_count, sizeof(uint64_t)),
                            need(problem->function_count, sizeof(unsigned)),
                            copies_of(problem)};
    for (size_t f = 0; f < problem->function_count; f++) {
        rival->room[f] = problem->functions[f].slots;
        for (size_t i = 0; i < problem->functions[f].items.count; i++)
            rival->user_count[problem->functions[f].items.items[i]]++;
    }
    for (size_t i = 0; i < problem->item_count; i++) {
        rival->users[i] = need(rival->user_count[i], sizeof(unsigned));
        rival->user_count[i] = 0;
    }
    for (unsigned f = 0; f < problem->function_count; f++)
        for (size_t i = 0; i < problem->functions[f].items.count && rival->room[f] > 0; i++) {
            size_t item = problem->functions[f].items.items[i];
            rival->users[item][rival->user_count[item]++] = f;
        }
}

static void rival_clean_up(struct rival *rival)
{
    for (size_t i = 0; i < rival->problem->item_count; i++)
        free(rival->users[i]);
    free(rival->users);
    free(rival->user_count);
    free(rival->bytes);
    free(rival->room);
}

uint64_t rival_common(const struct layer_problem *problem)
{
    struct rival rival;
    rival_init(&rival, problem);
    uint64_t saved = 0;
    for (size_t i = 0; i < problem->item_count; i++)
        if (rival.user_count[i] == problem->function_count && rival.user_count[i] > 1)
            saved += problem->items[i].zip_bytes * (rival.user_count[i] - 1);
    uint64_t stored = rival.stored;
    rival_clean_up(&rival);
    return saved > problem->layer_overhead_bytes ? stored - saved + problem->layer_overhead_bytes : stored;
}

static const struct rival *compared; /* qsort has no place for it */

static int compare_users(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    unsigned m = compared->user_count[x], n = compared->user_count[y];
    int order =
        m != n ? (m < n ? -1 : 1) : memcmp(compared->users[x], compared->users[y], m * sizeof(unsigned));
    return order ? order : x < y ? -1 : x > y;
}

/* The item whose like, all with the same users, save most in a layer. */
static size_t find_best(struct rival *rival, size_t *sorted)
{
    size_t count = rival->problem->item_count, best = count;
    uint64_t most = rival->problem->layer_overhead_bytes;
    for (size_t i = 0; i < count; i++)
        sorted[i] = i;
    compared = rival;
    qsort(sorted, count, sizeof(*sorted), compare_users);
    for (size_t from = 0, to; from < count; from = to) {
        unsigned users = rival->user_count[sorted[from]];
        uint64_t bytes = 0;
        for (to = from;
             to < count && rival->user_count[sorted[to]] == users &&
             memcmp(rival->users[sorted[to]], rival->users[sorted[from]], users * sizeof(unsigned)) == 0;
             to++)
            bytes += rival->problem->items[sorted[to]].zip_bytes;
        if (users > 1 && bytes * (users - 1) > most) {
            most = bytes * (users - 1);
            best = sorted[from];
        }
    }
    return best;
}

static bool is_among(const unsigned *users, unsigned count, unsigned user)
{
    for (unsigned i = 0; i < count; i++)
        if (users[i] == user)
            return true;
    return false;
}

/* Whoever is among the users, or has no room any more, needs the item no longer. */
static void leave_out(struct rival *rival, size_t item, const unsigned *users, unsigned count)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < rival->user_count[item]; i++) {
        unsigned user = rival->users[item][i];
        if (!is_among(users, count, user) && rival->room[user] > 0)
            rival->users[item][kept++] = user;
    }
    rival->user_count[item] = kept;
}

static bool all_have(const struct rival *rival, size_t item, const unsigned *users, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!is_among(rival->users[item], rival->user_count[item], users[i]))
            return false;
    return true;
}

uint64_t rival_greedy(const struct layer_problem *problem)
{
    struct rival rival;
    rival_init(&rival, problem);
    size_t *sorted = need(problem->item_count, sizeof(*sorted)), best;
    unsigned *users = need(problem->function_count, sizeof(*users));
    while ((best = find_best(&rival, sorted)) < problem->item_count) {
        unsigned count = rival.user_count[best];
        memcpy(users, rival.users[best], count * sizeof(*users));
        rival.stored += problem->layer_overhead_bytes;
        bool *held = need(problem->item_count, sizeof(*held));
        for (size_t i = 0; i < problem->item_count; i++)
            held[i] = all_have(&rival, i, users, count);
        for (unsigned i = 0; i < count; i++)
            rival.room[users[i]]--;
        for (size_t i = 0; i < problem->item_count; i++) {
            if (held[i])
                rival.stored -= problem->items[i].zip_bytes * (count - 1);
            leave_out(&rival, i, users, held[i] ? count : 0);
        }
        free(held);
    }
    free(users);
    free(sorted);
    uint64_t stored = rival.stored;
    rival_clean_up(&rival);
    return stored;
}
