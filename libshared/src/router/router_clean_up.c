#include <shared/router.h>

void shared_router_clean_up(struct shared_router *router)
{
    shared_arena_clean_up(&router->arena);
    *router = (struct shared_router){.routes = NULL};
}
