/*
 * Values: on the wire, as arguments of `wasm_runtime_call_wasm`, and as compiled code holds them.
 *
 * A reference to a host object is a number of the client's choice. The runtime wants pointers: the
 * number plus one, so that none is taken for null (read as the pointer -1, written as 0).
 */
#ifndef AGENT_VALUE_H
#define AGENT_VALUE_H

#include "aot_runtime.h"
#include "wire.h"

#define NO_REFERENCE UINT32_MAX

/* Types as the binary format of WebAssembly encodes them. */
enum {
    TYPE_I32 = 0x7f,
    TYPE_I64 = 0x7e,
    TYPE_F32 = 0x7d,
    TYPE_F64 = 0x7c,
    TYPE_V128 = 0x7b,
    TYPE_FUNCREF = 0x70,
    TYPE_EXTERNREF = 0x6f,
};

struct value {
    uint8_t type;
    /* The first `value_size` bytes count. A reference is its number, or NO_REFERENCE for null. */
    union {
        uint8_t bytes[16];
        uint32_t word;
        uint64_t doubleword;
        float single_float;
        double double_float;
    } bits;
};

struct signature {
    uint32_t param_count;
    uint32_t result_count;
    /* Parameters, then results. */
    uint8_t *types;
};

uint32_t value_size(uint8_t type);

void read_value(struct reader *reader, struct value *value);
void write_value(struct writer *writer, const struct value *value);
void read_signature(struct reader *reader, struct signature *signature);
bool same_signature(const struct signature *ours, const WASMFuncType *theirs);

/* As compiled code holds a value in globals, tables and its calls. False if the runtime has no index
   left for a reference, or does not know the one it holds. */
bool value_to_memory(const struct value *value, void *memory,
                     WASMModuleInstanceCommon *instance);
bool value_from_memory(uint8_t type, const void *memory, struct value *value);

/* As `wasm_runtime_call_wasm` takes and gives it; both return the number of cells. */
uint32_t cells_of_type(uint8_t type);
uint32_t value_to_cells(const struct value *value, uint32_t *cells);
uint32_t value_from_cells(uint8_t type, const uint32_t *cells,
                          struct value *value);

#endif
