#include "image/image_attribute.h"

#include <string.h>

/*
 * Linux Standard Base Core 5.0, 10.5.1 and 10.6.1, "DWARF Exception Header Encoding", "Exception Frames". A record is
 * a length, then an id: 0 of a CIE, else of an FDE the distance back to its CIE. The CIE's augmentation tells how its
 * FDEs write the address of their code ("R") and of their table of cleanups ("L"), and who reads that ("P").
 */

enum {
    ENCODING_NONE = 0xff,
    ENCODING_FORM = 0x0f,
    ENCODING_BASE = 0x70, /* with ENCODING_INDIRECT: of a pointer to it, which is what is given here */
    ENCODING_HERE = 0x10
};

#define AUGMENTATION_BYTES 16

struct cie {
    uint64_t offset;
    bool usable;
    bool has_data;        /* its FDEs have a part whose size they tell */
    uint8_t code, table;  /* encodings */
    uint64_t personality; /* address; 0: none */
};

struct frames {
    struct shared_slice bytes;
    uint64_t address; /* of bytes */
    struct cie cie;   /* the one looked at last */
};

static bool read_u32(struct shared_slice bytes, uint64_t offset, uint32_t *value)
{
    if (offset > bytes.size_bytes || bytes.size_bytes - offset < sizeof(*value))
        return false;
    memcpy(value, bytes.data + offset, sizeof(*value));
    return true;
}

/* Skips a LEB128 number; false where it does not end, or has more bytes than 64 bits take. */
static bool skip_leb128(struct shared_slice bytes, uint64_t *offset)
{
    for (int i = 0; i < 10 && *offset < bytes.size_bytes; i++)
        if ((bytes.data[(*offset)++] & 0x80) == 0)
            return true;
    return false;
}

/* Bytes of an address in an encoding; 0 where it has no fixed size. */
static size_t encoded_bytes(unsigned encoding)
{
    switch (encoding & 0x07) {
    case 0x00:
    case 0x04:
        return 8;
    case 0x02:
        return 2;
    case 0x03:
        return 4;
    default:
        return 0;
    }
}

/* Reads an address and goes past it. An address of 0 is none, whatever it is relative to. */
static bool read_encoded(const struct frames *frames, unsigned encoding, uint64_t *offset, uint64_t *value)
{
    size_t size = encoded_bytes(encoding);
    unsigned base = encoding & ENCODING_BASE;
    if (size == 0 || *offset > frames->bytes.size_bytes || frames->bytes.size_bytes - *offset < size ||
        (base != 0 && base != ENCODING_HERE))
        return false;
    *value = 0;
    memcpy(value, frames->bytes.data + *offset, size);
    bool is_signed = (encoding & 0x08) != 0;
    if (is_signed && size < 8 && (*value >> (8 * size - 1)) != 0)
        *value -= (uint64_t)1 << (8 * size);
    if (*value != 0 && base == ENCODING_HERE)
        *value += frames->address + *offset;
    *offset += size;
    return true;
}

static bool read_augmentation(const struct frames *frames, struct shared_slice augmentation, uint64_t at,
                              struct cie *cie)
{
    /* Alignments of code and data, the return address's register, the size of what follows. */
    for (int i = 0; i < 4; i++)
        if (!skip_leb128(frames->bytes, &at))
            return false;
    cie->has_data = true;
    for (size_t i = 1; i < augmentation.size_bytes; i++) {
        char letter = augmentation.data[i];
        if (letter == 'S' || letter == 'B')
            continue; /* a signal's frame; keys that sign addresses: without data */
        if ((letter != 'R' && letter != 'L' && letter != 'P') || at >= frames->bytes.size_bytes)
            return false;
        uint8_t encoding = (uint8_t)frames->bytes.data[at++];
        if (letter == 'R')
            cie->code = encoding;
        else if (letter == 'L')
            cie->table = encoding;
        else if (!read_encoded(frames, encoding, &at, &cie->personality))
            return false;
    }
    return cie->code != ENCODING_NONE;
}

static void read_cie(const struct frames *frames, uint64_t offset, struct cie *cie)
{
    uint64_t augmentation_at = offset + 9; /* length, id, version */
    struct shared_slice bytes = frames->bytes;
    /* A text that does not end soon is none: hostile CIEs would be searched to the section's end, each. */
    if (augmentation_at < bytes.size_bytes && bytes.size_bytes - augmentation_at > AUGMENTATION_BYTES)
        bytes.size_bytes = augmentation_at + AUGMENTATION_BYTES;
    struct shared_slice augmentation = elf_text(bytes, augmentation_at);
    *cie = (struct cie){.offset = offset, .code = ENCODING_NONE, .table = ENCODING_NONE};
    if (augmentation.size_bytes < 2 || augmentation.data[0] != 'z')
        return;
    cie->usable = read_augmentation(frames, augmentation, augmentation_at + augmentation.size_bytes + 1, cie);
}

/* What the FDE at offset describes, and what is needed for that. */
static bool read_fde(struct frames *frames, uint64_t offset, uint32_t distance, struct image_frame *frame)
{
    uint64_t cie = offset + 4 - distance, at = offset + 8, length;
    if (distance > offset + 4)
        return false;
    if (cie != frames->cie.offset)
        read_cie(frames, cie, &frames->cie);
    frame->common = cie;
    frame->personality = frames->cie.personality;
    frame->table = 0;
    if (!frames->cie.usable || !read_encoded(frames, frames->cie.code, &at, &frame->code) ||
        !read_encoded(frames, frames->cie.code & ENCODING_FORM, &at, &length))
        return false;
    if (frames->cie.table != ENCODING_NONE && frames->cie.has_data && skip_leb128(frames->bytes, &at) &&
        !read_encoded(frames, frames->cie.table, &at, &frame->table))
        frame->table = 0;
    return true;
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
        .cie = {.offset = UINT64_MAX},
    };
    uint32_t length, id;
    for (uint64_t offset = 0; read_u32(frames.bytes, offset, &length); offset += 4 + (uint64_t)length) {
        /* A length of 0 ends the records; all ones would announce one of over 4 GiB. */
        if (length == 0 || length > frames.bytes.size_bytes - offset - 4 ||
            !read_u32(frames.bytes, offset + 4, &id))
            break;
        struct image_frame frame = {.offset = offset, .bytes = 4 + (uint64_t)length};
        if (id != 0 && read_fde(&frames, offset, id, &frame))
            visit(user, &frame);
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
