#include "graph/graph_inner.h"

/* Neighbours that are looked at for the input that a reference means. */
#define NEIGHBOURS 64

/*
 * A section's symbol is local to its object, and the number beside it may lead out of what it means: to the end of a
 * table that is walked backwards, or before one whose index does not begin at 0. What is meant is the object's own
 * bytes that are nearest.
 */
static uint64_t nearest_of_member(const struct graph_work *work, uint32_t section, uint32_t member,
                                  uint64_t address)
{
    const struct image_runs *runs = &work->layout->runs;
    uint32_t at = graph_index_find(&work->run_index, address);
    size_t middle = at == GRAPH_INDEX_NONE ? 0 : at;
    uint64_t best = address, least = UINT64_MAX;
    size_t first = middle > NEIGHBOURS ? middle - NEIGHBOURS : 0;
    for (size_t i = first; i < runs->count && i <= middle + NEIGHBOURS; i++) {
        const struct image_run *run = &runs->items[i];
        if (work->member_of[i] != member || work->section_of[i] != section)
            continue;
        uint64_t nearest = address < run->start ? run->start : address >= run->end ? run->end - 1 : address;
        uint64_t distance = nearest > address ? nearest - address : address - nearest;
        if (distance < least) {
            least = distance;
            best = nearest;
        }
    }
    return best;
}

uint64_t graph_settle_target(const struct graph_work *work, uint32_t from_run,
                             const struct relocation *relocation, uint64_t sum)
{
    uint32_t run = graph_run_at(work, sum);
    if (!relocation->section_symbol) {
        uint32_t own = graph_run_at(work, relocation->value);
        return own == GRAPH_NONE || own == run ? sum : relocation->value;
    }
    if (from_run == GRAPH_NONE)
        return sum;
    uint32_t member = work->member_of[from_run];
    bool inside = run != GRAPH_NONE && work->section_of[run] == relocation->section;
    if (member == 0 || (inside && (work->member_of[run] == member || work->merged[run])))
        return sum;
    return nearest_of_member(work, relocation->section, member, sum);
}

/* Whether a symbol that the linker knows beyond its object begins at an address. */
static bool is_global(const struct graph_work *work, uint64_t address)
{
    uint32_t place = graph_index_find(&work->place_index, address);
    return place != GRAPH_INDEX_NONE && work->places[place].address == address && work->places[place].global;
}

uint64_t graph_other_target(const struct graph_work *work, uint32_t from_run, uint64_t target,
                            bool beside_number)
{
    uint32_t run = graph_run_at(work, target);
    if (run == GRAPH_NONE || from_run == GRAPH_NONE || work->member_of[from_run] == 0)
        return target;
    if (target > work->layout->runs.items[run].start)
        return is_global(work, target) ? target - 1 : target;
    const struct image_run *before = &work->layout->runs.items[run - (run > 0)];
    bool boundary = beside_number && run > 0 && work->merged[run] && before->end == target;
    return boundary && work->member_of[run - 1] == work->member_of[from_run] &&
                   work->section_of[run - 1] == work->section_of[run]
               ? target - 1
               : target;
}
