#include "template/template.h"

#include <string.h>

#define MOST_STACK_NAME 128 /* CloudFormation API reference, CreateStack, StackName: [a-zA-Z][-a-zA-Z0-9]* */

char *template_stack_name(const char *project, struct shared_arena *arena)
{
    bool letter = (*project >= 'a' && *project <= 'z') || (*project >= 'A' && *project <= 'Z');
    char *name = shared_arena_format(arena, "%s%.*s", letter ? "" : "stack-", MOST_STACK_NAME - 6, project);
    for (char *p = name; p && *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", *p))
            *p = '-';
    return name;
}

/* Names of stacks and buckets hold nothing that TOML would have to escape (manifest_name.h). */
int template_config_make(const struct manifest *manifest, struct shared_arena *arena,
                         struct shared_slice *text, struct shared_error *err)
{
    const char *stack = template_stack_name(manifest->name, arena);
    const char *bucket = manifest->s3_bucket
                             ? shared_arena_format(arena, "s3_bucket = \"%s\"\ns3_prefix = \"%s\"\n",
                                                   manifest->s3_bucket, stack ? stack : "")
                             : "resolve_s3 = true\n";
    char *whole =
        stack && bucket
            ? shared_arena_format(
                  arena,
                  TEMPLATE_MARK ", for sam deploy. It writes this file anew: take the first line out to keep "
                                "your changes.\n"
                                "version = 0.1\n\n"
                                "[default.global.parameters]\n"
                                "stack_name = \"%s\"\n\n"
                                "[default.deploy.parameters]\n"
                                "capabilities = \"CAPABILITY_IAM\"\n"
                                "%s",
                  stack, bucket)
            : NULL;
    if (!whole)
        return shared_fail(err, SHARED_ENOMEM, 0, "no memory for samconfig.toml");
    *text = shared_slice_from_text(whole);
    return 0;
}
