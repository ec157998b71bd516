#include "check.h"

#include "limit/limit.h"

static struct shared_arena arena;
static struct shared_error err;
static struct manifest manifest;
static struct limit_values limits;
static struct limit_findings findings;

static void profile(enum manifest_profile which, const char *bucket)
{
    manifest = (struct manifest){.path = "demine.json", .profile = which, .s3_bucket = bucket};
    CHECK_NUMBER(limit_values_read(&manifest, &arena, &limits, &err), 0);
}

static void override(const char *name, uint64_t value)
{
    struct manifest_override *kept = shared_arena_alloc(&arena, sizeof(*kept));
    *kept = (struct manifest_override){name, value, "limits.overrides.x"};
    manifest.overrides = kept;
    manifest.override_count = 1;
    CHECK_NUMBER(limit_values_read(&manifest, &arena, &limits, &err), 0);
}

static struct limit_usage good(void)
{
    return (struct limit_usage){.function = "f", .memory_mb = 128, .timeout_s = 3};
}

static const struct limit_finding *find(const char *name)
{
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.items[i].limit->name, name) == 0)
            return &findings.items[i];
    }
    return NULL;
}

static void check(const struct limit_usage *usages, size_t count, const struct limit_region *region)
{
    const struct limit_held held = {.usages = usages, .usage_count = count, .region = region};
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
}

static void test_table(void)
{
    CHECK_NUMBER(limit_count, LIMIT_GATEWAY_REQUESTS_PER_S + 1);
    for (size_t i = 0; i < limit_count; i++) {
        CHECK_ROW(limit_table[i].name);
        CHECK(limit_table[i].title && limit_table[i].source && strlen(limit_table[i].source) > 10);
        CHECK(limit_table[i].today != LIMIT_NONE);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(limit_table[i].name, limit_table[j].name) != 0);
    }
}

/* The numbers as AWS writes them, digit by digit. */
static void test_numbers(void)
{
    static const struct {
        enum limit_id id;
        const char *name;
        uint64_t in_2016, today;
    } table[] = {
        {LIMIT_ZIP_BYTES, "zip_bytes", 52428800, 52428800},
        {LIMIT_LAYER_ZIP_BYTES, "layer_zip_bytes", 52428800, 52428800},
        {LIMIT_UNZIPPED_BYTES, "unzipped_bytes", 262144000, 262144000},
        {LIMIT_LAYERS, "layers", 0, 5},
        {LIMIT_ENVIRONMENT_BYTES, "environment_bytes", LIMIT_NONE, 4096},
        {LIMIT_MEMORY_MIN_MB, "memory_min_mb", 128, 128},
        {LIMIT_MEMORY_MAX_MB, "memory_max_mb", 1536, 10240},
        {LIMIT_TIMEOUT_S, "timeout_s", 300, 900},
        {LIMIT_REQUEST_BYTES, "request_bytes", LIMIT_NONE, 70167211},
        {LIMIT_CODE_STORAGE_BYTES, "code_storage_bytes", 80530636800, 80530636800},
        {LIMIT_CONCURRENCY, "concurrency", 100, 1000},
        {LIMIT_GATEWAY_REQUESTS_PER_S, "gateway_requests_per_s", 1000, 10000},
    };
    CHECK_NUMBER(sizeof(table) / sizeof(*table), limit_count);
    for (size_t i = 0; i < limit_count; i++) {
        CHECK_TEXT(limit_table[table[i].id].name, table[i].name);
        CHECK(limit_table[table[i].id].in_2016 == table[i].in_2016);
        CHECK(limit_table[table[i].id].today == table[i].today);
    }
    profile(PROFILE_2016, NULL);
    CHECK_NUMBER(limits.values[LIMIT_TIMEOUT_S], 300);
    profile(PROFILE_TODAY, NULL);
    CHECK_NUMBER(limits.values[LIMIT_TIMEOUT_S], 900);
}

static void test_override(void)
{
    profile(PROFILE_TODAY, NULL);
    override("timeout_s", 30);
    CHECK_NUMBER(limits.values[LIMIT_TIMEOUT_S], 30);
    CHECK(limits.overridden[LIMIT_TIMEOUT_S] && !limits.overridden[LIMIT_ZIP_BYTES]);

    struct manifest_override wrong = {"zip_byte", 1, "limits.overrides.zip_byte"};
    manifest.overrides = &wrong;
    CHECK_NUMBER(limit_values_read(&manifest, &arena, &limits, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, ": limits.overrides.zip_byte: no limit has this name; did you mean \"zip_bytes\"?");
    wrong.name = "quite-something-else";
    CHECK_NUMBER(limit_values_read(&manifest, &arena, &limits, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "demine.json:");
    CHECK_MESSAGE(&err, "there are zip_bytes");
}

static void test_edges(void)
{
    static const struct {
        const char *name;
        struct limit_usage usage;
        bool exceeded;
    } table[] = {
        {"zip_bytes", {.zipped = true, .zip_bytes = 52428800}, false},
        {"zip_bytes", {.zipped = true, .zip_bytes = 52428801}, true},
        {"unzipped_bytes", {.unzipped_bytes = 262144000}, false},
        {"unzipped_bytes", {.unzipped_bytes = 262144001}, true},
        {"layers", {.layers = 5}, false},
        {"layers", {.layers = 6}, true},
        {"environment_bytes", {.environment_bytes = 4096}, false},
        {"environment_bytes", {.environment_bytes = 4097}, true},
        {"memory_min_mb", {.memory_mb = 128}, false},
        {"memory_min_mb", {.memory_mb = 127}, true},
        {"memory_max_mb", {.memory_mb = 10240}, false},
        {"memory_max_mb", {.memory_mb = 10241}, true},
        {"timeout_s", {.timeout_s = 900}, false},
        {"timeout_s", {.timeout_s = 901}, true},
    };
    profile(PROFILE_TODAY, NULL);
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        struct limit_usage usage = table[i].usage;
        CHECK_ROW(table[i].name);
        usage.function = "f";
        usage.memory_mb = usage.memory_mb ? usage.memory_mb : 128;
        check(&usage, 1, NULL);
        const struct limit_finding *finding = find(table[i].name);
        if (!CHECK(finding != NULL))
            continue;
        CHECK_NUMBER(finding->exceeded, table[i].exceeded);
        CHECK_NUMBER(findings.exceeded, table[i].exceeded);
        CHECK((finding->message != NULL) == table[i].exceeded);
    }
}

static void test_what_is_left_out(void)
{
    struct limit_usage usage = good();
    profile(PROFILE_TODAY, NULL);
    check(&usage, 1, NULL);
    CHECK_NUMBER(findings.count, 6);
    CHECK(!find("zip_bytes") && !find("code_storage_bytes") && !find("concurrency") &&
          !find("request_bytes"));
    usage.zipped = true;
    check(&usage, 1, NULL);
    CHECK_NUMBER(findings.count, 7);
    profile(PROFILE_2016, NULL);
    check(&usage, 1, NULL);
    CHECK(!find("environment_bytes"));
    check(NULL, 0, NULL);
    CHECK_NUMBER(findings.count, 0);
}

static void test_zip_message(void)
{
    static const struct limit_part parts[] = {
        {"libc", 110000}, {"own", 5}, {"share/model.bin", 44040192}, {"libpng", 160192}, {"libz", 110000},
    };
    static const struct limit_part in_zip[] = {{"share/notes.txt", 900}, {"bootstrap", 61000000}};
    struct limit_usage usage = good();
    usage.function = "thumbnail";
    usage.zipped = true;
    usage.zip_bytes = 61234567;
    usage.parts = parts;
    usage.zip_parts = in_zip;
    usage.zip_part_count = 2;
    usage.part_count = 5;
    profile(PROFILE_TODAY, NULL);
    check(&usage, 1, NULL);
    CHECK_TEXT(find("zip_bytes")->message,
               "function thumbnail: zip, direct upload: 61,234,567 B (58.4 MB) is over the limit of "
               "52,428,800 B (50 MB)"
               "; largest in the zip: bootstrap 61,000,000 B, share/notes.txt 900 B"
               "; set limits.s3_bucket to upload it through S3, or take something out");
    CHECK(!find("zip_bytes")->via_s3);
}

static void test_s3(void)
{
    struct limit_usage usage = good();
    usage.zipped = true;
    usage.zip_bytes = 60000000;
    profile(PROFILE_TODAY, "bucket");
    check(&usage, 1, NULL);
    CHECK(find("zip_bytes")->via_s3 && !find("zip_bytes")->exceeded && !find("zip_bytes")->message);
    CHECK_NUMBER(findings.exceeded, 0);
    usage.zip_bytes = 1;
    check(&usage, 1, NULL);
    CHECK(!find("zip_bytes")->via_s3);

    usage.zip_bytes = 60000000;
    profile(PROFILE_2016, "bucket");
    check(&usage, 1, NULL);
    CHECK(find("zip_bytes")->exceeded && !find("zip_bytes")->via_s3);
    CHECK(strstr(find("zip_bytes")->message, "2016 knows no other way") != NULL);

    profile(PROFILE_TODAY, "bucket");
    override("zip_bytes", 1000);
    check(&usage, 1, NULL);
    CHECK(find("zip_bytes")->exceeded);
    CHECK(strstr(find("zip_bytes")->message, "change limits.overrides.zip_bytes") != NULL);

    /* S3 does not help against the unzipped limit. */
    profile(PROFILE_TODAY, "bucket");
    usage.unzipped_bytes = 300000000;
    check(&usage, 1, NULL);
    CHECK(find("unzipped_bytes")->exceeded);
}

/* AWS takes no more in a layer's ZipFile than in a function's. */
static void test_layer_zip(void)
{
    static const struct limit_part in_zip[] = {{"nodejs/node_modules/p/package.json", 13},
                                               {"nodejs/node_modules/p/r", 52430000}};
    struct limit_layer layers[] = {{"small-0123456789abcdef", 52428800, in_zip, 1},
                                   {"project-0123456789abcdef", 52430315, in_zip, 2}};
    struct limit_usage usage = good();
    usage.zipped = true;
    const struct limit_region region = {.limit_bytes = LIMIT_NONE};
    const struct limit_held held = {
        .usages = &usage, .usage_count = 1, .layers = layers, .layer_count = 2, .region = &region};
    profile(PROFILE_TODAY, NULL);
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
    CHECK_NUMBER(findings.count, 7 + 2 + 1);
    CHECK_NUMBER(findings.exceeded, 1);
    const struct limit_finding *fine = &findings.items[7], *over = &findings.items[8];
    CHECK(!fine->function && !over->function && !findings.items[0].layer && !findings.items[9].layer);
    CHECK_TEXT(fine->layer, "small-0123456789abcdef");
    CHECK(!fine->exceeded && !fine->message);
    CHECK_TEXT(over->message,
               "layer project-0123456789abcdef: layer zip, direct upload: 52,430,315 B (50.0 MB) is over the "
               "limit of 52,428,800 B (50 MB); largest in the zip: nodejs/node_modules/p/r 52,430,000 B, "
               "nodejs/node_modules/p/package.json 13 B; set limits.s3_bucket to upload it through S3, or "
               "take something out of what is shared");
    CHECK(over->limit->scope == LIMIT_LAYER && findings.items[9].limit->scope == LIMIT_REGION);

    profile(PROFILE_TODAY, "bucket");
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
    CHECK(findings.exceeded == 0 && findings.items[8].via_s3 && !findings.items[7].via_s3);
    /* A number of the project's own is one of functions or of layers. */
    override("zip_bytes", 1000);
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
    CHECK(findings.exceeded == 0 && findings.items[8].via_s3);
    override("layer_zip_bytes", 1000);
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
    CHECK_NUMBER(findings.exceeded, 2);
    CHECK(
        strstr(findings.items[7].message, "take something out, or change limits.overrides.layer_zip_bytes"));

    profile(PROFILE_2016, "bucket");
    CHECK_NUMBER(limit_check(&manifest, &limits, &held, &arena, &findings, &err), 0);
    CHECK(findings.exceeded == 1 && !find("layer_zip_bytes")->via_s3);
}

static void test_2016(void)
{
    struct limit_usage usage = good();
    usage.layers = 1;
    usage.memory_mb = 2048;
    usage.timeout_s = 900;
    profile(PROFILE_2016, NULL);
    check(&usage, 1, NULL);
    CHECK_NUMBER(findings.exceeded, 3);
    CHECK_TEXT(
        find("layers")->message,
        "function f: layers: 1 is over the limit of 0; there were no layers in 2016: set limits.profile to "
        "\"today\"");
    CHECK_TEXT(
        find("memory_max_mb")->message,
        "function f: memory, most: 2,048 MB is over the limit of 1,536 MB; change functions.f.memory_mb");
    CHECK_TEXT(find("timeout_s")->message,
               "function f: timeout: 900 s is over the limit of 300 s; change functions.f.timeout_s");
    usage.memory_mb = 64;
    check(&usage, 1, NULL);
    CHECK_TEXT(find("memory_min_mb")->message,
               "function f: memory, least: 64 MB is under the limit of 128 MB; change functions.f.memory_mb");
}

/* What is left after the layers is the number that AWS's own refusal names: serverless#6619. */
static void test_after_layers(void)
{
    const struct limit_part parts[] = {{"model.bin", 220257329},
                                       {"video-0123456789abcdef", 79741000},
                                       {"arn:aws:lambda:x:1:layer:y:3", 671}};
    struct limit_usage usage = good();
    usage.unzipped_bytes = 220257329 + 79741671;
    usage.layer_bytes = 79741671;
    usage.layers = 2;
    usage.parts = parts;
    usage.part_count = 3;
    profile(PROFILE_TODAY, NULL);
    check(&usage, 1, NULL);
    CHECK_TEXT(
        find("unzipped_bytes")->message,
        "function f: unzipped, with layers: 299,999,000 B (286.1 MB) is over the limit of 262,144,000 B (250 "
        "MB): layers take 79,741,671 B of it (video-0123456789abcdef, arn:aws:lambda:x:1:layer:y:3), which "
        "leaves 182,402,329 B for the function's own 220,257,329 B; largest: model.bin 220,257,329 B, "
        "video-0123456789abcdef 79,741,000 B, arn:aws:lambda:x:1:layer:y:3 671 B; take something out of the "
        "function or of its layers; S3 takes no more");
    usage.layer_bytes = 299998000;
    check(&usage, 1, NULL);
    CHECK(strstr(find("unzipped_bytes")->message, "which leaves 0 B for the function's own 1,000 B;"));
}

static void test_region(void)
{
    struct limit_usage usages[3] = {good(), good(), good()};
    struct limit_region region = {
        .used_bytes = 80530636000, .limit_bytes = LIMIT_NONE, .functions = 1200, .account = "account.json"};
    struct limit_part added[] = {{"a", 300}, {"b", 500}};
    region.added = added, region.added_count = 2;
    profile(PROFILE_TODAY, NULL);
    check(usages, 3, &region);
    const struct limit_finding *finding = &findings.items[findings.count - 1];
    CHECK_TEXT(finding->limit->name, "code_storage_bytes");
    CHECK(!finding->function && !finding->exceeded);
    CHECK(finding->value == 80530636800 && finding->allowed == 80530636800);

    added[1].bytes = 501;
    check(usages, 3, &region);
    CHECK_TEXT(
        find("code_storage_bytes")->message,
        "region: code storage: 80,530,636,801 B (75.0 GB) is over the limit of 80,530,636,800 B (75 GB): "
        "80,530,636,000 B are used by 1,200 functions and by layers (account.json), 801 B come from this "
        "pack; "
        "largest: b 501 B, a 300 B; delete versions of functions and layers that nothing refers to (demine "
        "prune-plan), or ask AWS for more");
    /* The account's own limit stands for the profile's, whichever is larger. */
    region.limit_bytes = 322122547200;
    check(usages, 3, &region);
    CHECK(find("code_storage_bytes")->allowed == 322122547200 && findings.exceeded == 0);
    override("code_storage_bytes", 800);
    region.used_bytes = 0;
    check(usages, 3, &region);
    CHECK_NUMBER(find("code_storage_bytes")->allowed, 800);
    CHECK(strstr(find("code_storage_bytes")->message, "the project set this number itself") != NULL);
    region.limit_bytes = 700;
    check(usages, 3, &region);
    CHECK_NUMBER(find("code_storage_bytes")->allowed, 700);
    CHECK(strstr(find("code_storage_bytes")->message, "ask AWS") != NULL);

    region = (struct limit_region){.limit_bytes = LIMIT_NONE, .added = added, .added_count = 2};
    check(usages, 3, &region);
    CHECK(strstr(find("code_storage_bytes")->message,
                 ": 801 B come from this pack, counted from 0 B, as no account file was given; largest: b") !=
          NULL);
    region.ledger = "demine.lock.json";
    check(usages, 3, &region);
    CHECK(strstr(
        find("code_storage_bytes")->message,
        ": 0 B were published by the ledger of demine.lock.json, 801 B come from this pack; largest: b"));
    region.used_bytes = UINT64_MAX - 1;
    check(usages, 3, &region);
    CHECK(find("code_storage_bytes")->value == UINT64_MAX && find("code_storage_bytes")->exceeded);
}

static void test_number_text(void)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } table[] = {
        {0, "0 B"},
        {999, "999 B"},
        {1023, "1,023 B"},
        {1024, "1,024 B (1 KB)"},
        {1536, "1,536 B (1.5 KB)"},
        {52428800, "52,428,800 B (50 MB)"},
        {52428801, "52,428,801 B (50.0 MB)"},
        {61234567, "61,234,567 B (58.4 MB)"},
        {1048575, "1,048,575 B (1.0 MB)"},
        {80530636800, "80,530,636,800 B (75 GB)"},
        {UINT64_MAX, "18,446,744,073,709,551,615 B (16.0 EB)"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        CHECK_TEXT(limit_bytes_text(&arena, table[i].bytes), table[i].text);
    CHECK_TEXT(limit_number_text(&arena, 0), "0");
    CHECK_TEXT(limit_number_text(&arena, 999), "999");
    CHECK_TEXT(limit_number_text(&arena, 1000), "1,000");
    CHECK_TEXT(limit_number_text(&arena, 123456), "123,456");
}

int main(void)
{
    shared_arena_init(&arena);
    CHECK_RUN(test_table);
    CHECK_RUN(test_numbers);
    CHECK_RUN(test_override);
    CHECK_RUN(test_edges);
    CHECK_RUN(test_what_is_left_out);
    CHECK_RUN(test_zip_message);
    CHECK_RUN(test_s3);
    CHECK_RUN(test_layer_zip);
    CHECK_RUN(test_2016);
    CHECK_RUN(test_after_layers);
    CHECK_RUN(test_region);
    CHECK_RUN(test_number_text);
    shared_arena_clean_up(&arena);
    return check_report();
}
