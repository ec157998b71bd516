#include "graph/graph_inner.h"

#include <string.h>

/*
 * Calls and jumps to a function of the same input section, and addresses taken of it, are resolved by the
 * assembler: no relocation tells of them. What looks like one and leads exactly to the start of a function in
 * the same run of bytes is taken for one; among 50,000 of libcrypto's 3 are not.
 */

struct run_code {
    const unsigned char *bytes;
    uint64_t address, size_bytes;
    const struct graph_symbol *places; /* within */
    size_t place_count;
};

static bool is_place(const struct run_code *code, uint64_t address)
{
    if (address - code->address >= code->size_bytes)
        return false;
    size_t low = 0, high = code->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code->places[middle].address == address)
            return true;
        if (code->places[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static int64_t signed_at(const unsigned char *bytes)
{
    int32_t value;
    memcpy(&value, bytes, sizeof(value));
    return value;
}

/* CALL E8, JMP E9, Jcc 0F 80 to 8F, each with a 32-bit displacement; LEA r64, [RIP + displacement]. */
static size_t x86_64_size(const unsigned char *bytes)
{
    if (bytes[0] == 0xe8 || bytes[0] == 0xe9)
        return 5;
    if (bytes[0] == 0x0f && (bytes[1] & 0xf0) == 0x80)
        return 6;
    if ((bytes[0] == 0x48 || bytes[0] == 0x4c) && bytes[1] == 0x8d && (bytes[2] & 0xc7) == 0x05)
        return 7;
    return 0;
}

/* JMP EB with 8 bits is looked at where a function ends with it, for it would be met by chance elsewhere. */
static int scan_last_jumps(struct graph_work *work, const struct run_code *code, struct shared_error *err)
{
    for (size_t i = 0; i < code->place_count; i++) {
        uint64_t end = code->places[i].address + code->places[i].size_bytes - code->address;
        if (code->places[i].size_bytes < 2 || end > code->size_bytes || code->bytes[end - 2] != 0xeb)
            continue;
        uint64_t to = code->address + end + (uint64_t)(int64_t)(signed char)code->bytes[end - 1];
        int status = is_place(code, to) ? graph_add_reference(work, code->address + end - 2, to, err) : 0;
        if (status < 0)
            return status;
    }
    return 0;
}

static int scan_x86_64(struct graph_work *work, const struct run_code *code, struct shared_error *err)
{
    for (uint64_t i = 0; i + 7 <= code->size_bytes; i++) {
        size_t size = x86_64_size(code->bytes + i);
        if (size == 0)
            continue;
        uint64_t to = code->address + i + size + (uint64_t)signed_at(code->bytes + i + size - 4);
        int status = is_place(code, to) ? graph_add_reference(work, code->address + i, to, err) : 0;
        if (status < 0)
            return status;
    }
    return scan_last_jumps(work, code, err);
}

static uint64_t sign_extend(uint32_t field, unsigned bits)
{
    uint64_t sign = (uint64_t)1 << (bits - 1);
    return (field ^ sign) - sign;
}

/* Arm Architecture Reference Manual, C4.1: B, BL, B.cond, CBZ and CBNZ, TBZ and TBNZ, ADR. */
static bool arm64_target(uint32_t word, uint64_t address, uint64_t *to)
{
    if ((word & 0x7c000000) == 0x14000000)
        *to = address + 4 * sign_extend(word & 0x3ffffff, 26);
    else if ((word & 0xff000010) == 0x54000000 || (word & 0x7e000000) == 0x34000000)
        *to = address + 4 * sign_extend(word >> 5 & 0x7ffff, 19);
    else if ((word & 0x7e000000) == 0x36000000)
        *to = address + 4 * sign_extend(word >> 5 & 0x3fff, 14);
    else if ((word & 0x9f000000) == 0x10000000)
        *to = address + sign_extend((word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3), 21);
    else
        return false;
    return true;
}

static int scan_arm64(struct graph_work *work, const struct run_code *code, struct shared_error *err)
{
    for (uint64_t i = 0; i + 4 <= code->size_bytes; i += 4) {
        uint32_t word;
        uint64_t to;
        memcpy(&word, code->bytes + i, sizeof(word));
        if (!arm64_target(word, code->address + i, &to) || !is_place(code, to))
            continue;
        int status = graph_add_reference(work, code->address + i, to, err);
        if (status < 0)
            return status;
    }
    return 0;
}

/* The bytes of a run, where it is code. */
static bool find_code(const struct graph_work *work, uint32_t index, struct run_code *code)
{
    const struct image_run *run = &work->layout->runs.items[index];
    const GElf_Shdr *header = graph_run_section(work, index);
    if (!header || (header->sh_flags & SHF_EXECINSTR) == 0 || header->sh_type == SHT_NOBITS)
        return false;
    code->address = run->start;
    code->size_bytes = run->end - run->start;
    code->bytes = (const unsigned char *)elf_file_bytes(
                      work->file, header->sh_offset + (run->start - header->sh_addr), code->size_bytes)
                      .data;
    return true;
}

int graph_read_branches(struct graph_work *work, struct shared_error *err)
{
    size_t first = 0;
    for (uint32_t i = 0; i < work->layout->runs.count; i++) {
        const struct image_run *run = &work->layout->runs.items[i];
        while (first < work->place_count && work->places[first].address < run->start)
            first++;
        size_t end = first;
        while (end < work->place_count && work->places[end].address < run->end)
            end++;
        struct run_code code = {.places = work->places + first, .place_count = end - first};
        first = end;
        if (code.place_count < 2 || !code.places[0].code || !find_code(work, i, &code))
            continue;
        int status = work->file->header.e_machine == EM_AARCH64 ? scan_arm64(work, &code, err)
                                                                : scan_x86_64(work, &code, err);
        if (status < 0)
            return status;
    }
    return 0;
}
