/* What the seeds of fuzz_elf are linked from: code, data and exception frames, with and without a C library.
 */
int seed_value = 3;
static const char seed_text[] = "a text of the seed";

int seed_use(int i);

__attribute__((noinline)) int seed_use(int i)
{
    return seed_text[i & 15] + seed_value++;
}

#ifdef SEED_DYNAMIC
#include <math.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    return argc > 1 ? (int)sqrt(strtod(argv[1], NULL)) : seed_use(argc);
}
#else
void _start(void);

void _start(void)
{
    seed_use(seed_value);
    for (;;)
        ;
}
#endif
