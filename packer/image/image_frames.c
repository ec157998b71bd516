#include "image/image_attribute.h"

#include <string.h>

/*
 * Linux Standard Base Core 5.0, 10.6.1, "Exception Frames". A record is a length, then an id: 0 of a CIE,
 * else of an FDE the distance back to its CIE, whose augmentation "R" tells how an FDE writes the address of
 * its code. Compilers of both architectures write "relative to here, 4 bytes"; what is written otherwise
 * stays with the linker.
 */

#define ENCODING_HERE_SDATA4 0x1b /* DW_EH_PE_pcrel | DW_EH_PE_sdata4 */

struct frames {
    struct shared_slice bytes;
    uint64_t address;  /* of bytes */
    uint64_t last_cie; /* offset of the CIE looked at last */
    bool last_is_usual;
};

static bool read_u32(struct shared_slice bytes, uint64_t offset, uint32_t *value)
{
    if (offset > bytes.size_bytes || bytes.size_bytes - offset < sizeof(*value))
        return false;
    memcpy(value, bytes.data + offset, sizeof(*value));
    return true;
}

/* Skips a LEB128 number; false where it does not end. */
static bool skip_leb128(struct shared_slice *rest)
{
    while (rest->size_bytes > 0) {
        bool more = (rest->data[0] & 0x80) != 0;
        *rest = shared_slice_of(rest->data + 1, rest->size_bytes - 1);
        if (!more)
            return true;
    }
    return false;
}

/* Whether the FDEs of the CIE at offset write addresses the usual way. */
static bool cie_is_usual(struct shared_slice bytes, uint64_t offset)
{
    uint64_t augmentation_at = offset + 9; /* length, id, version */
    struct shared_slice augmentation = elf_text(bytes, augmentation_at);
    if (augmentation.size_bytes < 2 || augmentation.data[0] != 'z')
        return false;
    uint64_t skip = augmentation_at + augmentation.size_bytes + 1;
    struct shared_slice rest = shared_slice_of(bytes.data + skip, bytes.size_bytes - skip);
    /* Alignments of code and data, the return address's register, the size of what follows. */
    for (int i = 0; i < 4; i++)
        if (!skip_leb128(&rest))
            return false;
    for (size_t i = 1; i < augmentation.size_bytes && rest.size_bytes > 0; i++) {
        size_t size = 0;
        switch (augmentation.data[i]) {
        case 'R':
            return (unsigned char)rest.data[0] == ENCODING_HERE_SDATA4;
        case 'L':
            size = 1;
            break;
        case 'P':
            /* An encoding, then an address of 8 bytes where it is absolute, else of 4. */
            size = (rest.data[0] & 0x07) == 0 || (rest.data[0] & 0x07) == 4 ? 9 : 5;
            break;
        case 'S':
        case 'B':
            break;
        default:
            return false;
        }
        if (size > rest.size_bytes)
            return false;
        rest = shared_slice_of(rest.data + size, rest.size_bytes - size);
    }
    return false;
}

/* The address of the code that the FDE at offset describes. */
static bool frame_code(struct frames *frames, uint64_t offset, uint32_t distance, uint64_t *code)
{
    uint32_t relative;
    uint64_t cie = offset + 4 - distance;
    if (distance > offset + 4 || !read_u32(frames->bytes, offset + 8, &relative))
        return false;
    if (cie != frames->last_cie) {
        frames->last_cie = cie;
        frames->last_is_usual = cie_is_usual(frames->bytes, cie);
    }
    *code = frames->address + offset + 8 + (uint64_t)(int64_t)(int32_t)relative;
    return frames->last_is_usual;
}

static const struct image_run *run_at(const struct image_runs *runs, uint64_t address)
{
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->items[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < runs->count && runs->items[low].start <= address ? &runs->items[low] : NULL;
}

void image_frames_each(const struct elf_file *file, const struct elf_section *section,
                       image_frame_visit *visit, void *user)
{
    struct frames frames = {
        .bytes = elf_file_bytes(file, section->header.sh_offset, section->header.sh_size),
        .address = section->header.sh_addr,
        .last_cie = UINT64_MAX,
    };
    uint32_t length, id;
    for (uint64_t offset = 0; read_u32(frames.bytes, offset, &length); offset += 4 + (uint64_t)length) {
        /* A length of 0 ends the records; all ones would announce one of over 4 GiB. */
        if (length == 0 || length > frames.bytes.size_bytes - offset - 4 ||
            !read_u32(frames.bytes, offset + 4, &id))
            break;
        struct image_frame frame = {.offset = offset, .bytes = 4 + (uint64_t)length};
        if (id != 0 && frame_code(&frames, offset, id, &frame.code)) {
            frame.common = offset + 4 - id;
            visit(user, &frame);
        }
    }
}

struct giving {
    const struct image_runs *runs;
    struct image_origins *origins;
    uint64_t given;
};

static void give(void *user, const struct image_frame *frame)
{
    struct giving *giving = user;
    const struct image_run *run = run_at(giving->runs, frame->code);
    if (run && run->origin != ORIGIN_LINKER) {
        giving->origins->items[run->origin].bytes += frame->bytes;
        giving->given += frame->bytes;
    }
}

uint64_t image_frames_attribute(const struct elf_file *file, const struct elf_section *section,
                                const struct image_runs *runs, struct image_origins *origins)
{
    struct giving giving = {.runs = runs, .origins = origins};
    image_frames_each(file, section, give, &giving);
    return giving.given;
}
