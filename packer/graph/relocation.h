/* relocation.h - where a relocation that the linker kept leads to, by machine. */
#ifndef PACKER_RELOCATION_H
#define PACKER_RELOCATION_H

#include <shared/slice.h>

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

/* One relocation and what it needs. */
struct relocation {
    uint64_t place; /* the address that was filled in */
    uint32_t type;
    int64_t addend;
    uint64_t value;      /* the symbol's address; of a thread-local one that of its initial value */
    bool section_symbol; /* value is that of an output section, and addend leads on from there */
    uint32_t section;    /* of the symbol, an index into the file's sections */
    bool in_code;
    struct shared_slice
        before; /* the section's bytes up to the place, for the instruction that it is part of */
};

enum relocation_form {
    RELOCATION_NONE,    /* leads nowhere */
    RELOCATION_TARGET,  /* target is what is meant */
    RELOCATION_DISTANCE /* target is off by the place's distance from the start of its table: a jump table's */
};

/* AMD64 psABI 1.0, section 4.4; ELF for the Arm 64-bit Architecture 2023Q3, section 5.7. */
enum relocation_form relocation_x86_64(const struct relocation *relocation, uint64_t *target);
enum relocation_form relocation_arm64(const struct relocation *relocation, uint64_t *target);

#endif
