#include "manifest/manifest_runtime.h"

#include "base/nearest.h"

#include <string.h>

/* CloudFormation's schema of AWS::Lambda::LayerVersion, CompatibleRuntimes, as cfn-lint 1.58.0 has it; those that are
 * for programs are left out. The newest of each language first: of equally near names that one is proposed. */
const char *const manifest_runtimes[] = {
    "nodejs26.x",   "nodejs24.x",    "nodejs22.x",    "nodejs20.x",    "nodejs18.x",    "nodejs16.x",
    "nodejs14.x",   "nodejs12.x",    "nodejs10.x",    "nodejs8.10",    "nodejs6.10",    "nodejs4.3",
    "nodejs",       "python3.15",    "python3.14",    "python3.13",    "python3.12",    "python3.11",
    "python3.10",   "python3.9",     "python3.8",     "python3.7",     "python3.6",     "python2.7",
    "java25",       "java21",        "java17",        "java17.al2023", "java11",        "java11.al2023",
    "java8.al2023", "java8.al2",     "java8",         "dotnet10",      "dotnet9",       "dotnet8",
    "dotnet6",      "dotnetcore3.1", "dotnetcore2.1", "dotnetcore2.0", "dotnetcore1.0", "ruby4.0",
    "ruby3.4",      "ruby3.3",       "ruby3.2",       "ruby2.7",       "ruby2.5",       "go1.x",
    NULL,
};

static size_t count_names(void)
{
    return sizeof(manifest_runtimes) / sizeof(*manifest_runtimes) - 1;
}

bool manifest_runtime_is_known(const char *runtime)
{
    for (const char *const *name = manifest_runtimes; *name; name++)
        if (strcmp(*name, runtime) == 0)
            return true;
    return false;
}

void manifest_runtime_doubt(const struct manifest *manifest, const struct manifest_function *function,
                            struct shared_error *doubt)
{
    const char *near = nearest_name(function->runtime, manifest_runtimes, count_names());
    manifest_fail(manifest, function->json_path, "runtime", doubt,
                  "\"%s\" was no runtime of Lambda's on " MANIFEST_RUNTIMES_DATE "%s%s%s", function->runtime,
                  near ? "; did you mean \"" : "; is it a newer one?", near ? near : "", near ? "\"?" : "");
}
