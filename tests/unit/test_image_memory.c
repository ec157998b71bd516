/* Memory runs out at every place of reading a program: a clear failure each time, nothing lost. */
#include "exhaust.h"
#include "image_link.h"

static void test_each_place(void)
{
    struct shared_arena manifest_arena = {0};
    struct manifest manifest;
    struct image_paths paths = {"shipped", "program", "program.map"};
    long exhaustions = 0;
    bool reached = true;
    image_parse_manifest(&manifest, "provided.al2023", HOST_ARCHITECTURE, &manifest_arena);
    for (long place = 0; reached; place++) {
        struct shared_arena arena = {0};
        struct shared_error err = {0};
        struct image image;
        left = place;
        int status = image_read(&manifest, &manifest.functions[0], &paths, &arena, &image, &err);
        reached = left < 0;
        left = -1;
        if (status == 0) {
            CHECK(!reached);
            check_sum(&image);
        } else {
            CHECK_NUMBER(status, SHARED_ENOMEM);
            CHECK_MESSAGE(&err, "no memory");
            exhaustions++;
        }
        shared_arena_clean_up(&arena);
    }
    CHECK(exhaustions > 10);
    shared_arena_clean_up(&manifest_arena);
}

int main(void)
{
    char *folder = scratch_enter();
    image_compile("host", "gcc", "ar");
    SHELL_NEED(
        "gcc -static -Wl,--gc-sections,-Map=program.map host/own.o host/lib/libsample.a host/libother.a "
        "-o program && strip -o shipped program");
    CHECK_RUN(test_each_place);
    scratch_leave(folder);
    return check_report();
}
