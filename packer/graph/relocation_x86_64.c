#include "graph/relocation.h"

#include <stdbool.h>

#ifndef R_X86_64_CODE_4_GOTPCRELX
#define R_X86_64_CODE_4_GOTPCRELX 43
#endif

static unsigned byte_before(const struct relocation *relocation, size_t distance)
{
    size_t size = relocation->before.size_bytes;
    return distance <= size ? (unsigned char)relocation->before.data[size - distance] : 0x90;
}

/* Of the second opcode map those that have an immediate operand beside a ModRM byte; the third map's all have. */
static bool has_immediate_0f(unsigned opcode)
{
    return opcode == 0xba || (opcode >= 0x70 && opcode <= 0x73) || opcode == 0xc2 ||
           (opcode >= 0xc4 && opcode <= 0xc6) || opcode == 0xa4 || opcode == 0xac;
}

/* The opcode map of an instruction whose opcode is 2 bytes before the place: 0, 1 (0F), 2 (0F 38), 3 (0F 3A), by escape
 * bytes, or by a VEX or EVEX prefix (Intel SDM volume 2, 2.3 and 2.7). */
static unsigned opcode_map(const struct relocation *relocation)
{
    unsigned opcode = byte_before(relocation, 2), before = byte_before(relocation, 3);
    if (byte_before(relocation, 4) == 0x0f && before == 0x3a)
        return 3;
    if (byte_before(relocation, 4) == 0x0f && before == 0x38)
        return 2;
    if (byte_before(relocation, 6) == 0x62)
        return byte_before(relocation, 5) & 7;
    if (byte_before(relocation, 5) == 0xc4)
        return byte_before(relocation, 4) & 0x1f;
    /* Of the opcodes after a short VEX prefix those below mean something else without it. */
    bool vex = byte_before(relocation, 4) == 0xc5 && (before & 0xf0) != 0x40 &&
               (has_immediate_0f(opcode) || opcode == 0x69 || opcode == 0x6b || opcode == 0xf6);
    return before == 0x0f || vex ? 1 : 0;
}

/*
 * Bytes of an immediate operand that stands between the place, a displacement from RIP, and the end of the
 * instruction, from which the processor counts. The ModRM byte is before the place, the opcode before that
 * (Intel SDM volume 2, appendix A).
 */
static uint64_t immediate_bytes(const struct relocation *relocation)
{
    unsigned modrm = byte_before(relocation, 1), opcode = byte_before(relocation, 2);
    unsigned before = byte_before(relocation, 3), extension = modrm >> 3 & 7;
    if ((modrm & 0xc7) != 0x05)
        return 0; /* a call or a jump: no ModRM byte */
    unsigned map = opcode_map(relocation);
    if (map == 3 || (map == 1 && has_immediate_0f(opcode)))
        return 1;
    if (map > 0)
        return 0;
    uint64_t word = before == 0x66 || byte_before(relocation, 4) == 0x66 ? 2 : 4;
    switch (opcode) {
    case 0x80:
    case 0x83:
    case 0xc0:
    case 0xc1:
    case 0xc6:
    case 0x6b:
        return 1;
    case 0x81:
    case 0xc7:
    case 0x69:
        return word;
    case 0xf6:
        return extension < 2 ? 1 : 0;
    case 0xf7:
        return extension < 2 ? word : 0;
    default:
        return 0;
    }
}

enum relocation_form relocation_x86_64(const struct relocation *relocation, uint64_t *target)
{
    uint64_t sum = relocation->value + (uint64_t)relocation->addend;
    switch (relocation->type) {
    case R_X86_64_64:
    case R_X86_64_32:
    case R_X86_64_32S:
    case R_X86_64_16:
    case R_X86_64_8:
    case R_X86_64_GOTOFF64:
    case R_X86_64_TPOFF32:
    case R_X86_64_TPOFF64:
    case R_X86_64_DTPOFF32:
    case R_X86_64_DTPOFF64:
        *target = sum;
        return RELOCATION_TARGET;
    case R_X86_64_PC32:
    case R_X86_64_PC64:
    case R_X86_64_PLT32:
        if (!relocation->in_code) {
            *target = sum;
            return RELOCATION_DISTANCE;
        }
        *target = sum + (relocation->type == R_X86_64_PC64 ? 0 : 4 + immediate_bytes(relocation));
        return RELOCATION_TARGET;
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_CODE_4_GOTPCRELX:
    case R_X86_64_GOT32:
    case R_X86_64_GOT64:
    case R_X86_64_GOTPCREL64:
    case R_X86_64_GOTTPOFF:
    case R_X86_64_TLSGD:
    case R_X86_64_GOTPC32_TLSDESC:
    case R_X86_64_PLTOFF64:
        *target = relocation->section_symbol ? sum + 4 : relocation->value;
        return RELOCATION_TARGET;
    default:
        return RELOCATION_NONE;
    }
}
