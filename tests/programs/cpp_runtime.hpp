// A small runtime for C++ programs with exceptions, in place of libc++abi: Debian's build of that library
// for WebAssembly has no exceptions.
//
// It has what the tests need: objects of classes with at most one base class, at its start, and of
// fundamental types; catching by value, reference and `...`; rethrowing; nesting.

#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The tag of all C++ exceptions. Each carries an address.
asm(".globl __cpp_exception\n"
    ".tagtype __cpp_exception i32\n"
    "__cpp_exception:\n");

void *operator new(size_t size) { return malloc(size); }
void operator delete(void *object) noexcept { free(object); }
void operator delete(void *object, size_t) noexcept { free(object); }

namespace std {
class type_info {
public:
    virtual ~type_info();
    virtual const type_info *base_class() const { return nullptr; }
    virtual bool is_pointer() const { return false; }
    const char *name;
};
type_info::~type_info() {}

[[noreturn]] void terminate() noexcept {
    puts("terminate");
    abort();
}
} // namespace std

namespace __cxxabiv1 {
// The compiler emits objects of these classes as the descriptions of types. Where the first virtual function
// is defined, it emits the descriptions of the fundamental types.
struct __fundamental_type_info : std::type_info {
    ~__fundamental_type_info() override;
};
__fundamental_type_info::~__fundamental_type_info() {}

struct __pointer_type_info : std::type_info {
    ~__pointer_type_info() override;
    bool is_pointer() const override { return true; }
    unsigned flags;
    const std::type_info *pointee;
};
__pointer_type_info::~__pointer_type_info() {}

struct __class_type_info : std::type_info {
    ~__class_type_info() override;
};
__class_type_info::~__class_type_info() {}

struct __si_class_type_info : __class_type_info {
    ~__si_class_type_info() override;
    const std::type_info *base_class() const override { return base; }
    const std::type_info *base;
};
__si_class_type_info::~__si_class_type_info() {}
} // namespace __cxxabiv1

namespace {

// Stands in front of each thrown object. What the instruction `throw` carries is its address.
struct Header {
    const std::type_info *type;
    // Destructors return their object on WebAssembly.
    void *(*destroy)(void *);
    Header *next_caught;
    // How many handlers are at work with it; negative while it is thrown again.
    int handlers;
};

constexpr size_t HEADER_BYTES = (sizeof(Header) + 15) / 16 * 16;

// The exceptions that handlers have caught, the latest first.
Header *caught;

void *object_of(Header *header) { return reinterpret_cast<char *>(header) + HEADER_BYTES; }

Header *header_of(void *object) {
    return reinterpret_cast<Header *>(static_cast<char *>(object) - HEADER_BYTES);
}

uint32_t read_unsigned(const uint8_t *&at) {
    uint32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *at++;
        value |= uint32_t(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

int32_t read_signed(const uint8_t *&at) {
    int32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *at++;
        value |= int32_t(uint32_t(byte & 0x7f) << shift);
        shift += 7;
    } while (byte & 0x80);
    if ((byte & 0x40) && shift < 32)
        value |= -(int32_t(1) << shift);
    return value;
}

bool catches(const std::type_info *handler, const std::type_info *thrown) {
    if (!handler)
        return true;
    for (; thrown; thrown = thrown->base_class())
        if (thrown == handler)
            return true;
    return false;
}

// What a handler gets: the object, or a pointer that was thrown.
void *value_of(Header *header) {
    void *object = object_of(header);
    return header->type->is_pointer() ? *static_cast<void **>(object) : object;
}

constexpr uint8_t OMITTED = 0xff;

} // namespace

extern "C" {

// Compiled code writes the first two fields in a handler, then asks for the third.
struct LandingPadContext {
    uintptr_t index;
    const uint8_t *table;
    uintptr_t selector;
};

LandingPadContext __wasm_lpad_context;

// Finds out which clause of a handler catches the exception: reads the table that the compiler has made
// for the function.
int _Unwind_CallPersonality(void *exception) {
    auto *header = static_cast<Header *>(exception);
    LandingPadContext &context = __wasm_lpad_context;
    context.selector = 0;
    const uint8_t *at = context.table;
    if (!at)
        return 0;
    if (*at++ != OMITTED)
        abort();
    const uint8_t *types = nullptr;
    if (*at++ != OMITTED) {
        uint32_t offset = read_unsigned(at);
        types = at + offset;
    }
    ++at; // how call sites are written: as numbers of variable length
    uint32_t length = read_unsigned(at);
    const uint8_t *actions = at + length;
    uint32_t action = 0;
    for (uintptr_t site = 0; site <= context.index && at < actions; ++site) {
        read_unsigned(at);
        action = read_unsigned(at);
    }
    if (!action)
        return 0;
    at = actions + action - 1;
    for (;;) {
        int32_t type = read_signed(at);
        const uint8_t *before = at;
        int32_t next = read_signed(at);
        if (type > 0) {
            const std::type_info *handler;
            memcpy(&handler, types - size_t(type) * sizeof(handler), sizeof(handler));
            if (catches(handler, header->type)) {
                context.selector = uintptr_t(type);
                return 0;
            }
        }
        if (!next)
            return 0;
        at = before + next;
    }
}

void *__cxa_allocate_exception(size_t size) noexcept {
    void *memory = calloc(1, HEADER_BYTES + size);
    return object_of(static_cast<Header *>(memory));
}

void __cxa_free_exception(void *object) noexcept { free(header_of(object)); }

[[noreturn]] void __cxa_throw(void *object, void *type, void *(*destroy)(void *)) {
    Header *header = header_of(object);
    header->type = static_cast<std::type_info *>(type);
    header->destroy = destroy;
    __builtin_wasm_throw(0, header);
}

void *__cxa_get_exception_ptr(void *exception) noexcept {
    return value_of(static_cast<Header *>(exception));
}

void *__cxa_begin_catch(void *exception) noexcept {
    auto *header = static_cast<Header *>(exception);
    header->handlers = (header->handlers < 0 ? -header->handlers : header->handlers) + 1;
    if (caught != header) {
        header->next_caught = caught;
        caught = header;
    }
    return value_of(header);
}

void __cxa_end_catch() {
    Header *header = caught;
    if (header->handlers < 0) {
        // Thrown again: whoever catches it next keeps it alive.
        if (++header->handlers == 0)
            caught = header->next_caught;
    } else if (--header->handlers == 0) {
        caught = header->next_caught;
        if (header->destroy)
            header->destroy(object_of(header));
        free(header);
    }
}

[[noreturn]] void __cxa_rethrow() {
    Header *header = caught;
    if (!header)
        std::terminate();
    header->handlers = -header->handlers;
    __builtin_wasm_throw(0, header);
}

[[noreturn]] void __cxa_pure_virtual() { abort(); }
int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }

} // extern "C"
