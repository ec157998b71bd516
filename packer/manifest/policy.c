#include "manifest/policy.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "manifest/json_text.h"
#include "manifest/manifest_table.h"
#include "manifest/manifest_value.h"

#define POLICY_LIMIT_BYTES (1u << 20)

/* The file as it is. */
struct policies {
    struct policy of[2]; /* by enum manifest_runtime */
};

static const struct key_map library_map = {
    .item_bytes = sizeof(struct policy_library),
    .count_offset = offsetof(struct policies, of[RUNTIME_AL2023].library_count),
    .name_offset = offsetof(struct policy_library, name),
    .json_path_offset = offsetof(struct policy_library, json_path),
    .what = "library",
    .value = {.kind = KEY_TEXTS, .offset = offsetof(struct policy_library, versions), .unique = true},
};

static const struct key_map old_library_map = {
    .item_bytes = sizeof(struct policy_library),
    .count_offset = offsetof(struct policies, of[RUNTIME_AL2].library_count),
    .name_offset = offsetof(struct policy_library, name),
    .json_path_offset = offsetof(struct policy_library, json_path),
    .what = "library",
    .value = {.kind = KEY_TEXTS, .offset = offsetof(struct policy_library, versions), .unique = true},
};

static const struct key runtime_keys[] = {
    {"libraries", KEY_MAP, .offset = offsetof(struct policies, of[RUNTIME_AL2023].libraries),
     .map = &library_map},
};
static const struct key_table runtime_table = {runtime_keys, 1};

static const struct key old_runtime_keys[] = {
    {"libraries", KEY_MAP, .offset = offsetof(struct policies, of[RUNTIME_AL2].libraries),
     .map = &old_library_map},
};
static const struct key_table old_runtime_table = {old_runtime_keys, 1};

static const struct key top_keys[] = {
    {"$schema", KEY_IGNORED, .offset = 0},
    {"provided.al2023", KEY_OBJECT, .table = &runtime_table},
    {"provided.al2", KEY_OBJECT, .table = &old_runtime_table},
};
const struct key_table policy_table = {top_keys, sizeof(top_keys) / sizeof(top_keys[0])};

static void delete_tree(cJSON **root)
{
    cJSON_Delete(*root);
}

int policy_parse(const char *path, struct shared_slice text, enum manifest_runtime runtime,
                 struct shared_arena *arena, struct policy *policy, struct shared_error *err)
{
    struct manifest document = {.path = path, .folder = "."};
    struct policies policies = {0};
    *policy = (struct policy){0};
    int status = json_text_blank(path, text, arena, &document.text, err);
    if (status == 0)
        status = json_text_check(path, document.text, err);
    if (status < 0)
        return status;
    CLEANUP(delete_tree) cJSON *root = json_text_parse(path, document.text, err);
    if (!root)
        return SHARED_ENOMEM;
    status = manifest_value_read_as(&document, root, &policy_table, &policies, arena, err);
    *policy = policies.of[runtime];
    return status;
}

int policy_read(const char *path, enum manifest_runtime runtime, struct shared_arena *arena,
                struct policy *policy, struct shared_error *err)
{
    struct shared_slice text;
    *policy = (struct policy){0};
    int status = file_read(path, POLICY_LIMIT_BYTES, arena, &text, err);
    return status < 0 ? status : policy_parse(path, text, runtime, arena, policy, err);
}
