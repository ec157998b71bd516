#include "crash/crash_inner.h"

#include <string.h>

/* How much of a stack is looked through for return addresses, and how many are taken beside a chain of
 * frames. */
#define SCAN_BYTES ((uintptr_t)16 << 10)
#define GUESSES_BESIDE_CHAIN 4

/* Any word of a stack, those that sanitizers keep readers off too. */
__attribute__((no_sanitize("address", "thread"))) static uintptr_t load(uintptr_t address)
{
    return *(const volatile uintptr_t *)address;
}

struct walk {
    const struct shared_crash_program *program;
    const struct shared_crash_maps *maps;
    struct shared_crash_frame *frames;
    size_t count;
};

static bool in_program(const struct walk *walk, uintptr_t address)
{
    return address >= walk->program->code_start && address < walk->program->code_end;
}

static bool is_code(const struct walk *walk, uintptr_t address)
{
    return in_program(walk, address) || shared_crash_module_at(walk->maps, address) != NULL;
}

#if defined(__aarch64__)

/* Bits above the address may hold its signature (Armv8.3 pointer authentication). */
static uintptr_t plain(uintptr_t address)
{
    return address & (((uintptr_t)1 << 48) - 1);
}

/* BL, BLR and its authenticated forms (Arm Architecture Reference Manual, C4.1). */
static bool follows_call(uintptr_t address)
{
    uint32_t word;
    memcpy(&word, (const void *)(address - 4), sizeof(word));
    return (word & 0xFC000000) == 0x94000000 || (word & 0xFEFFF000) == 0xD63F0000;
}

#else

static uintptr_t plain(uintptr_t address)
{
    return address;
}

/* E8, or FF /2 with all its lengths but that of a SIB byte with a prefix (Intel SDM, volume 2, CALL). */
static bool follows_call(uintptr_t address)
{
    static const unsigned char lengths[] = {2, 3, 4, 6, 7};
    const unsigned char *code = (const unsigned char *)address;
    if (code[-5] == 0xE8)
        return true;
    for (size_t i = 0; i < sizeof(lengths); i++) {
        const unsigned char *call = code - lengths[i];
        if (call[0] == 0xFF && (call[1] & 0x38) == 0x10)
            return true;
    }
    return false;
}

#endif

/* Whether a call returns to the address. The longest call has to lie in the same code. */
static bool is_return(const struct walk *walk, uintptr_t address)
{
    return address > 8 && is_code(walk, address - 8) && is_code(walk, address - 1) && follows_call(address);
}

static void add(struct walk *walk, uintptr_t address, bool guessed)
{
    if (walk->count < SHARED_CRASH_FRAMES)
        walk->frames[walk->count++] = (struct shared_crash_frame){address, guessed};
}

static bool on_stack(const struct walk *walk, uintptr_t address, uintptr_t size_bytes)
{
    return address % sizeof(uintptr_t) == 0 && address >= walk->maps->stack_start &&
           address < walk->maps->stack_end && size_bytes <= walk->maps->stack_end - address;
}

/* Frame records of both processors: the caller's, then where the call returns to (AAPCS64, 6.2.3; System V
 * ABI for x86-64, 3.2.2). */
static bool read_record(const struct walk *walk, uintptr_t fp, uintptr_t record[2])
{
    if (!on_stack(walk, fp, 2 * sizeof(uintptr_t)))
        return false;
    record[0] = load(fp);
    record[1] = plain(load(fp + sizeof(uintptr_t)));
    return is_return(walk, record[1]);
}

static void follow_chain(struct walk *walk, uintptr_t fp)
{
    uintptr_t record[2];
    while (walk->count < SHARED_CRASH_FRAMES && read_record(walk, fp, record)) {
        add(walk, record[1] - 1, false);
        if (record[0] <= fp)
            break;
        fp = record[0];
    }
}

/* Return addresses of the program between two places of the stack. */
static void scan(struct walk *walk, uintptr_t from, uintptr_t to, size_t limit)
{
    if (from < walk->maps->stack_start)
        from = walk->maps->stack_start;
    if (to > walk->maps->stack_end)
        to = walk->maps->stack_end;
    if (from >= to)
        return;
    if (to - from > SCAN_BYTES)
        to = from + SCAN_BYTES;
    from = (from + sizeof(from) - 1) & ~(sizeof(from) - 1);
    for (; from + sizeof(from) <= to && limit > 0; from += sizeof(from)) {
        uintptr_t word = plain(load(from));
        if (in_program(walk, word) && is_return(walk, word)) {
            add(walk, word - 1, true);
            limit--;
        }
    }
}

/* Who called the function that has no frame of its own: what was called is no code, or it is a leaf. */
static uintptr_t add_caller(struct walk *walk, const struct shared_crash *crash, uintptr_t sp,
                            const uintptr_t record[2])
{
    uintptr_t caller = plain(crash->lr);
    bool is_certain = !is_code(walk, crash->pc);
#if !defined(__aarch64__)
    if (is_certain && on_stack(walk, sp, sizeof(caller))) {
        caller = load(sp);
        sp += sizeof(caller);
    }
#endif
    if (is_return(walk, caller) && (is_certain || caller != record[1]))
        add(walk, caller - 1, !is_certain);
    return sp;
}

/*
 * Frame pointers are followed where the program has them. A function without, of a library mostly, may
 * stand between the program counter and the first frame: its caller's return address lies on the stack
 * below that (x86-64) or in the link register (arm64), among what is left there of earlier calls. Such
 * addresses are marked.
 */
size_t shared_crash_frames(const struct shared_crash *crash, const struct shared_crash_program *program,
                           const struct shared_crash_maps *maps, struct shared_crash_frame *frames)
{
    struct walk walk = {.program = program, .maps = maps, .frames = frames};
    uintptr_t record[2] = {0}, sp = crash->sp;
    add(&walk, crash->pc - crash->called, false);
    bool has_chain = crash->fp >= sp && read_record(&walk, crash->fp, record);
    if (!crash->called)
        sp = add_caller(&walk, crash, sp, record);
    if (!has_chain)
        scan(&walk, sp, UINTPTR_MAX, SHARED_CRASH_FRAMES);
#if !defined(__aarch64__)
    else if (!crash->called)
        scan(&walk, sp, crash->fp, GUESSES_BESIDE_CHAIN);
#endif
    if (has_chain)
        follow_chain(&walk, crash->fp);
    return walk.count;
}
