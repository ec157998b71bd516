#include "manifest/manifest_table.h"

#include "manifest/manifest_name.h"

#include <stdint.h>

const char *const runtime_choices[] = {
    [RUNTIME_AL2023] = "provided.al2023",
    [RUNTIME_AL2] = "provided.al2",
    NULL,
};
const char *const architecture_choices[] = {
    [ARCHITECTURE_X86_64] = "x86_64",
    [ARCHITECTURE_ARM64] = "arm64",
    NULL,
};
const char *const profile_choices[] = {
    [PROFILE_TODAY] = "today",
    [PROFILE_2016] = "2016",
    NULL,
};
static const char *const linker_choices[] = {
    [LINKER_BFD] = "bfd",
    [LINKER_LLD] = "lld",
    [LINKER_MOLD] = "mold",
    NULL,
};
static const char *const linkage_choices[] = {
    [LINKAGE_STATIC] = "static",
    [LINKAGE_DYNAMIC] = "dynamic",
    [LINKAGE_AUTO] = "auto",
    NULL,
};

static const char *const plan_choices[] = {
    [LAYERS_AUTO] = "auto",
    [LAYERS_OFF] = "off",
    NULL,
};
static const char *const level_choices[] = {
    [LEVEL_DEFAULT] = "default",
    [LEVEL_FAST] = "fast",
    [LEVEL_SMALLEST] = "smallest",
    NULL,
};

#define TABLE(name, rows) static const struct key_table name = {rows, sizeof(rows) / sizeof((rows)[0])}

#define IN_MANIFEST(field) .offset = offsetof(struct manifest, field)
static const struct key target_keys[] = {
    {"runtime", KEY_CHOICE, IN_MANIFEST(runtime), .choices = runtime_choices},
    {"architecture", KEY_CHOICE, IN_MANIFEST(architecture), .choices = architecture_choices},
    {"policy", KEY_TEXT, IN_MANIFEST(policy), .least = 1},
};
TABLE(target_table, target_keys);

static const struct key toolchain_keys[] = {
    {"compiler", KEY_TEXT, IN_MANIFEST(toolchain.compiler), .least = 1},
    {"flags", KEY_TEXTS, IN_MANIFEST(toolchain.flags)},
    {"link_flags", KEY_TEXTS, IN_MANIFEST(toolchain.link_flags)},
    {"linker", KEY_CHOICE, IN_MANIFEST(toolchain.linker), .choices = linker_choices},
    {"strip", KEY_TEXT, IN_MANIFEST(toolchain.strip), .least = 1},
};
TABLE(toolchain_table, toolchain_keys);

#define IN_LIBRARY(field) .offset = offsetof(struct manifest_library, field)
static const struct key library_keys[] = {
    {"archives", KEY_TEXTS, IN_LIBRARY(archives), .unique = true},
    {"shared", KEY_TEXT, IN_LIBRARY(shared), .least = 1},
    {"include", KEY_TEXTS, IN_LIBRARY(include), .unique = true},
    {"needs", KEY_TEXTS, IN_LIBRARY(needs), .unique = true},
};
TABLE(library_table, library_keys);

static const struct key_map library_map = {
    .item_bytes = sizeof(struct manifest_library),
    .count_offset = offsetof(struct manifest, library_count),
    .name_offset = offsetof(struct manifest_library, name),
    .json_path_offset = offsetof(struct manifest_library, json_path),
    .what = "library",
    .refuse_name = refuse_library_name,
    .value = {.kind = KEY_OBJECT, .table = &library_table},
};

static const struct key_map asset_map = {
    .item_bytes = sizeof(struct manifest_asset),
    .count_offset = offsetof(struct manifest_function, asset_count),
    .name_offset = offsetof(struct manifest_asset, place),
    .json_path_offset = offsetof(struct manifest_asset, json_path),
    .what = "place",
    .value = {.kind = KEY_TEXT, .least = 1, .offset = offsetof(struct manifest_asset, source)},
};

static const struct key_map environment_map = {
    .item_bytes = sizeof(struct manifest_pair),
    .count_offset = offsetof(struct manifest_function, environment_count),
    .name_offset = offsetof(struct manifest_pair, name),
    .json_path_offset = KEY_NO_OFFSET,
    .what = "environment variable",
    .refuse_name = refuse_environment_name,
    .value = {.kind = KEY_TEXT, .offset = offsetof(struct manifest_pair, value)},
};

static const struct key_map layer_map = {
    .item_bytes = sizeof(struct manifest_layer),
    .count_offset = offsetof(struct manifest_function, layer_count),
    .name_offset = offsetof(struct manifest_layer, arn),
    .json_path_offset = offsetof(struct manifest_layer, json_path),
    .what = "layer",
    .refuse_name = refuse_layer_name,
    .value = {.kind = KEY_NUMBER, .offset = offsetof(struct manifest_layer, unzipped_bytes)},
};

static const struct key check_keys[] = {
    {"off", KEY_TEXT, .offset = offsetof(struct manifest_check_off, reason), .required = true, .least = 1},
};
TABLE(check_table, check_keys);

#define CHECK_MAP(holder)                                                                    \
    {                                                                                        \
        .item_bytes = sizeof(struct manifest_check_off),                                     \
        .count_offset = offsetof(struct holder, check_off_count),                            \
        .name_offset = offsetof(struct manifest_check_off, name),                            \
        .json_path_offset = offsetof(struct manifest_check_off, json_path), .what = "check", \
        .value = {.kind = KEY_OBJECT, .table = &check_table},                                \
    }
static const struct key_map check_map = CHECK_MAP(manifest);
static const struct key_map function_check_map = CHECK_MAP(manifest_function);

#define IN_FUNCTION(field) .offset = offsetof(struct manifest_function, field)
static const struct key function_keys[] = {
    {"runtime", KEY_TEXT, IN_FUNCTION(runtime), .refuse = refuse_runtime_name},
    {"handler", KEY_TEXT, IN_FUNCTION(handler), .refuse = refuse_handler_name},
    {"sources", KEY_TEXTS, IN_FUNCTION(sources), .least = 1, .unique = true},
    {"objects", KEY_TEXTS, IN_FUNCTION(objects), .least = 1, .unique = true},
    {"binary", KEY_TEXT, IN_FUNCTION(binary), .least = 1},
    {"map", KEY_TEXT, IN_FUNCTION(map), .least = 1},
    {"libraries", KEY_TEXTS, IN_FUNCTION(libraries), .unique = true},
    {"flags", KEY_TEXTS, IN_FUNCTION(flags), .least = 1},
    {"linkage", KEY_CHOICE, IN_FUNCTION(linkage), .choices = linkage_choices},
    {"assets", KEY_MAP, IN_FUNCTION(assets), .map = &asset_map},
    {"movable", KEY_TEXTS, IN_FUNCTION(movable), .unique = true},
    {"fixed", KEY_TEXTS, IN_FUNCTION(fixed), .unique = true},
    {"layers", KEY_MAP, IN_FUNCTION(layers), .map = &layer_map},
    {"checks", KEY_MAP, IN_FUNCTION(checks_off), .map = &function_check_map},
    {"environment", KEY_MAP, IN_FUNCTION(environment), .map = &environment_map},
    {"memory_mb", KEY_NUMBER, IN_FUNCTION(memory_mb), .least = 1},
    {"timeout_s", KEY_NUMBER, IN_FUNCTION(timeout_s), .least = 1},
    {"requests_per_s", KEY_NUMBER, IN_FUNCTION(requests_per_s), .least = 1},
    {"duration_ms", KEY_NUMBER, IN_FUNCTION(duration_ms), .least = 1},
    {"prewarm", KEY_TEXT, IN_FUNCTION(prewarm), .refuse = refuse_schedule},
};
TABLE(function_table, function_keys);

/* Lambda API reference, CreateFunction: MemorySize and Timeout where they are not given (2025). */
static const struct manifest_function fresh_function = {.memory_mb = 128, .timeout_s = 3};

static const struct key_map function_map = {
    .item_bytes = sizeof(struct manifest_function),
    .count_offset = offsetof(struct manifest, function_count),
    .name_offset = offsetof(struct manifest_function, name),
    .json_path_offset = offsetof(struct manifest_function, json_path),
    .what = "function",
    .refuse_name = refuse_function_name,
    .value = {.kind = KEY_OBJECT, .table = &function_table},
    .fresh = &fresh_function,
};

static const struct key_map override_map = {
    .item_bytes = sizeof(struct manifest_override),
    .count_offset = offsetof(struct manifest, override_count),
    .name_offset = offsetof(struct manifest_override, name),
    .json_path_offset = offsetof(struct manifest_override, json_path),
    .what = "limit",
    .value = {.kind = KEY_NUMBER, .offset = offsetof(struct manifest_override, value)},
};

static const struct key limits_keys[] = {
    {"profile", KEY_CHOICE, IN_MANIFEST(profile), .choices = profile_choices},
    {"overrides", KEY_MAP, IN_MANIFEST(overrides), .map = &override_map},
    {"s3_bucket", KEY_TEXT, IN_MANIFEST(s3_bucket), .refuse = refuse_bucket_name},
};
TABLE(limits_table, limits_keys);

#define IN_BUDGET(field) .offset = offsetof(struct manifest_budget, field)
static const struct key budget_keys[] = {
    {"function", KEY_TEXT, IN_BUDGET(function), .least = 1},
    {"library", KEY_TEXT, IN_BUDGET(library), .least = 1},
    {"symbol", KEY_TEXT, IN_BUDGET(symbol), .least = 1},
    {"zip_bytes", KEY_NUMBER, IN_BUDGET(zip.bytes)},
    {"unzipped_bytes", KEY_NUMBER, IN_BUDGET(unzipped.bytes)},
    {"zip_growth_bytes", KEY_NUMBER, IN_BUDGET(zip.growth_bytes)},
    {"unzipped_growth_bytes", KEY_NUMBER, IN_BUDGET(unzipped.growth_bytes)},
    {"zip_growth_percent", KEY_NUMBER, IN_BUDGET(zip.growth_percent)},
    {"unzipped_growth_percent", KEY_NUMBER, IN_BUDGET(unzipped.growth_percent)},
};
TABLE(budget_table, budget_keys);

#define NO_NUMBERS                                                 \
    {                                                              \
        MANIFEST_NO_NUMBER, MANIFEST_NO_NUMBER, MANIFEST_NO_NUMBER \
    }
static const struct manifest_budget fresh_budget = {.zip = NO_NUMBERS, .unzipped = NO_NUMBERS};

static const struct key_map budget_list = {
    .item_bytes = sizeof(struct manifest_budget),
    .count_offset = offsetof(struct manifest, budget_count),
    .name_offset = KEY_NO_OFFSET,
    .json_path_offset = offsetof(struct manifest_budget, json_path),
    .what = "budget",
    .value = {.kind = KEY_OBJECT, .table = &budget_table},
    .fresh = &fresh_budget,
};

static const struct key layers_keys[] = {
    {"plan", KEY_CHOICE, IN_MANIFEST(layer_plan), .choices = plan_choices},
    {"allow_extra_bytes", KEY_NUMBER, IN_MANIFEST(layer_extra_bytes)},
    {"replan_percent", KEY_NUMBER, IN_MANIFEST(replan_percent)},
};
TABLE(layers_table, layers_keys);

static const struct key zip_keys[] = {
    {"level", KEY_CHOICE, IN_MANIFEST(level), .choices = level_choices},
};
TABLE(zip_table, zip_keys);

static const struct key top_keys[] = {
    {"$schema", KEY_IGNORED, .offset = 0},
    {"name", KEY_TEXT, IN_MANIFEST(name), .required = true, .refuse = refuse_function_name},
    {"target", KEY_OBJECT, .table = &target_table},
    {"toolchain", KEY_OBJECT, .table = &toolchain_table},
    {"libraries", KEY_MAP, IN_MANIFEST(libraries), .map = &library_map},
    {"functions", KEY_MAP, IN_MANIFEST(functions), .required = true, .least = 1, .map = &function_map},
    {"limits", KEY_OBJECT, .table = &limits_table},
    {"budgets", KEY_LIST, IN_MANIFEST(budgets), .map = &budget_list},
    {"snapshot", KEY_TEXT, IN_MANIFEST(snapshot), .least = 1},
    {"lock", KEY_TEXT, IN_MANIFEST(lock), .least = 1},
    {"layers", KEY_OBJECT, .table = &layers_table},
    {"zip", KEY_OBJECT, .table = &zip_table},
    {"checks", KEY_MAP, IN_MANIFEST(checks_off), .map = &check_map},
};
const struct key_table manifest_table = {top_keys, sizeof(top_keys) / sizeof(top_keys[0])};
