/*
 * replay.c - runs a fuzz target over a corpus with any compiler: replay FOLDER…
 *
 * Each file is run as it is, then cut off at up to CUTS places, then with up to PLACES single bytes changed.
 * All of it is the same in every run. A folder that cannot be read, or without a file, is a failure: it tests
 * nothing.
 */
#include "fuzz_target.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define CUTS 256u
#define PLACES 256u

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* What runs now, for the message when it dies. */
static char running[4200];
static unsigned long runs;

static void tell_running(void)
{
    fprintf(stderr, "replay: died on %s\n", running);
}

static void on_signal(int number)
{
    tell_running();
    signal(number, SIG_DFL);
    raise(number);
}

/* Each run has memory of exactly its size, so that a sanitizer sees one byte too many being read. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    runs++;
}

static void run_cut_off(const char *path, const uint8_t *data, size_t size)
{
    size_t step = size / CUTS + 1;
    for (size_t cut = 0; cut < size; cut += step) {
        snprintf(running, sizeof running, "%s cut off at byte %zu", path, cut);
        run(data, cut);
    }
}

static void run_changed(const char *path, uint8_t *data, size_t size)
{
    static const uint8_t bytes[] = {0x00, '"', '\\', '{', '0', 0xFF};
    size_t step = size / PLACES + 1;
    for (size_t place = 0; place < size; place += step) {
        uint8_t kept = data[place];
        for (size_t i = 0; i < sizeof bytes; i++) {
            snprintf(running, sizeof running, "%s with byte %zu set to 0x%02x", path, place, bytes[i]);
            data[place] = bytes[i];
            run(data, size);
        }
        data[place] = kept;
    }
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file || fstat(fileno(file), &st) < 0) {
        perror(path);
        return -1;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size ? size : 1);
    if (!data || fread(data, 1, size, file) != size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return -1;
    }
    fclose(file);
    snprintf(running, sizeof running, "%s", path);
    run(data, size);
    run_cut_off(path, data, size);
    run_changed(path, data, size);
    free(data);
    return 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Returns the number of files run, or -1. */
static int run_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    if (count < 0)
        perror(folder);
    int failed = count <= 0;
    if (count == 0)
        fprintf(stderr, "%s: the corpus is empty\n", folder);
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        failed |= length >= (int)sizeof path || run_file(path) < 0;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return failed ? -1 : count;
}

int main(int argc, char **argv)
{
    signal(SIGABRT, on_signal);
    signal(SIGSEGV, on_signal);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(tell_running);
    if (argc < 2) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER...\n", argv[0]);
        return 2;
    }
    int files = 0;
    for (int i = 1; i < argc; i++) {
        int count = run_folder(argv[i]);
        if (count < 0)
            return 1;
        files += count;
    }
    printf("%d files, %lu runs\n", files, runs);
    return 0;
}
