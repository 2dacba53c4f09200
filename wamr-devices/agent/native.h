/*
 * Native functions that compiled code calls: functions of the host, which do nothing, and exported
 * functions of other instances.
 */
#ifndef AGENT_NATIVE_H
#define AGENT_NATIVE_H

#include "value.h"

struct instance;

struct native {
    struct signature signature;
    /* NULL for a function of the host. */
    struct instance *instance;
    char *export_name;
};

/* The function that the runtime calls, with the structure as its attachment. Which one it is depends
   on where results of the type are returned. NULL if this device's runtime cannot call it. */
void *native_entry(const struct native *native);

/* Runs it with `param_count` arguments. NULL, or what the exception says. */
const char *native_call(const struct native *native,
                        const struct value *arguments, struct value *results);

#endif
