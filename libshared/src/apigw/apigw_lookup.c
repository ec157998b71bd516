#include <shared/apigw.h>

#include <string.h>

static const char *value_of(const struct shared_apigw_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

const char *shared_apigw_query(const struct shared_apigw_request *request, const char *name)
{
    return value_of(&request->query, name);
}

const char *shared_apigw_path_parameter(const struct shared_apigw_request *request, const char *name)
{
    return value_of(&request->path_parameters, name);
}

const char *shared_apigw_cookie(const struct shared_apigw_request *request, const char *name)
{
    return value_of(&request->cookies, name);
}
