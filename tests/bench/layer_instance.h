/* layer_instance.h - problems that the planner of layers is measured on; each comes from its seed alone. */
#ifndef BENCH_LAYER_INSTANCE_H
#define BENCH_LAYER_INSTANCE_H

#include "layer/layer_plan.h"

#include <stddef.h>
#include <stdint.h>

/* A row of small problems: what each has, at random but for these. */
struct instance_family {
    unsigned functions, classes, slots;
    uint64_t extra_bytes; /* of strangers that a function bears */
};

extern const struct instance_family instance_families[];
extern const size_t instance_family_count;

/*
 * Each class is carried by 2 functions or more, by few far more often than by all, as packages are: 2 and the third
 * power of an even chance, of what there are more; no two classes by the same. It has 10 KB to 10 MB, logarithmically
 * even. Nothing else is in the functions.
 */
void instance_small(const struct instance_family *family, uint64_t seed, struct shared_arena *arena,
                    struct layer_problem *problem);

/* What a large problem is made of. */
struct instance_size {
    unsigned functions, stacks; /* functions of one stack have most of their packages in common */
    unsigned packages;          /* that there are */
    unsigned files;             /* of each, in the middle; 1: a package is an item */
    unsigned own;               /* files of each function that no other has */
};

/*
 * Functions of a few stacks, as teams or frameworks are: a stack asks for 12 to 72 packages, the early ones
 * more often than the late ones, each of which draws in up to three earlier ones, and so on; a function leaves out
 * one in 40 of those asked for and asks for up to three others.
 */
void instance_large(const struct instance_size *size, uint64_t seed, struct shared_arena *arena,
                    struct layer_problem *problem);

/* A next number, the same on any machine. */
uint64_t instance_random(uint64_t *state);
unsigned instance_below(uint64_t *state, unsigned count);

#endif
