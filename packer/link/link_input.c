#include "link/link_input.h"

#include "base/cleanup.h"
#include "base/path.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static int check_file(const struct link_work *work, const char *json_path, const char *name,
                      struct shared_error *err)
{
    struct stat st;
    const char *path = path_join(work->arena, work->toolchain->folder, name);
    if (!path)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %s", name);
    if (strchr(path, '\n'))
        return manifest_fail(work->manifest, json_path, NULL, err,
                             "has a line end in its path, which compilers cannot write into their lists of "
                             "what they read; rename it");
    if (stat(path, &st) < 0)
        return manifest_fail(work->manifest, json_path, NULL, err, "%s: %m", name);
    if (!S_ISREG(st.st_mode))
        return manifest_fail(work->manifest, json_path, NULL, err, "%s is %s, not a file", name,
                             S_ISDIR(st.st_mode) ? "a folder" : "a device, socket or pipe");
    return 0;
}

static int check_files(const struct link_work *work, const struct manifest_function *function,
                       const char *key, const struct manifest_texts *names, struct shared_error *err)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < names->count; i++) {
        const char *json_path = shared_arena_format(work->arena, "%s.%s[%zu]", function->json_path, key, i);
        status = check_file(work, json_path ? json_path : key, names->items[i], err);
    }
    return status;
}

/* What is no program, as the end of a sentence; NULL: it is one. */
static const char *refuse_type(const Elf64_Ehdr *header)
{
    if (header->e_type == ET_REL)
        return "an object, not a program; link it, or give it as \"objects\"";
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
        return "no ELF program";
    if (header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_entry == 0)
        return "a library, not a program: it has no entry point";
    return NULL;
}

/* Told here, with the name that the user gave it: strip, which takes objects too, and later stages know another. */
static int check_binary(const struct link_work *work, const struct manifest_function *function,
                        struct shared_error *err)
{
    const char *json_path = shared_arena_format(work->arena, "%s.binary", function->json_path);
    int status = check_file(work, json_path ? json_path : "binary", function->binary, err);
    if (status < 0)
        return status;
    Elf64_Ehdr header = {0};
    CLEANUP_FD int fd =
        open(path_join(work->arena, work->toolchain->folder, function->binary), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return shared_fail(err, SHARED_EIO, errno, "open %s", function->binary);
    ssize_t size = read(fd, &header, sizeof(header));
    Elf64_Half machine = work->manifest->architecture == ARCHITECTURE_ARM64 ? EM_AARCH64 : EM_X86_64;
    if (size != sizeof(header) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return manifest_fail(work->manifest, function->json_path, "binary", err, "%s is no ELF program",
                             function->binary);
    const char *what = refuse_type(&header);
    if (what)
        return manifest_fail(work->manifest, function->json_path, "binary", err, "%s is %s", function->binary,
                             what);
    if (header.e_machine != machine)
        return manifest_fail(work->manifest, function->json_path, "binary", err,
                             "%s is for another architecture (ELF machine %d) than target.architecture, %s",
                             function->binary, header.e_machine,
                             manifest_architecture_name(work->manifest->architecture));
    return 0;
}

static const struct link_shared *find_shared(const struct link_way *way,
                                             const struct manifest_library *library)
{
    for (size_t i = 0; i < way->shared_count; i++)
        if (way->shared[i].library == library)
            return &way->shared[i];
    return NULL;
}

static int add_archives(const struct link_work *work, const struct manifest_library *library,
                        struct link_input *input, struct shared_error *err)
{
    for (size_t i = 0; i < library->archives.count; i++) {
        int status = toolchain_find_archive(work->toolchain, library, library->archives.items[i], work->arena,
                                            &input->archives[input->archive_count++], err);
        if (status < 0)
            return shared_error_wrap(err, "%s", work->manifest->path);
    }
    return 0;
}

static int find_archives(const struct link_work *work, const struct link_way *way,
                         const struct manifest_library *const *libraries, size_t library_count,
                         struct link_input *input, struct shared_error *err)
{
    size_t count = way->shared_count;
    for (size_t i = 0; i < library_count; i++)
        count += libraries[i]->archives.count;
    input->archives = shared_arena_alloc(work->arena, count * sizeof(*input->archives));
    input->archive_count = 0;
    if (!input->archives)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for %zu archives", count);
    int status = 0;
    for (size_t i = 0; status == 0 && i < library_count; i++) {
        const struct link_shared *shared = find_shared(way, libraries[i]);
        if (shared)
            input->archives[input->archive_count++] = shared->path;
        else
            status = add_archives(work, libraries[i], input, err);
    }
    return status;
}

int link_input_find(const struct link_work *work, const struct link_way *way, struct compile_plan *plan,
                    struct link_input *input, struct shared_error *err)
{
    const struct manifest_function *function = way->function;
    const struct manifest_library **libraries;
    size_t library_count;
    if (function->binary)
        return check_binary(work, function, err);
    int status = check_files(work, function, "sources", &function->sources, err);
    if (status == 0)
        status = check_files(work, function, "objects", &function->objects, err);
    if (status == 0)
        status = manifest_link_order(work->manifest, function, work->arena, &libraries, &library_count, err);
    if (status == 0)
        status = find_archives(work, way, libraries, library_count, input, err);
    if (status == 0)
        status = compile_plan_add(work, function, libraries, library_count, plan, &input->objects, err);
    return status;
}
