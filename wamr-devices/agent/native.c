/*
 * Between a call by compiled code and a `struct native`.
 *
 * The runtime has a second, "raw" convention that passes all arguments in an array. It cannot serve:
 * in 2.4.3 it copies no v128, reads the cells after an external reference instead of the reference,
 * and stores only the first of several results. The ordinary convention passes everything, so the
 * entry points here take apart a call whose type they learn from the attachment.
 *
 * How arguments are found is this machine's calling convention as the runtime lays them out
 * (`wasm_runtime_invoke_native`), one block per convention below. Each block has
 *   struct arguments      where the next argument is,
 *   take_word, take_doubleword, take_float, take_double, take_vector, take_pointer,
 *   entry points          that call `dispatch` and return the first result where it belongs.
 */
#include "instance.h"

#include <stdarg.h>

/* What must be left of the stack: an overflow in here would be taken for one of compiled code, and
   the runtime's way out is a long jump across these frames. */
#define STACK_FOR_NATIVE (32 * 1024)

struct arguments;
static void
dispatch(WASMExecEnv *exec_env, struct arguments *arguments,
         struct value *result);

#if defined(__arm__) && defined(__ARM_PCS_VFP)

/* Floats have registers of their own. The runtime never goes back to one that alignment has skipped,
   unlike the AAPCS, and neither does the code here. */
#define CORE_REGISTERS 4
#define FLOAT_REGISTERS 16

struct frame {
    uint32_t floats[FLOAT_REGISTERS];
    uint32_t words[CORE_REGISTERS];
    uint32_t stack[];
};

struct arguments {
    const struct frame *frame;
    uint32_t floats, words, stack;
};

extern void
native_entry_vfp(void);

/* Stores the argument registers as a frame below the arguments on the stack. The result goes to both
   places where one can be. */
__asm__(".text\n"
        ".align 2\n"
#if defined(__thumb__)
        ".thumb_func\n"
#endif
        ".type native_entry_vfp, %function\n"
        ".globl native_entry_vfp\n"
        "native_entry_vfp:\n"
        "    push {r0-r3}\n"
        "    vpush {d0-d7}\n"
        "    mov r0, sp\n"
        "    push {r4, lr}\n"
        "    bl native_dispatch_vfp\n"
        "    pop {r4, lr}\n"
        "    vmov d0, r0, r1\n"
        "    add sp, sp, #80\n"
        "    bx lr\n"
        ".size native_entry_vfp, . - native_entry_vfp\n");

__attribute__((used)) uint64_t
native_dispatch_vfp(const struct frame *frame)
{
    struct arguments arguments = { .frame = frame, .words = 1 };
    struct value result = { 0 };
    dispatch((WASMExecEnv *)frame->words[0], &arguments, &result);
    return result.bits.doubleword;
}

static uint64_t
take_pair(const uint32_t *words, uint32_t *next)
{
    uint64_t pair;
    *next += *next & 1;
    memcpy(&pair, words + *next, sizeof(pair));
    *next += 2;
    return pair;
}

static uint32_t
take_word(struct arguments *arguments)
{
    if (arguments->words < CORE_REGISTERS)
        return arguments->frame->words[arguments->words++];
    return arguments->frame->stack[arguments->stack++];
}

static uint64_t
take_doubleword(struct arguments *arguments)
{
    if (arguments->words < CORE_REGISTERS - 1)
        return take_pair(arguments->frame->words, &arguments->words);
    return take_pair(arguments->frame->stack, &arguments->stack);
}

static uint32_t
take_float(struct arguments *arguments)
{
    if (arguments->floats < FLOAT_REGISTERS)
        return arguments->frame->floats[arguments->floats++];
    return arguments->frame->stack[arguments->stack++];
}

static uint64_t
take_double(struct arguments *arguments)
{
    if (arguments->floats < FLOAT_REGISTERS - 1)
        return take_pair(arguments->frame->floats, &arguments->floats);
    return take_pair(arguments->frame->stack, &arguments->stack);
}

#define take_pointer(arguments) ((void *)take_word(arguments))
#define HAVE_VECTORS 0

static void *
entry_for(uint8_t result_type)
{
    return (void *)native_entry_vfp;
}

#else /* the conventions whose arguments C's own `va_arg` finds */

struct arguments {
#if defined(__riscv)
    uint64_t words[8];
    uint64_t floats[8];
    uint32_t words_taken, floats_taken;
#endif
    va_list list;
};

#if defined(__riscv)

/* A variadic function would look for floats in the integer registers. With as many parameters as
   there are registers of either kind, what is left lies on the stack. */
#define PARAMETERS                                                          \
    WASMExecEnv *exec_env, uint64_t a1, uint64_t a2, uint64_t a3,           \
        uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, double f0,      \
        double f1, double f2, double f3, double f4, double f5, double f6,   \
        double f7
#define START(arguments)                                                    \
    do {                                                                    \
        const uint64_t words[] = { 0, a1, a2, a3, a4, a5, a6, a7 };         \
        const double floats[] = { f0, f1, f2, f3, f4, f5, f6, f7 };         \
        memcpy((arguments).words, words, sizeof(words));                    \
        memcpy((arguments).floats, floats, sizeof(floats));                 \
        (arguments).words_taken = 1;                                        \
        (arguments).floats_taken = 0;                                       \
        va_start((arguments).list, f7);                                     \
    } while (0)

static uint64_t
take_doubleword(struct arguments *arguments)
{
    if (arguments->words_taken < 8)
        return arguments->words[arguments->words_taken++];
    return va_arg(arguments->list, uint64_t);
}

static uint64_t
take_double(struct arguments *arguments)
{
    if (arguments->floats_taken < 8)
        return arguments->floats[arguments->floats_taken++];
    return va_arg(arguments->list, uint64_t);
}

#define take_word(arguments) ((uint32_t)take_doubleword(arguments))
#define take_float(arguments) ((uint32_t)take_double(arguments))
#define take_pointer(arguments) ((void *)take_doubleword(arguments))
#define HAVE_VECTORS 0

#else

#define PARAMETERS WASMExecEnv *exec_env
#define START(arguments) va_start((arguments).list, exec_env)

static uint64_t
take_doubleword(struct arguments *arguments)
{
    return va_arg(arguments->list, uint64_t);
}

#if defined(__aarch64__)

typedef uint8_t vector __attribute__((__vector_size__(16)));

static uint64_t
take_double(struct arguments *arguments)
{
    double value = va_arg(arguments->list, double);
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static void
take_vector(struct arguments *arguments, uint8_t *bytes)
{
    vector value = va_arg(arguments->list, vector);
    memcpy(bytes, &value, sizeof(value));
}

#define take_word(arguments) ((uint32_t)take_doubleword(arguments))
#define take_float(arguments) ((uint32_t)take_double(arguments))
#define take_pointer(arguments) ((void *)take_doubleword(arguments))
#define HAVE_VECTORS 1

#elif defined(__i386__) || defined(__arm__)

/* Floats lie among the integers. */
#define take_word(arguments) va_arg((arguments)->list, uint32_t)
#define take_float(arguments) va_arg((arguments)->list, uint32_t)
#define take_double(arguments) take_doubleword(arguments)
#define take_pointer(arguments) va_arg((arguments)->list, void *)
#define HAVE_VECTORS 0

#else
#error "native.c does not know this machine's calling convention"
#endif

#endif /* !__riscv */

#define DEFINE_ENTRY(name, c_type, field)                 \
    static c_type name(PARAMETERS, ...)                   \
    {                                                     \
        struct arguments arguments;                       \
        struct value result = { 0 };                      \
        c_type bits;                                      \
        START(arguments);                                 \
        dispatch(exec_env, &arguments, &result);          \
        va_end(arguments.list);                           \
        memcpy(&bits, &result.bits.field, sizeof(bits));  \
        return bits;                                      \
    }

DEFINE_ENTRY(entry_of_integer, uint64_t, doubleword)
DEFINE_ENTRY(entry_of_float, float, single_float)
DEFINE_ENTRY(entry_of_double, double, double_float)
#if HAVE_VECTORS
DEFINE_ENTRY(entry_of_vector, vector, bytes)
#endif

static void *
entry_for(uint8_t result_type)
{
    switch (result_type) {
        case TYPE_F32:
            return (void *)entry_of_float;
        case TYPE_F64:
            return (void *)entry_of_double;
#if HAVE_VECTORS
        case TYPE_V128:
            return (void *)entry_of_vector;
#endif
        default:
            return (void *)entry_of_integer;
    }
}

#endif

void *
native_entry(const struct native *native)
{
    const struct signature *signature = &native->signature;
    if (!HAVE_VECTORS
        && memchr(signature->types, TYPE_V128,
                  signature->param_count + signature->result_count))
        return NULL;
    return entry_for(
        signature->result_count ? signature->types[signature->param_count]
                                : TYPE_I32);
}

/* False if a reference is not one the runtime knows. */
static bool
take_value(struct arguments *arguments, uint8_t type, struct value *value)
{
    union {
        uint32_t word;
        uint64_t doubleword;
        uint8_t bytes[16];
    } bits = { .bytes = { 0 } };
    switch (type) {
        case TYPE_I64:
            bits.doubleword = take_doubleword(arguments);
            break;
        case TYPE_F32:
            bits.word = take_float(arguments);
            break;
        case TYPE_F64:
            bits.doubleword = take_double(arguments);
            break;
#if HAVE_VECTORS
        case TYPE_V128:
            take_vector(arguments, bits.bytes);
            break;
#endif
        default:
            bits.word = take_word(arguments);
            break;
    }
    return value_from_memory(type, &bits, value);
}

static void
dispatch(WASMExecEnv *exec_env, struct arguments *arguments,
         struct value *result)
{
    const struct native *native = wasm_runtime_get_function_attachment(exec_env);
    WASMModuleInstanceCommon *caller = wasm_runtime_get_module_inst(exec_env);
    const struct signature *signature;
    const char *exception = NULL;
    uint32_t i;

    if (!native) {
        /* `aot_call_indirect` forgets it where it has an entry of its own for the type
           (WASM_ENABLE_QUICK_AOT_ENTRY). */
        wasm_runtime_set_exception(caller,
                                   "the runtime calls a native function "
                                   "without its attachment");
        return;
    }
    signature = &native->signature;
    if (!wasm_runtime_detect_native_stack_overflow_size(exec_env,
                                                        STACK_FOR_NATIVE))
        return; /* the exception is set */

    struct value *params = allocate(sizeof(*params) * signature->param_count);
    struct value *results = allocate(sizeof(*results) * signature->result_count);
    for (i = 0; i < signature->param_count && !exception; i++)
        if (!take_value(arguments, signature->types[i], &params[i]))
            exception = "a native function got a dangling reference";
    if (!exception)
        exception = native_call(native, params, results);
    for (i = 0; i < signature->result_count && !exception; i++) {
        /* Results beyond the first go through pointers that follow the arguments. */
        void *place = i == 0 ? result->bits.bytes : take_pointer(arguments);
        if (!value_to_memory(&results[i], place, caller))
            exception = "the runtime has no index left for a reference";
    }
    if (exception)
        wasm_runtime_set_exception(caller, exception);
    free(params);
    free(results);
}

const char *
native_call(const struct native *native, const struct value *arguments,
            struct value *results)
{
    static struct failure failure;
    uint32_t i;

    if (!native->instance) {
        for (i = 0; i < native->signature.result_count; i++)
            results[i].type =
                native->signature.types[native->signature.param_count + i];
        return NULL;
    }
    if (call_export(native->instance, native->export_name, arguments,
                    native->signature.param_count, results, &failure))
        return NULL;
    return failure.message;
}
