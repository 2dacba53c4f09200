/*
 * A loaded module with its one instance.
 */
#ifndef AGENT_INSTANCE_H
#define AGENT_INSTANCE_H

#include "native.h"

struct instance {
    WASMModuleCommon *module;
    WASMModuleInstanceCommon *raw;
    WASMExecEnv *exec_env;
    /* The file, which the runtime reads from as long as the module lives. */
    uint8_t *file;
    uint32_t file_size;
    bool file_is_mapped;
    struct native **natives;
    uint32_t native_count;
};

/* Why something is not there; the numbers are the protocol's. */
enum outcome {
    OUTCOME_OK = 0,
    OUTCOME_REFUSED = 1,
    OUTCOME_TRAP = 2,
    OUTCOME_NO_SUCH_EXPORT = 3,
    OUTCOME_WRONG_USE = 4,
};

struct failure {
    enum outcome outcome;
    char message[256];
};

bool fail(struct failure *failure, enum outcome outcome, const char *message);

/* Maps the file, executable where its code runs in place. */
bool load_file(struct instance *instance, const uint8_t *bytes, uint32_t size,
               struct failure *failure);
void unload_file(struct instance *instance);

/* Makes an instance of the loaded module. */
bool make_instance(struct instance *instance, struct InstantiationArgs2 *args,
                   struct failure *failure);
void release_instance(struct instance *instance);

const WASMFuncType *export_type(const struct instance *instance,
                                const char *name);

/* `results` has room for as many as the function returns. */
bool call_export(struct instance *instance, const char *name,
                 const struct value *arguments, uint32_t argument_count,
                 struct value *results, struct failure *failure);

/* The exception of the last call, taken out of the instance. */
void take_exception(struct instance *instance, char *message, size_t size);

#endif
