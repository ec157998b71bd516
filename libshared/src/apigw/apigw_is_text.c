#include <shared/apigw.h>

static bool begins_with(struct shared_slice type, struct shared_slice prefix)
{
    return type.size_bytes >= prefix.size_bytes &&
           shared_slice_equal_ignore_case(shared_slice_of(type.data, prefix.size_bytes), prefix);
}

static bool ends_with(struct shared_slice type, struct shared_slice suffix)
{
    if (type.size_bytes < suffix.size_bytes)
        return false;
    const char *end = type.data + type.size_bytes - suffix.size_bytes;
    return shared_slice_equal_ignore_case(shared_slice_of(end, suffix.size_bytes), suffix);
}

bool shared_apigw_is_text(const char *content_type)
{
    static const struct shared_slice text = SHARED_SLICE_LITERAL("text/");
    static const struct shared_slice types[] = {
        SHARED_SLICE_LITERAL("application/json"), SHARED_SLICE_LITERAL("application/javascript"),
        SHARED_SLICE_LITERAL("application/xml"), SHARED_SLICE_LITERAL("application/yaml")};
    static const struct shared_slice suffixes[] = {
        SHARED_SLICE_LITERAL("+json"), SHARED_SLICE_LITERAL("+xml"), SHARED_SLICE_LITERAL("+yaml")};

    struct shared_slice rest = shared_slice_from_text(content_type);
    struct shared_slice type = shared_slice_trim(shared_slice_split(&rest, ';'));
    if (begins_with(type, text))
        return true;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (shared_slice_equal_ignore_case(type, types[i]))
            return true;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (ends_with(type, suffixes[i]))
            return true;
    return false;
}
