/* manifest_name.h - which names may stand in a manifest. Each says what is wrong, as the end of a sentence,
 * or NULL. */
#ifndef PACKER_MANIFEST_NAME_H
#define PACKER_MANIFEST_NAME_H

const char *refuse_function_name(const char *name);
const char *refuse_library_name(const char *name);
const char *refuse_environment_name(const char *name);
const char *refuse_bucket_name(const char *name);
const char *refuse_runtime_name(const char *name);
const char *refuse_handler_name(const char *name);
const char *refuse_layer_name(const char *name);
const char *refuse_schedule(const char *text);

#endif
