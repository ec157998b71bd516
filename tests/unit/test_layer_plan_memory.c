/* Memory runs out at every place where layers are planned. */
#include "check.h"
#include "exhaust.h"
#include "layer_maker.h"

static struct maker maker;

static int plan_all(struct shared_error *err)
{
    struct shared_arena arena = {0};
    struct layer_plan plan;
    int status = layer_plan_make(&maker.problem, &arena, &plan, err);
    shared_arena_clean_up(&arena);
    return status;
}

static void check_every(void)
{
    long allocations = 0;
    int status = SHARED_ENOMEM;
    for (; status < 0 && allocations < 100000; allocations++) {
        struct shared_error err = {0};
        left = allocations;
        status = plan_all(&err);
        bool spent = left < 0;
        left = -1;
        if (status < 0 &&
            !(CHECK_NUMBER(status, SHARED_ENOMEM) && CHECK_MESSAGE(&err, "memory") && CHECK(spent)))
            return;
    }
    CHECK_NUMBER(status, 0);
    CHECK(allocations > 5);
}

static void test_memory(void)
{
    maker_init(&maker);
    maker_function(&maker, "f", 2, "a b c d e f g h z");
    maker_function(&maker, "g", 2, "a b c d e i j z");
    maker_function(&maker, "h", 1, "a b c f g h");
    maker_function(&maker, "i", 2, "d e i j a1 z");
    maker_function(&maker, "j", 2, "d e a1 h i");
    maker.problem.extra_bytes = 100000;
    check_every();
    CHECK(maker_plan(&maker));
    CHECK(maker.plan.count > 1);
    maker_keep(&maker);
    maker_function(&maker, "g", 2, "a b2 c d e i j z s t");
    maker_function(&maker, "j", 3, "d e a1 h i s t");
    check_every();
    maker.problem.replan_percent = 0;
    check_every();
    shared_arena_clean_up(&maker.arena);
}

int main(void)
{
    CHECK_RUN(test_memory);
    return check_report();
}
