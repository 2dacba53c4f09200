/* The file of a module, where the runtime can read it and, if its code runs in place, execute it. */
#include "instance.h"

#include <sys/mman.h>

static uint8_t *
map_executable(uint32_t size)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    void *start = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0);
    if (start == MAP_FAILED)
        give_up("cannot map executable memory for a file");
    return start;
}

bool
load_file(struct instance *instance, const uint8_t *bytes, uint32_t size,
          struct failure *failure)
{
    instance->file_size = size;
    instance->file = allocate(size);
    memcpy(instance->file, bytes, size);
    /* Asked of the copy: the runtime wants the file aligned to find its way. */
    instance->file_is_mapped = wasm_runtime_is_xip_file(instance->file, size);
    if (instance->file_is_mapped) {
        free(instance->file);
        instance->file = map_executable(size);
        memcpy(instance->file, bytes, size);
        /* In flash nothing can be written, and so nothing is here. */
        __builtin___clear_cache((char *)instance->file,
                                (char *)instance->file + size);
        if (mprotect(instance->file, size, PROT_READ | PROT_EXEC) != 0)
            give_up("cannot protect the memory of a file");
    }
    instance->module = wasm_runtime_load(
        instance->file, size, failure->message, sizeof(failure->message));
    if (!instance->module) {
        failure->outcome = OUTCOME_REFUSED;
        return false;
    }
    return true;
}

void
unload_file(struct instance *instance)
{
    if (instance->module)
        wasm_runtime_unload(instance->module);
    if (instance->file_is_mapped)
        munmap(instance->file, instance->file_size);
    else
        free(instance->file);
}
