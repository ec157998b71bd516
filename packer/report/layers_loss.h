/* layers_loss.h - what keeps a plan of layers from storing each distinct file once. */
#ifndef PACKER_LAYERS_LOSS_H
#define PACKER_LAYERS_LOSS_H

#include "report/report_layers.h"

/* Why something is stored once more than it need be; of several reasons the first. */
enum layers_cause {
    LOSS_SHADOW,    /* a function's zip has another content at the place than its layer */
    LOSS_NEEDS,     /* a layer of the function has it, but not what it needs: both are in its zip */
    LOSS_SLOTS,     /* a function that carries it can attach no further layer */
    LOSS_STRANGERS, /* layers that have it hold what the function did not ask for, more than is allowed */
    LOSS_SEVERAL,   /* several layers have it, for functions that attach different ones */
    LOSS_VOLATILE,  /* it changes, and shares no layer with what does so less or more often */
    LOSS_SMALL,     /* a further layer would not pay */
    LOSS_PRICE,     /* strangers are allowed, and would cost more than they save */
    LOSS_NAMES,     /* what is in a layer has a longer name there */
    LOSS_INSIDE,    /* a file that several items have: an item moves whole */
    LOSS_FIXED,     /* copies of what cannot move */
    LOSS_ZIPS,      /* layers are zips with an end of their own */
    LOSS_COUNT
};

struct layers_loss {
    uint64_t zip_bytes[LOSS_COUNT];
    uint64_t bound_bytes; /* every distinct file once, and what a zip has of its own */
};

/* "slots", and the same in words. */
const char *layers_cause_name(enum layers_cause cause);
const char *layers_cause_text(enum layers_cause cause);

/* They add up to the plan's stored_bytes less bound_bytes. SHARED_ENOMEM. */
int layers_loss_find(const struct report_layers *report, struct layers_loss *loss, struct shared_error *err);

#endif
