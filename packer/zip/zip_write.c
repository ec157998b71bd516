#include "zip/zip_write.h"

#include "base/cleanup.h"
#include "package/package_shown.h"
#include "zip/zip_input.h"
#include "zip/zip_mode.h"
#include "zip/zip_output.h"
#include "zip/zip_package_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#define DOS_TIME 0
#define DOS_DATE 0x21 /* 1980-01-01: years since 1980 << 9 | month << 5 | day; APPNOTE 4.4.6 */
#define DOS_FOLDER 0x10
#define SMALLEST_STEP (1.0 / 256)

static double share_of(const struct zip_run *run)
{
    double all = 2.0 * (double)run->streams_bytes;
    return all > 0 ? ((double)run->bytes_written + (double)run->bytes_verified) / all : 1;
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

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

/* "Default" takes what comes deflated as it is. */
static int method_of(const struct package_entry *entry)
{
    return entry->content && entry->content->method == CONTENT_DEFLATED ? ZIP_CM_DEFAULT : ZIP_CM_STORE;
}

static int add_entry(zip_t *archive, struct zip_input *input)
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
    if (zip_set_file_compression(archive, (zip_uint64_t)i, method_of(entry), 0) < 0 ||
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

/* NULL: *error says why, which is the caller's to end. The first call of zip_open_from_source (libzip 1.7) finds out what
 * all later ones use, without a lock: another thread in the middle of that would take its archive for a read-only one. */
static zip_t *open_archive(struct zip_output *output, zip_error_t *error)
{
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    zip_error_init(error);
    zip_source_t *source = zip_output_source(output, error);
    pthread_mutex_lock(&one_at_a_time);
    zip_t *archive = source ? zip_open_from_source(source, ZIP_CREATE, error) : NULL;
    pthread_mutex_unlock(&one_at_a_time);
    if (source && !archive)
        zip_source_free(source);
    return archive;
}

static int write_archive(struct zip_run *run, struct zip_output *output, struct zip_input *inputs,
                         struct shared_error *err)
{
    zip_error_t error;
    zip_t *archive __attribute__((cleanup(discard_archive))) = open_archive(output, &error);
    if (!archive) {
        int status = fail_on_archive(run, &error, err);
        zip_error_fini(&error);
        return status;
    }
    for (size_t i = 0; i < run->package->count; i++) {
        inputs[i] = (struct zip_input){.run = run, .entry = &run->package->entries[i]};
        if (add_entry(archive, &inputs[i]) < 0)
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

/* fsync(2) in a thread of its own: a disk takes as long to write a zip as a processor to hash it. */
struct sync {
    pthread_t thread;
    int fd, failure; /* errno of it */
    bool started;
};

static void *sync_file(void *argument)
{
    struct sync *sync = argument;
    sync->failure = fsync(sync->fd) < 0 ? errno : 0;
    return NULL;
}

static void begin_sync(struct sync *sync)
{
    sync->started = pthread_create(&sync->thread, NULL, sync_file, sync) == 0;
    if (!sync->started)
        sync_file(sync);
}

static int end_sync(struct sync *sync, const struct zip_run *run, struct shared_error *err)
{
    if (sync->started)
        pthread_join(sync->thread, NULL);
    return sync->failure
               ? shared_fail(err, SHARED_EIO, sync->failure, "write %s", package_shown(run->path).text)
               : 0;
}

static int write_and_read_back(struct zip_run *run, struct zip_output *output, struct zip_input *inputs,
                               struct lock_zip *zip, struct shared_error *err)
{
    struct sync sync = {.fd = output->fd};
    int status = write_archive(run, output, inputs, err);
    if (status == 0) {
        begin_sync(&sync);
        status = zip_read_back(run, output->fd, zip, err);
        int synced = end_sync(&sync, run, status == 0 ? err : NULL);
        status = status < 0 ? status : synced;
    }
    if (run->cancelled)
        return shared_fail(err, SHARED_EIO, ECANCELED, "write %s", package_shown(run->path).text);
    if (run->failure.code != SHARED_OK) {
        if (err)
            *err = run->failure;
        return run->failure.code;
    }
    return status;
}

/* Sums up the streams, which must all be there. */
static int look_at_streams(struct zip_run *run, struct shared_error *err)
{
    for (size_t i = 0; i < run->package->count; i++) {
        const struct package_entry *entry = &run->package->entries[i];
        if (!entry->content && (entry->kind == PACKAGE_FILE || entry->kind == PACKAGE_EXECUTABLE))
            return shared_fail(err, SHARED_EINVAL, 0, "write %s: \"%s\" has not been read",
                               package_shown(run->path).text, package_shown(entry->place).text);
        run->streams_bytes += zip_stream_bytes(entry);
    }
    return 0;
}

int zip_write(const struct package *package, const char *path, struct content_set *contents,
              const struct zip_options *options, struct shared_arena *arena, struct zip_written *written,
              struct shared_error *err)
{
    CLEANUP_FREE unsigned char *chunk = malloc(ZIP_CHUNK_BYTES);
    struct zip_run run = {.package = package,
                          .contents = contents,
                          .options = options,
                          .path = path,
                          .chunk = chunk,
                          .share_shown = -1};
    /* libzip takes an archive without entries for one to be removed. */
    if (package->count == 0)
        return shared_fail(err, SHARED_EINVAL, 0, "write %s: the package is empty", package_shown(path).text);
    int status = look_at_streams(&run, err);
    if (status < 0)
        return status;
    run.temporary = zip_temporary_name(arena, path);
    CLEANUP_FREE struct zip_input *inputs = calloc(package->count, sizeof(*inputs));
    CLEANUP_FREE unsigned char *buffer = malloc(ZIP_OUTPUT_BYTES);
    if (!chunk || !run.temporary || !inputs || !buffer)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory to write %s", package_shown(path).text);
    CLEANUP_FD int fd = open(run.temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "write %s", package_shown(path).text);

    struct zip_output output = {.fd = fd, .buffer = buffer};
    *written =
        (struct zip_written){.temporary = run.temporary, .zip = {.unzipped_bytes = package->unzipped_bytes}};
    status = zip_package_digest(package, &written->zip.content, err);
    if (status == 0)
        status = write_and_read_back(&run, &output, inputs, &written->zip, err);
    if (status < 0)
        zip_abandon(run.temporary);
    return status;
}
