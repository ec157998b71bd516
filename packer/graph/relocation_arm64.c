#include "graph/relocation.h"

/* The numbers of a kind follow one another (section 5.7.3 on). */
static bool within(uint32_t type, uint32_t first, uint32_t last)
{
    return type >= first && type <= last;
}

enum relocation_form relocation_arm64(const struct relocation *relocation, uint64_t *target)
{
    uint32_t type = relocation->type;
    *target = relocation->value + (uint64_t)relocation->addend;
    if (within(type, R_AARCH64_ABS64, R_AARCH64_ABS16))
        return RELOCATION_TARGET;
    if (within(type, R_AARCH64_PREL64, R_AARCH64_PREL16))
        return relocation->in_code ? RELOCATION_TARGET : RELOCATION_DISTANCE;
    if (within(type, R_AARCH64_MOVW_UABS_G0, R_AARCH64_MOVW_PREL_G3))
        return RELOCATION_TARGET; /* loads, branches and addresses, from 263 to 293 */
    if (type == R_AARCH64_LDST128_ABS_LO12_NC)
        return RELOCATION_TARGET;
    if (within(type, R_AARCH64_MOVW_GOTOFF_G0, R_AARCH64_LD64_GOTPAGE_LO15)) {
        *target = relocation->value;
        return RELOCATION_TARGET;
    }
    if (within(type, R_AARCH64_TLSGD_ADR_PREL21, R_AARCH64_TLSLD_LDST128_DTPREL_LO12_NC))
        return RELOCATION_TARGET;
    return RELOCATION_NONE;
}
