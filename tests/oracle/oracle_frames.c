#include "oracle.h"

#include <stdlib.h>
#include <string.h>

/*
 * What stands in an object's .eh_frame, by its relocations: in an FDE the first is for the code, others are for its
 * table of cleanups; in a CIE they are for who reads such tables.
 */

struct frame_records {
    struct oracle_link *link;
    struct oracle_object *object;
    uint32_t table; /* of relocations */
    size_t next;    /* relocation */
    struct shared_error *err;
};

static int add_need(struct frame_records *records, const Elf64_Rela *rela, uint32_t *first)
{
    struct oracle_object *object = records->object;
    struct oracle_need *needs = oracle_grow(records->link->arena, object->needs, object->need_count,
                                            &object->need_capacity, sizeof(*needs));
    if (!needs)
        return oracle_no_memory(records->err);
    object->needs = needs;
    needs[object->need_count] =
        (struct oracle_need){(uint32_t)ELF64_R_SYM(rela->r_info), (uint64_t)rela->r_addend, *first};
    *first = (uint32_t)object->need_count++;
    return 0;
}

/* The relocations of one record, from offset up to end. They are sorted: compilers write them so. */
static int read_record(struct frame_records *records, uint64_t offset, uint64_t end, bool cie)
{
    struct oracle_object *object = records->object;
    struct oracle_section *code = NULL;
    Elf64_Rela rela;
    int status = 0;
    for (; status == 0 && oracle_relocation(object, records->table, records->next, &rela) &&
           rela.r_offset < end;
         records->next++) {
        uint64_t symbol = ELF64_R_SYM(rela.r_info);
        if (symbol >= object->symbol_count || rela.r_offset < offset)
            continue;
        if (cie) {
            status = add_need(records, &rela, &object->common_needs);
        } else if (rela.r_offset == offset + 8) {
            uint32_t section = object->symbols[symbol].section;
            code = section == ORACLE_NONE ? NULL : &object->sections[section];
        } else {
            status = add_need(records, &rela, &object->table_needs);
            if (status == 0 && code)
                status = add_need(records, &rela, &code->first_of_code);
        }
    }
    return status;
}

static int read_section(struct frame_records *records, struct shared_slice bytes)
{
    int status = 0;
    uint32_t length, id;
    for (uint64_t offset = 0; status == 0 && bytes.size_bytes - offset >= 8; offset += 4 + (uint64_t)length) {
        memcpy(&length, bytes.data + offset, sizeof(length));
        memcpy(&id, bytes.data + offset + 4, sizeof(id));
        if (length == 0 || length > bytes.size_bytes - offset - 4)
            break;
        status = read_record(records, offset, offset + 4 + length, id == 0);
    }
    return status;
}

int oracle_frames_read(struct oracle_link *link, struct oracle_object *object, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < object->section_count; i++) {
        const struct oracle_section *section = &object->sections[i];
        if (section->relocations == ORACLE_NONE || section->type == SHT_NOBITS ||
            !shared_slice_equal(section->name, shared_slice_from_text(".eh_frame")))
            continue;
        struct frame_records records = {link, object, section->relocations, 0, err};
        status =
            read_section(&records, elf_file_bytes(&object->file, object->file.sections[i].header.sh_offset,
                                                  section->size_bytes));
    }
    return status;
}
