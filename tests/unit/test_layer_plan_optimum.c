/*
 * Four functions: every family of sets of functions is tried, with every way to put classes into its layers, so that the
 * least bytes are known. tests/bench/bench_layers does so for larger problems with a solver.
 */
#include "check.h"
#include "layer_maker.h"

#define FUNCTIONS 4
#define SETS 16
#define PROBLEMS 150

static uint64_t state;

static unsigned below(unsigned count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 32) * count >> 32);
}

/* Copies of a class that its layers save: sets from one on that do not meet. */
static unsigned pack(const unsigned *sets, unsigned count, unsigned users)
{
    unsigned most = 0;
    for (unsigned i = 0; i < count; i++) {
        if (sets[i] & ~users)
            continue;
        unsigned saved =
            (unsigned)__builtin_popcount(sets[i]) - 1 + pack(sets + i + 1, count - i - 1, users & ~sets[i]);
        most = saved > most ? saved : most;
    }
    return most;
}

static uint64_t best_of(const struct layer_problem *problem, const unsigned *users)
{
    uint64_t best = 0;
    for (unsigned family = 0; family < 1u << SETS; family++) {
        unsigned sets[SETS], count = 0, load[FUNCTIONS] = {0};
        bool usable = true;
        for (unsigned set = 0; set < SETS && usable; set++) {
            if (!(family >> set & 1))
                continue;
            usable = __builtin_popcount(set) > 1;
            sets[count++] = set;
            for (unsigned f = 0; f < FUNCTIONS; f++)
                usable = usable && (load[f] += set >> f & 1) <= problem->functions[f].slots;
        }
        if (!usable)
            continue;
        uint64_t saved = 0;
        for (size_t i = 0; i < problem->item_count; i++)
            saved += problem->items[i].zip_bytes * pack(sets, count, users[i]);
        uint64_t cost = (uint64_t)count * problem->layer_overhead_bytes;
        if (saved > cost && saved - cost > best)
            best = saved - cost;
    }
    return best;
}

static void test_optimum(void)
{
    static struct maker maker;
    double sum = 0, worst = 0;
    for (unsigned seed = 0; seed < PROBLEMS; seed++) {
        unsigned users[8] = {0}, classes = 3 + seed % 6, slots = 1 + seed % 3;
        char words[FUNCTIONS][40] = {""};
        state = seed;
        maker_init(&maker);
        for (unsigned c = 0; c < classes; c++) {
            users[c] = 1 + below(15);
            char word[] = {' ', (char)('a' + 3 * c), '\0'};
            for (unsigned f = 0; f < FUNCTIONS; f++)
                if (users[c] >> f & 1)
                    strcat(words[f], word);
            maker_item(&maker, word + 1, 1);
            maker.items[c].zip_bytes = 1 + below(100000);
        }
        for (unsigned f = 0; f < FUNCTIONS; f++)
            maker_function(&maker, (const char *[]){"f", "g", "h", "i"}[f], slots, words[f]);
        CHECK(maker_plan(&maker));
        uint64_t least = maker.plan.unshared_bytes - best_of(&maker.problem, users);
        CHECK(maker.plan.stored_bytes >= least);
        double over = (double)(maker.plan.stored_bytes - least) / (double)least;
        sum += over;
        worst = over > worst ? over : worst;
        shared_arena_clean_up(&maker.arena);
    }
    CHECK(worst <= 0.03);
    CHECK(sum / PROBLEMS <= 0.005);
    printf("over the optimum: %.4f %% in the mean, %.4f %% at worst\n", 100 * sum / PROBLEMS, 100 * worst);
}

int main(void)
{
    CHECK_RUN(test_optimum);
    return check_report();
}
