/*
 * rie_bootstrap.c - one packed bootstrap behind aws-lambda-rie.
 *
 *     rie_bootstrap RIE BOOTSTRAP FOLDER EVENT_FILE…
 *
 * Invokes it with the events one after the other and writes the body of the n-th answer to FOLDER/n, from 1.
 */
#include "rie.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENT_BYTES (8u << 20)

static char event[EVENT_BYTES];

static int invoke(const struct rie *rie, const char *event_path, const char *answer_path)
{
    struct rie_answer answer;
    FILE *in = fopen(event_path, "rb");
    size_t size = in ? fread(event, 1, sizeof(event), in) : 0;
    if (!in || ferror(in) || size == sizeof(event)) {
        fprintf(stderr, "rie_bootstrap: cannot read %s\n", event_path);
        return -1;
    }
    fclose(in);
    if (rie_invoke(rie, NULL, event, size, &answer) < 0)
        return -1;
    FILE *out = fopen(answer_path, "wb");
    size_t written = out ? fwrite(answer.body, 1, answer.body_bytes, out) : 0;
    int status = out && fclose(out) == 0 && written == answer.body_bytes ? 0 : -1;
    if (status < 0)
        fprintf(stderr, "rie_bootstrap: cannot write %s\n", answer_path);
    free(answer.text);
    return status;
}

int main(int argc, char **argv)
{
    struct rie rie;
    if (argc < 5) {
        fprintf(stderr, "usage: rie_bootstrap RIE BOOTSTRAP FOLDER EVENT_FILE…\n");
        return 2;
    }
    if (rie_start(argv[1], argv[2], &rie) < 0)
        return 1;
    int status = 0;
    for (int i = 4; status == 0 && i < argc; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%d", argv[3], i - 3);
        status = invoke(&rie, argv[i], path);
    }
    rie_stop(&rie);
    return status < 0;
}
