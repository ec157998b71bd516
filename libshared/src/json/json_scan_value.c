#include "json/json_cursor.h"
#include "json/json_scan.h"

/* The brackets that are open: of each, whether it is an object's. */
struct nesting {
    unsigned char is_object[SHARED_JSON_SCAN_DEPTH / 8];
    size_t depth;
};

/* The name of a member and its colon. */
static bool scan_name(struct shared_json_cursor *c, struct shared_slice *name)
{
    shared_json_skip_space(c);
    const char *begin = c->at;
    if (!shared_json_take_string(c))
        return false;
    *name = shared_slice_of(begin, (size_t)(c->at - begin));
    shared_json_skip_space(c);
    return shared_json_take(c, ':');
}

static bool in_object(const struct nesting *nesting)
{
    size_t i = nesting->depth - 1;
    return nesting->is_object[i / 8] >> i % 8 & 1;
}

static bool open_bracket(struct nesting *nesting, bool is_object)
{
    size_t i = nesting->depth;
    if (i == SHARED_JSON_SCAN_DEPTH)
        return false;
    unsigned char bit = (unsigned char)(1u << i % 8);
    nesting->is_object[i / 8] = (unsigned char)((nesting->is_object[i / 8] & ~bit) | (is_object ? bit : 0));
    nesting->depth++;
    return true;
}

/* After a value: closes what ends here. Returns false where the text is broken; else the next value follows,
 * or all is closed. */
static bool close_brackets(struct shared_json_cursor *c, struct nesting *nesting)
{
    struct shared_slice name;
    while (nesting->depth > 0) {
        shared_json_skip_space(c);
        if (shared_json_take(c, in_object(nesting) ? '}' : ']'))
            nesting->depth--;
        else
            return shared_json_take(c, ',') && (!in_object(nesting) || scan_name(c, &name));
    }
    return true;
}

/* No recursion: the depth of an event must not be that of the stack. */
static bool scan_value(struct shared_json_cursor *c)
{
    struct nesting nesting;
    struct shared_slice name;
    nesting.depth = 0;
    do {
        shared_json_skip_space(c);
        bool is_object = shared_json_next_is(c, '{');
        if (!is_object && !shared_json_next_is(c, '[')) {
            if (!shared_json_take_scalar(c))
                return false;
        } else {
            if (!open_bracket(&nesting, is_object))
                return false;
            c->at++;
            shared_json_skip_space(c);
            if (!shared_json_next_is(c, is_object ? '}' : ']')) {
                if (is_object && !scan_name(c, &name))
                    return false;
                continue;
            }
        }
        if (!close_brackets(c, &nesting))
            return false;
    } while (nesting.depth > 0);
    return true;
}

static struct shared_slice value_at(struct shared_json_cursor *c)
{
    shared_json_skip_space(c);
    const char *begin = c->at;
    if (!scan_value(c))
        return shared_slice_of(NULL, 0);
    return shared_slice_of(begin, (size_t)(c->at - begin));
}

struct shared_slice shared_json_scan_value(struct shared_slice *rest)
{
    if (!rest->data)
        return *rest;
    struct shared_json_cursor c = {rest->data, rest->data + rest->size_bytes};
    struct shared_slice value = value_at(&c);
    if (value.data)
        *rest = shared_slice_of(c.at, (size_t)(c.end - c.at));
    return value;
}

enum shared_json_step shared_json_scan_next(struct shared_json_walk *walk, struct shared_slice *name,
                                            struct shared_slice *value)
{
    if (!walk->rest.data)
        return SHARED_JSON_BROKEN;
    struct shared_json_cursor c = {walk->rest.data, walk->rest.data + walk->rest.size_bytes};
    char close = name ? '}' : ']';
    bool first = !walk->begun;
    shared_json_skip_space(&c);
    if (first && !shared_json_take(&c, name ? '{' : '['))
        return SHARED_JSON_BROKEN;
    shared_json_skip_space(&c);
    bool ends = shared_json_take(&c, close);
    if (!ends) {
        if ((!first && !shared_json_take(&c, ',')) || (name && !scan_name(&c, name)))
            return SHARED_JSON_BROKEN;
        *value = value_at(&c);
        shared_json_skip_space(&c);
        if (!value->data || (!shared_json_next_is(&c, ',') && !shared_json_next_is(&c, close)))
            return SHARED_JSON_BROKEN;
    }
    *walk = (struct shared_json_walk){shared_slice_of(c.at, (size_t)(c.end - c.at)), true};
    return ends ? SHARED_JSON_END : SHARED_JSON_ITEM;
}
