/* Room for a build id, as shared/crash.h brings it. */
__asm__(".pushsection .note.demine.build-id,\"a\",%note\n"
        ".balign 4\n"
        ".long 4, 16, 3\n"
        ".asciz \"GNU\"\n"
        ".zero 16\n"
        ".popsection\n");

volatile int number = 8;

static inline __attribute__((always_inline)) int half(int value)
{
    __asm__ volatile(".globl in_half\nin_half:\nnop");
    return value / number;
}

__attribute__((noinline)) int quarter(int value)
{
    return half(value) + 1;
}

int main(void)
{
    return quarter(4) - 1;
}
