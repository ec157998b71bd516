#include "zip/zip_write.h"

#include "base/cleanup.h"
#include "package/package_shown.h"
#include "zip/zip_deflate.h"
#include "zip/zip_input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define DOS_TIME 0
#define DOS_DATE 0x21 /* 1980-01-01: years since 1980 << 9 | month << 5 | day; APPNOTE 4.4.6 */
#define DOS_FOLDER 0x10
#define SMALLEST_STEP (1.0 / 256)

static double share_of(const struct zip_run *run)
{
    /* Deflating takes about eight times as long as inflating. */
    double all = 9.0 * (double)run->package->unzipped_bytes;
    double share = all > 0 ? (8.0 * (double)run->bytes_written + (double)run->bytes_verified) / all : 1;
    return share < 1 ? share : 1;
}

bool zip_run_goes_on(struct zip_run *run)
{
    const struct zip_options *options = run->options;
    if (run->cancelled || !options->progress)
        return !run->cancelled;
    double share = share_of(run);
    if (share >= run->share_shown + SMALLEST_STEP) {
        run->share_shown = share;
        run->cancelled = !options->progress(options->user, share);
    }
    return !run->cancelled;
}

static int on_cancel_question(zip_t *archive, void *user)
{
    (void)archive;
    return !zip_run_goes_on(user);
}

unsigned zip_entry_mode(const struct package_entry *entry)
{
    switch (entry->kind) {
    case PACKAGE_EXECUTABLE:
        return S_IFREG | 0755;
    case PACKAGE_SYMLINK:
        return S_IFLNK | 0777;
    case PACKAGE_FOLDER:
        return S_IFDIR | 0755;
    default:
        return S_IFREG | 0644;
    }
}

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

static int set_compression(zip_t *archive, zip_uint64_t i, const struct package_entry *entry, int level)
{
    bool store = level == 0 || entry->size_bytes == 0 || entry->kind == PACKAGE_SYMLINK;
    if (store)
        return zip_set_file_compression(archive, i, ZIP_CM_STORE, 0);
    /* "Default" takes what comes deflated as it is, and has zlib deflate the rest. */
    return zip_set_file_compression(archive, i, ZIP_CM_DEFAULT, (zip_uint32_t)(level < 9 ? level : 9));
}

static int add_entry(zip_t *archive, struct zip_input *input, int level)
{
    const struct package_entry *entry = input->entry;
    /* Given for an ASCII name, UTF_8 sets flag bit 11 in some versions of libzip. */
    zip_flags_t encoding = is_ascii(entry->place) ? ZIP_FL_ENC_GUESS : ZIP_FL_ENC_UTF_8;
    zip_uint32_t attributes = (zip_uint32_t)zip_entry_mode(entry) << 16;
    if (entry->kind == PACKAGE_FOLDER)
        attributes |= DOS_FOLDER;

    zip_source_t *source = zip_input_source(input, archive);
    if (!source)
        return -1;
    zip_int64_t i = zip_file_add(archive, entry->place, source, encoding);
    if (i < 0) {
        zip_source_free(source);
        return -1;
    }
    if (set_compression(archive, (zip_uint64_t)i, entry, level) < 0 ||
        zip_file_set_dostime(archive, (zip_uint64_t)i, DOS_TIME, DOS_DATE, 0) < 0)
        return -1;
    return zip_file_set_external_attributes(archive, (zip_uint64_t)i, 0, ZIP_OPSYS_UNIX, attributes);
}

static int fail_on_archive(struct zip_run *run, zip_error_t *error, struct shared_error *err)
{
    struct package_shown path = package_shown(run->path);
    int sys_errno = zip_error_system_type(error) == ZIP_ET_SYS ? zip_error_code_system(error) : 0;
    if (sys_errno == ENOSPC || sys_errno == EDQUOT || sys_errno == EFBIG)
        return shared_fail(err, SHARED_EIO, sys_errno,
                           "write %s (make room there, or choose another output folder)", path.text);
    if (sys_errno)
        return shared_fail(err, SHARED_EIO, sys_errno, "write %s", path.text);
    return shared_fail(err, zip_error_code_zip(error) == ZIP_ER_MEMORY ? SHARED_ENOMEM : SHARED_EIO, 0,
                       "write %s: %s", path.text, zip_error_strerror(error));
}

static void discard_archive(zip_t **archive)
{
    if (*archive)
        zip_discard(*archive);
}

static int write_archive(struct zip_run *run, struct zip_input *inputs, struct shared_error *err)
{
    int code = 0;
    zip_t *archive __attribute__((cleanup(discard_archive))) =
        zip_open(run->temporary, ZIP_CREATE | ZIP_EXCL, &code);
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        int status = fail_on_archive(run, &error, err);
        zip_error_fini(&error);
        return status;
    }
    for (size_t i = 0; i < run->package->count; i++) {
        inputs[i] = (struct zip_input){.run = run, .entry = &run->package->entries[i]};
        if (add_entry(archive, &inputs[i], run->options->level) < 0)
            return fail_on_archive(run, zip_get_error(archive), err);
    }
    if (run->options->progress &&
        zip_register_cancel_callback_with_state(archive, on_cancel_question, NULL, run) < 0)
        return fail_on_archive(run, zip_get_error(archive), err);
    if (zip_close(archive) < 0)
        return fail_on_archive(run, zip_get_error(archive), err);
    archive = NULL;
    return 0;
}

/* libzip renames without it. What is read back after it has been accepted by the disk. */
static int sync_file(const struct zip_run *run, uint64_t *size_bytes, struct shared_error *err)
{
    CLEANUP_FD int fd = open(run->temporary, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0)
        return shared_fail(err, SHARED_EIO, errno, "write %s", package_shown(run->path).text);
    *size_bytes = (uint64_t)st.st_size;
    return 0;
}

static int write_and_verify(struct zip_run *run, struct zip_input *inputs, uint64_t *zip_bytes,
                            struct shared_error *err)
{
    int status = write_archive(run, inputs, err);
    zip_deflate_end(run);
    if (status == 0)
        status = sync_file(run, zip_bytes, err);
    if (status == 0)
        status = zip_verify(run, err);
    if (run->cancelled)
        return shared_fail(err, SHARED_EIO, ECANCELED, "write %s", package_shown(run->path).text);
    if (run->failure.code != SHARED_OK) {
        if (err)
            *err = run->failure;
        return run->failure.code;
    }
    return status;
}

int zip_write(const struct package *package, const char *path, const struct zip_options *options,
              struct shared_arena *arena, const char **temporary, uint64_t *zip_bytes,
              struct shared_error *err)
{
    /* libzip takes an archive without entries for one to be removed. */
    if (package->count == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "write %s: the package is empty", package_shown(path).text);
    if (options->level < 0 || options->level > 12)
        return shared_fail(err, SHARED_EINVAL, 0, "write %s: level %d is none of 0 to 12",
                           package_shown(path).text, options->level);
    struct zip_run run = {.package = package, .options = options, .path = path, .share_shown = -1};
    run.temporary = zip_temporary_name(arena, path);
    struct zip_input *inputs = shared_arena_alloc(arena, package->count * sizeof(*inputs));
    if (!run.temporary || !inputs)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", package_shown(path).text);

    int status = write_and_verify(&run, inputs, zip_bytes, err);
    if (status < 0) {
        zip_abandon(run.temporary);
        return status;
    }
    *temporary = run.temporary;
    return 0;
}
