#include "apigw/apigw_encoding.h"

#define UNSAID (-1)

/* Thousandths. */
struct weights {
    int gzip, identity, any;
};

/* RFC 9110, section 12.4.2: "0" or "1" with up to three digits behind a point. UNSAID for anything else. */
static int read_weight(struct shared_slice text)
{
    if (text.size_bytes == 0 || text.size_bytes > 5 || (text.data[0] != '0' && text.data[0] != '1'))
        return UNSAID;
    if (text.size_bytes > 1 && text.data[1] != '.')
        return UNSAID;
    int weight = (text.data[0] - '0') * 1000, place = 100;
    for (size_t i = 2; i < text.size_bytes; i++, place /= 10) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return UNSAID;
        weight += (text.data[i] - '0') * place;
    }
    return weight <= 1000 ? weight : UNSAID;
}

static int weight_of(struct shared_slice parameter)
{
    struct shared_slice value = parameter;
    struct shared_slice name = shared_slice_trim(shared_slice_split(&value, '='));
    if (!shared_slice_equal_ignore_case(name, shared_slice_of("q", 1)))
        return UNSAID;
    return read_weight(shared_slice_trim(value));
}

static bool is(struct shared_slice coding, const char *name)
{
    return shared_slice_equal_ignore_case(coding, shared_slice_from_text(name));
}

/* One element: a coding and its weight. Of several for one coding the first counts. */
static void weigh(struct weights *weights, struct shared_slice element)
{
    struct shared_slice parameter = element;
    struct shared_slice coding = shared_slice_trim(shared_slice_split(&parameter, ';'));
    int weight = parameter.data ? weight_of(parameter) : 1000;
    int *which = is(coding, "gzip") || is(coding, "x-gzip") ? &weights->gzip
                 : is(coding, "identity")                   ? &weights->identity
                 : is(coding, "*")                          ? &weights->any
                                                            : NULL;
    if (which && *which == UNSAID)
        *which = weight;
}

bool shared_apigw_accepts_gzip(const struct shared_apigw_request *request)
{
    static const struct shared_slice name = SHARED_SLICE_LITERAL("accept-encoding");
    struct weights weights = {UNSAID, UNSAID, UNSAID};
    for (size_t i = 0; i < request->headers.count; i++) {
        const struct shared_apigw_pair *header = &request->headers.items[i];
        if (!shared_slice_equal_ignore_case(shared_slice_from_text(header->name), name))
            continue;
        struct shared_slice rest = shared_slice_from_text(header->value);
        while (rest.data)
            weigh(&weights, shared_slice_split(&rest, ','));
    }
    int gzip = weights.gzip != UNSAID ? weights.gzip : weights.any;
    int identity = weights.identity; /* what nobody speaks of is taken, but last */
    return gzip > 0 && gzip >= identity;
}
