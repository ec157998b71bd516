#include "command.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/path.h"
#include "zip/zip_verdict.h"

#include <shared/slice.h>

#include <getopt.h>
#include <string.h>

enum { OPTION_LOCK = 256, OPTION_JSON };

static const struct option long_options[] = {
    {"lock", required_argument, NULL, OPTION_LOCK},
    {"json", no_argument, NULL, OPTION_JSON},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char lock_name[] = "demine.lock.json";

void verify_help(FILE *out)
{
    fputs("Usage: demine verify [OPTION]... ZIP...\n\n"
          "Unpacks zips in memory and compares what they hold with the lock that demine pack wrote. Nothing "
          "of a "
          "zip is\n"
          "trusted: names, sizes, CRCs, both of its lists of entries and what lies between them are "
          "checked.\n\n"
          "Options:\n"
          "      --lock FILE      The lock (default: demine.lock.json in the current folder, else beside\n"
          "                       the zip, or one or two folders above it)\n"
          "      --json           Print JSON\n"
          "  -q, --quiet          Show only what is not as it should be\n"
          "  -h, --help           Show this help\n\n"
          "Verdicts:\n"
          "  identical            The bytes are those of the lock's function or layer NAME, for a zip "
          "NAME.zip\n"
          "  same contents        Names, modes (but for who may write) and contents are, in other bytes\n"
          "  differs              Something else is in it\n"
          "  damaged              It is no zip, or none that can be trusted\n"
          "  unreadable           It is not there, or cannot be read\n"
          "  not in the lock      There is no function or layer of that name\n"
          "  sound                There is no lock: it was unpacked and found whole, and compared with "
          "nothing\n\n"
          "Exit status: 0 identical, same contents or sound; 1 anything else; 2 wrong usage or lock.\n\n"
          "Examples:\n"
          "  demine verify dist/*.zip\n"
          "  demine verify --lock release/demine.lock.json catalog.zip\n"
          "  demine verify --json dist/*.zip | jq -r '.zips[] | select(.verdict == \"differs\").path'\n",
          out);
}

enum verdict { IDENTICAL, SAME_CONTENTS, DIFFERS, DAMAGED, UNKNOWN, SOUND, UNREADABLE };

static const char *const verdict_names[] = {
    "identical", "same contents", "differs", "damaged", "not in the lock", "sound", "unreadable",
};

struct verify_options {
    const char *lock; /* NULL: looked for */
    bool json, quiet;
};

/* One run. */
struct verify {
    const struct verify_options *options;
    struct shared_arena arena; /* of the lock */
    const char *lock_path;     /* of what is in lock; NULL: nothing was read */
    struct lock_file lock;
    struct json_out json;
    bool failed;
};

/* One zip. */
struct subject {
    const char *path, *name;
    const char *lock; /* what it is compared with; NULL: nothing */
    struct shared_arena arena;
    struct zip_verified verified;
    enum verdict verdict;
    const char *why; /* in the arena; NULL: nothing to add */
};

static void release(struct subject *subject)
{
    shared_arena_clean_up(&subject->arena);
}

static int no_memory(const struct subject *subject, struct shared_error *err)
{
    return shared_fail(err, SHARED_ENOMEM, 0, "no memory to verify %s", subject->path);
}

/* Zips lie in a folder beside the manifest, those of layers in one of that. */
static int find_lock(const struct verify *verify, struct subject *subject, struct shared_error *err)
{
    static const char *const above[] = {"", "..", "../.."};
    if (verify->options->lock) {
        subject->lock = verify->options->lock;
        return file_exists(subject->lock)
                   ? 0
                   : shared_fail(err, SHARED_EINVAL, 0, "--lock %s: there is no such file", subject->lock);
    }
    if (file_exists(lock_name)) {
        subject->lock = lock_name;
        return 0;
    }
    const char *folder = path_folder(&subject->arena, subject->path);
    for (size_t i = 0; i < sizeof(above) / sizeof(*above); i++) {
        const char *place = folder ? path_join(&subject->arena, folder, above[i]) : NULL;
        const char *path = place ? path_join(&subject->arena, place, lock_name) : NULL;
        if (!path)
            return no_memory(subject, err);
        if (file_exists(path)) {
            subject->lock = path;
            return 0;
        }
    }
    return 0;
}

static int read_lock(struct verify *verify, struct subject *subject, struct shared_error *err)
{
    int status = find_lock(verify, subject, err);
    if (status < 0 || !subject->lock)
        return status;
    if (verify->lock_path && strcmp(verify->lock_path, subject->lock) == 0)
        return 0;
    verify->lock_path = shared_arena_copy(&verify->arena, shared_slice_from_text(subject->lock));
    return verify->lock_path ? lock_file_read(subject->lock, &verify->arena, &verify->lock, err)
                             : no_memory(subject, err);
}

/* "NAME" of "folder/NAME.zip". */
static int set_name(struct subject *subject, struct shared_error *err)
{
    struct shared_slice base = shared_slice_from_text(path_base(subject->path));
    if (base.size_bytes > 4 && memcmp(base.data + base.size_bytes - 4, ".zip", 4) == 0)
        base.size_bytes -= 4;
    subject->name = shared_arena_copy(&subject->arena, base);
    return subject->name ? 0 : no_memory(subject, err);
}

static int compare(const struct verify *verify, struct subject *subject, struct shared_error *err)
{
    static const enum verdict verdicts[] = {[ZIP_IDENTICAL] = IDENTICAL,
                                            [ZIP_SAME_CONTENTS] = SAME_CONTENTS,
                                            [ZIP_DIFFERS] = DIFFERS,
                                            [ZIP_UNKNOWN] = UNKNOWN};
    enum zip_verdict verdict;
    subject->verdict = SOUND;
    if (!subject->lock)
        return 0;
    int status = zip_verdict_find(&subject->verified, subject->name, &verify->lock, subject->lock,
                                  &subject->arena, &verdict, &subject->why, err);
    if (status == 0)
        subject->verdict = verdicts[verdict];
    return status;
}

static void show_json(struct verify *verify, const struct subject *subject)
{
    struct json_out *json = &verify->json;
    char content[HASH_TEXT_BYTES];
    json_out_open(json, NULL, '{');
    json_out_text(json, "path", subject->path);
    json_out_text(json, "name", subject->name);
    json_out_text(json, "lock", subject->lock);
    json_out_text(json, "verdict", verdict_names[subject->verdict]);
    json_out_text(json, "why", subject->why);
    if (subject->verdict != DAMAGED && subject->verdict != UNREADABLE) {
        hash_to_text(&subject->verified.zip.content, content);
        json_out_number(json, "entries", subject->verified.package.count);
        json_out_number(json, "zip_bytes", subject->verified.zip.zip_bytes);
        json_out_number(json, "unzipped_bytes", subject->verified.zip.unzipped_bytes);
        json_out_text(json, "sha256", subject->verified.zip.sha256);
        json_out_text(json, "content", content);
    }
    json_out_close(json, '}');
}

static void show_text(const struct verify *verify, const struct subject *subject)
{
    bool good =
        subject->verdict == IDENTICAL || subject->verdict == SAME_CONTENTS || subject->verdict == SOUND;
    if (good && verify->options->quiet)
        return;
    printf("%s: %s", subject->path, verdict_names[subject->verdict]);
    if (subject->why)
        printf(": %s", subject->why);
    if (subject->verdict == SOUND)
        printf(": no lock to compare it with");
    putchar('\n');
}

static int look(struct verify *verify, struct subject *subject, struct shared_error *err)
{
    int status = set_name(subject, err);
    if (status == 0)
        status = read_lock(verify, subject, err);
    if (status < 0)
        return status;
    struct shared_error failure;
    status = zip_verify(subject->path, &subject->arena, &subject->verified, &failure);
    if (status == 0)
        return compare(verify, subject, err);
    if (status == SHARED_ENOMEM) {
        *err = failure;
        return status;
    }
    subject->verdict = status == SHARED_EPROTO ? DAMAGED : UNREADABLE;
    subject->why = shared_arena_copy(&subject->arena, shared_slice_from_text(failure.text));
    return subject->why ? 0 : no_memory(subject, err);
}

static int verify_one(struct verify *verify, const char *path, struct shared_error *err)
{
    CLEANUP(release) struct subject subject = {.path = path};
    int status = look(verify, &subject, err);
    if (status < 0)
        return status;
    verify->failed |= subject.verdict == DIFFERS || subject.verdict == DAMAGED ||
                      subject.verdict == UNKNOWN || subject.verdict == UNREADABLE;
    if (verify->options->json)
        show_json(verify, &subject);
    else
        show_text(verify, &subject);
    return 0;
}

static int verify_all(const struct verify_options *options, int count, char **paths)
{
    struct verify verify = {.options = options, .json = {.out = stdout}};
    struct shared_error err = {0};
    int status = 0;
    if (options->json) {
        json_out_open(&verify.json, NULL, '{');
        json_out_number(&verify.json, "format", 1);
        json_out_open(&verify.json, "zips", '[');
    }
    for (int i = 0; status == 0 && i < count; i++)
        status = verify_one(&verify, paths[i], &err);
    if (options->json) {
        json_out_close(&verify.json, ']');
        json_out_close(&verify.json, '}');
        putchar('\n');
    }
    shared_arena_clean_up(&verify.arena);
    if (status < 0)
        command_complain(&err);
    if (status == SHARED_EINVAL || status == SHARED_EUNSUPPORTED)
        return EXIT_USAGE;
    return status < 0 || verify.failed ? EXIT_FAILED : EXIT_DONE;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_options options = {0};
    int option;
    optind = 1;
    argv[0] = (char *)"demine verify"; /* what getopt_long begins its messages with */
    while ((option = getopt_long(argc, argv, "qh", long_options, NULL)) != -1) {
        switch (option) {
        case OPTION_LOCK:
            options.lock = optarg;
            break;
        case OPTION_JSON:
            options.json = true;
            break;
        case 'q':
            options.quiet = true;
            break;
        case 'h':
            verify_help(stdout);
            return EXIT_DONE;
        default:
            fputs("Try: demine verify --help\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (optind == argc)
        return command_misused("verify", "name a zip, such as dist/hello.zip");
    return verify_all(&options, argc - optind, argv + optind);
}
