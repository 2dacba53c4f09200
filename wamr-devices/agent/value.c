#include "value.h"

uint32_t
value_size(uint8_t type)
{
    switch (type) {
        case TYPE_I32:
        case TYPE_F32:
        case TYPE_FUNCREF:
        case TYPE_EXTERNREF:
            return 4;
        case TYPE_I64:
        case TYPE_F64:
            return 8;
        case TYPE_V128:
            return 16;
        default:
            give_up("a value has an unknown type");
    }
}

void
read_value(struct reader *reader, struct value *value)
{
    uint32_t size;
    memset(value, 0, sizeof(*value));
    value->type = read_u8(reader);
    size = value_size(value->type);
    memcpy(value->bits.bytes, read_raw(reader, size), size);
}

void
write_value(struct writer *writer, const struct value *value)
{
    write_u8(writer, value->type);
    write_raw(writer, value->bits.bytes, value_size(value->type));
}

void
read_signature(struct reader *reader, struct signature *signature)
{
    uint32_t count;
    signature->param_count = read_u32(reader);
    signature->result_count = read_u32(reader);
    count = signature->param_count + signature->result_count;
    signature->types = allocate(count);
    memcpy(signature->types, read_raw(reader, count), count);
}

bool
same_signature(const struct signature *ours, const WASMFuncType *theirs)
{
    return ours->param_count == theirs->param_count
           && ours->result_count == theirs->result_count
           && memcmp(ours->types, theirs->types,
                     ours->param_count + ours->result_count)
                  == 0;
}

static void *
object_of(uint32_t number)
{
    if (number >= UINT32_MAX - 1)
        give_up("the number of a host object is too large");
    return (void *)((uintptr_t)number + 1);
}

static uint32_t
number_of(const void *object)
{
    return object ? (uint32_t)((uintptr_t)object - 1) : NO_REFERENCE;
}

bool
value_to_memory(const struct value *value, void *memory,
                WASMModuleInstanceCommon *instance)
{
    if (value->type == TYPE_EXTERNREF && value->bits.word != NO_REFERENCE) {
        uint32_t index;
        if (!wasm_externref_obj2ref(instance, object_of(value->bits.word),
                                    &index))
            return false;
        memcpy(memory, &index, sizeof(index));
    }
    else {
        memcpy(memory, value->bits.bytes, value_size(value->type));
    }
    return true;
}

bool
value_from_memory(uint8_t type, const void *memory, struct value *value)
{
    memset(value, 0, sizeof(*value));
    value->type = type;
    memcpy(value->bits.bytes, memory, value_size(type));
    if (type == TYPE_EXTERNREF) {
        void *object = NULL;
        if (!wasm_externref_ref2obj(value->bits.word, &object))
            return false;
        value->bits.word = number_of(object);
    }
    return true;
}

uint32_t
cells_of_type(uint8_t type)
{
    uint32_t size = type == TYPE_EXTERNREF ? (uint32_t)sizeof(uintptr_t)
                                           : value_size(type);
    return size / 4;
}

uint32_t
value_to_cells(const struct value *value, uint32_t *cells)
{
    if (value->type == TYPE_EXTERNREF) {
        uintptr_t object = UINTPTR_MAX;
        if (value->bits.word != NO_REFERENCE)
            object = (uintptr_t)object_of(value->bits.word);
        memcpy(cells, &object, sizeof(object));
    }
    else {
        memcpy(cells, value->bits.bytes, value_size(value->type));
    }
    return cells_of_type(value->type);
}

uint32_t
value_from_cells(uint8_t type, const uint32_t *cells, struct value *value)
{
    memset(value, 0, sizeof(*value));
    value->type = type;
    if (type == TYPE_EXTERNREF) {
        void *object;
        memcpy(&object, cells, sizeof(object));
        value->bits.word = number_of(object);
    }
    else {
        memcpy(value->bits.bytes, cells, value_size(type));
    }
    return cells_of_type(type);
}
