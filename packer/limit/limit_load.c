#include "limit/limit_load.h"

static uint64_t add_up(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

int limit_loads_make(const struct manifest *manifest, struct shared_arena *arena, struct limit_loads *loads,
                     struct shared_error *err)
{
    struct limit_load *items = shared_arena_alloc(arena, manifest->function_count * sizeof(*items));
    if (!items)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to count executions");
    *loads = (struct limit_loads){.items = items, .count = manifest->function_count};
    for (size_t i = 0; i < manifest->function_count; i++) {
        const struct manifest_function *function = &manifest->functions[i];
        items[i] = (struct limit_load){
            .function = function->name,
            .memory_mb = function->memory_mb,
            .timeout_s = function->timeout_s,
            .requests_per_s = function->requests_per_s,
            .duration_ms = function->duration_ms,
            .busy_ms = multiply(function->requests_per_s, function->duration_ms),
        };
        loads->all.requests_per_s = add_up(loads->all.requests_per_s, items[i].requests_per_s);
        loads->all.busy_ms = add_up(loads->all.busy_ms, items[i].busy_ms);
    }
    return 0;
}

uint64_t limit_load_executions(const struct limit_load *load)
{
    return load->busy_ms / 1000 + (load->busy_ms % 1000 > 0);
}
