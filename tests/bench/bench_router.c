/* bench_router.c - what finding a route costs, with 10, 100 and 1,000 of them. */
#include <shared/router.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIZES 3
#define PATHS 1000
#define TEXT_BYTES 80
#define LIMIT 1.2

static const char usage[] =
    "usage: bench_router [--quick]\n"
    "\n"
    "Prints, for several kinds of routes, the nanoseconds of shared_router_match with 10, 100 and 1,000 "
    "routes, their ratio\n"
    "to 10, and beside them a scan from the first route to the one that fits, and one strcmp of the path "
    "with "
    "itself. Paths\n"
    "are random, and as many whatever the number of routes. Only ratios mean something elsewhere than on "
    "this "
    "machine.\n"
    "\n"
    "  --quick      a few rounds: whether it works, not how fast it is\n";

static const size_t sizes[SIZES] = {10, 100, 1000};

/* Where # stands, a pattern gets a word of its own, and where * stands one of five; {} is a parameter. */
static const struct kind {
    const char *name, *form;
} kinds[] = {
    {"literals alone", "/#/list"},
    {"heads differ", "/#/{}"},
    {"parameters in the middle", "/tenants/{}/#/{}/history"},
    {"deep", "/api/v2/*/*/*/#/{}/*"},
    {"shared prefix, catch-all", "/files/#/{+}"},
};

struct text {
    char text[TEXT_BYTES];
};

struct scenario {
    size_t count;
    struct shared_route *routes;
    struct shared_router router;
    struct text *patterns;
    struct text paths[PATHS];
    const char *methods[PATHS];
    const struct shared_route *expected[PATHS];
    double *match_ns, *scan_ns, *strcmp_ns; /* of each round */
};

static uint64_t state = 88172645463325252u;

static size_t random_below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 16) % limit;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_router: %s\n", what);
    exit(1);
}

static void add_word(char *text)
{
    static const char consonants[] = "bcdfghklmnprstvz", vowels[] = "aeiou";
    size_t syllables = 3 + random_below(3);
    text += strlen(text);
    for (size_t i = 0; i < syllables; i++) {
        *text++ = consonants[random_below(sizeof consonants - 1)];
        *text++ = vowels[random_below(sizeof vowels - 1)];
    }
    *text = '\0';
}

static void make_pattern(char *pattern, const char *form)
{
    static const char *const common[] = {"items", "accounts", "orders", "regions", "lists"};
    *pattern = '\0';
    for (size_t name = 0; *form; form++) {
        size_t used = strlen(pattern);
        if (*form == '#')
            add_word(pattern);
        else if (*form == '*')
            strcat(pattern, common[random_below(5)]);
        else if (*form == '{')
            snprintf(pattern + used, TEXT_BYTES - used, "{p%zu", name++);
        else
            snprintf(pattern + used, TEXT_BYTES - used, "%c", *form);
    }
}

/* A path that fits a pattern: a parameter becomes a number, a catch-all a word, a slash and a number. */
static void make_path(char *path, const char *pattern)
{
    *path = '\0';
    for (; *pattern; pattern++) {
        size_t used = strlen(path);
        if (*pattern != '{') {
            snprintf(path + used, TEXT_BYTES - used, "%c", *pattern);
            continue;
        }
        pattern = strchr(pattern, '}');
        if (pattern[-1] == '+')
            add_word(path), strcat(path, "/");
        used = strlen(path);
        snprintf(path + used, TEXT_BYTES - used, "%06zu", random_below(1000000));
    }
}

static int handle(const struct shared_route_call *call, struct shared_apigw_response *response,
                  struct shared_error *err)
{
    (void)call, (void)response, (void)err;
    return 0;
}

static void make_scenario(struct scenario *scenario, const struct kind *kind, size_t count, size_t rounds)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    struct shared_error err = {0};
    *scenario = (struct scenario){.count = count};
    scenario->routes = calloc(count, sizeof *scenario->routes);
    scenario->patterns = calloc(count, sizeof *scenario->patterns);
    scenario->match_ns = calloc(rounds * 3, sizeof *scenario->match_ns);
    if (!scenario->routes || !scenario->patterns || !scenario->match_ns)
        die("no memory");
    scenario->scan_ns = scenario->match_ns + rounds;
    scenario->strcmp_ns = scenario->scan_ns + rounds;
    for (size_t i = 0; i < count; i++) {
        make_pattern(scenario->patterns[i].text, kind->form);
        scenario->routes[i] =
            (struct shared_route){methods[random_below(4)], scenario->patterns[i].text, handle};
    }
    for (size_t i = 0; i < PATHS; i++) {
        scenario->expected[i] = &scenario->routes[random_below(count)];
        scenario->methods[i] = scenario->expected[i]->method;
        make_path(scenario->paths[i].text, scenario->expected[i]->pattern);
    }
    if (shared_router_init(&scenario->router, scenario->routes, count, NULL, &err) < 0)
        die(err.text);
}

static void clean_up(struct scenario *scenario)
{
    shared_router_clean_up(&scenario->router);
    free(scenario->routes);
    free(scenario->patterns);
    free(scenario->match_ns);
}

static bool fits(const char *pattern, const char *path)
{
    for (; *pattern; pattern++, path++) {
        if (*pattern == '{') {
            pattern = strchr(pattern, '}');
            if (pattern[-1] == '+')
                return *path != '\0';
            if (*path == '/' || !*path)
                return false;
            path += strcspn(path, "/") - 1;
        } else if (*pattern != *path) {
            return false;
        }
    }
    return !*path;
}

static const struct shared_route *scan(const struct scenario *scenario, const char *method, const char *path)
{
    for (size_t i = 0; i < scenario->count; i++)
        if (fits(scenario->routes[i].pattern, path) && strcmp(scenario->routes[i].method, method) == 0)
            return &scenario->routes[i];
    return NULL;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double time_match(const struct scenario *scenario)
{
    struct shared_route_call call;
    size_t wrong = 0;
    double start = now_ns();
    for (size_t i = 0; i < PATHS; i++) {
        shared_router_match(&scenario->router, scenario->methods[i], scenario->paths[i].text, &call, NULL, 0);
        wrong += call.route != scenario->expected[i];
    }
    double spent = now_ns() - start;
    if (wrong)
        die("a path was given to a wrong route");
    return spent / PATHS;
}

static double time_scan(const struct scenario *scenario)
{
    size_t wrong = 0;
    double start = now_ns();
    for (size_t i = 0; i < PATHS; i++)
        wrong += scan(scenario, scenario->methods[i], scenario->paths[i].text) != scenario->expected[i];
    double spent = now_ns() - start;
    if (wrong)
        die("the scan gave a path to a wrong route");
    return spent / PATHS;
}

static double time_strcmp(const struct scenario *scenario)
{
    static struct text copies[PATHS];
    int (*volatile compare)(const char *, const char *) = strcmp;
    int differences = 0;
    memcpy(copies, scenario->paths, sizeof copies);
    double start = now_ns();
    for (size_t i = 0; i < PATHS; i++)
        differences |= compare(scenario->paths[i].text, copies[i].text);
    double spent = now_ns() - start;
    if (differences)
        die("a path differs from itself");
    return spent / PATHS;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_numbers);
    return values[count / 2];
}

/* Returns the time with 1,000 routes in times that with 10. */
static double measure(const struct kind *kind, size_t rounds)
{
    static struct scenario scenarios[SIZES];
    double first = 0, ratio = 0;
    for (size_t size = 0; size < SIZES; size++)
        make_scenario(&scenarios[size], kind, sizes[size], rounds);
    for (size_t round = 0; round < rounds; round++) {
        for (size_t size = 0; size < SIZES; size++) {
            struct scenario *scenario = &scenarios[size];
            scenario->scan_ns[round] = time_scan(scenario);
            scenario->strcmp_ns[round] = time_strcmp(scenario);
            time_match(scenario); /* what was measured before has used the caches */
            scenario->match_ns[round] = time_match(scenario);
        }
    }
    for (size_t size = 0; size < SIZES; size++) {
        struct scenario *scenario = &scenarios[size];
        double ns = median(scenario->match_ns, rounds);
        first = size ? first : ns;
        ratio = ns / first;
        printf("%-26s %6zu %9.1f %8.2f %13.1f %10.1f\n", size ? "" : kind->name, sizes[size], ns, ratio,
               median(scenario->scan_ns, rounds), median(scenario->strcmp_ns, rounds));
        clean_up(scenario);
    }
    return ratio;
}

int main(int argc, char **argv)
{
    size_t rounds = 401, held = 0, count = sizeof kinds / sizeof *kinds;
    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        rounds = 3;
    else if (argc != 1)
        return fputs(usage, strcmp(argv[1], "--help") == 0 ? stdout : stderr),
               strcmp(argv[1], "--help") == 0 ? 0 : 2;
    printf("%-26s %6s %9s %8s %13s %10s\n", "routes that", "routes", "ns/match", "x of 10", "linear scan",
           "strcmp");
    for (size_t i = 0; i < count; i++)
        held += measure(&kinds[i], rounds) <= LIMIT;
    printf("1,000 routes in at most %.1f x the time of 10: %zu of %zu kinds\n", LIMIT, held, count);
    return 0;
}
