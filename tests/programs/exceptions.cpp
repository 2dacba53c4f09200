// C++ exceptions: destructors on the way, rethrowing, nesting, callbacks, virtual calls, ten thousand frames.
// Prints every step, so that an order that is wrong shows.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __wasm__
#include "cpp_runtime.hpp"
#endif

namespace {

int objects;

// Counts its living objects, and says when one goes.
struct Traced {
    const char *name;
    bool loud;
    explicit Traced(const char *name, bool loud = true) : name(name), loud(loud) { ++objects; }
    Traced(const Traced &other) : name(other.name), loud(other.loud) { ++objects; }
    ~Traced() {
        --objects;
        if (loud)
            printf("  ~%s\n", name);
    }
};

struct Fault {
    int code;
    Traced traced;
    explicit Fault(int code) : code(code), traced("fault") {}
    virtual ~Fault() {}
    virtual const char *kind() const { return "fault"; }
};

struct NamedFault : Fault {
    char text[40];
    NamedFault(int code, const char *name) : Fault(code) { snprintf(text, sizeof text, "%s", name); }
    const char *kind() const override { return "named fault"; }
};

struct Other {
    double value;
    int64_t wide;
};

__attribute__((noinline)) void throw_one(int kind) {
    Traced local("local of throw_one");
    switch (kind) {
    case 0:
        throw Fault(10);
    case 1:
        throw NamedFault(11, "eleven");
    case 2:
        throw 42;
    case 3:
        throw Other{1.5, INT64_C(-5000000000)};
    case 4:
        throw "text";
    default:
        printf("  nothing thrown\n");
    }
}

__attribute__((noinline)) int classify(int kind) {
    Traced local("local of classify");
    try {
        throw_one(kind);
    } catch (const NamedFault &fault) {
        printf("  NamedFault %d %s %s\n", fault.code, fault.text, fault.kind());
        return 1;
    } catch (Fault &fault) {
        printf("  Fault %d %s\n", fault.code, fault.kind());
        return 2;
    } catch (int value) {
        printf("  int %d\n", value);
        return 3;
    } catch (Other other) {
        printf("  Other %.2f %lld\n", other.value, static_cast<long long>(other.wide));
        return 4;
    } catch (...) {
        printf("  something else\n");
        return 5;
    }
    return 0;
}

// The same exception object goes on, through a handler of its base class.
void rethrowing() {
    try {
        try {
            Traced inner("inner");
            throw NamedFault(7, "seven");
        } catch (Fault &fault) {
            Traced handler("handler");
            fault.code += 100;
            throw;
        }
    } catch (NamedFault &fault) {
        printf("  again: %d %s\n", fault.code, fault.text);
    }
}

// A handler throws and catches another exception, and then throws its own again.
void nesting() {
    try {
        try {
            throw 1;
        } catch (int first) {
            try {
                Traced between("between");
                throw Other{double(first) + 0.25, 2};
            } catch (Other &second) {
                printf("  nested: %.2f\n", second.value);
                try {
                    throw_one(0);
                } catch (Fault &third) {
                    printf("  deeper: %d\n", third.code);
                }
            }
            throw;
        }
    } catch (int value) {
        printf("  at last: %d\n", value);
    }
}

struct Visitor {
    virtual ~Visitor() {}
    virtual int visit(int) = 0;
};

struct Strict : Visitor {
    int visit(int value) override {
        Traced local("local of visit", value == 3);
        if (value == 3)
            throw Fault(value);
        return value * 2;
    }
};

struct Lenient : Visitor {
    int visit(int value) override { return value; }
};

__attribute__((noinline)) int visit_all(Visitor &visitor, int count) {
    Traced guard("guard");
    int sum = 0;
    for (int value = 0; value < count; ++value)
        sum += visitor.visit(value);
    return sum;
}

int comparisons;

int compare(const void *left, const void *right) {
    if (++comparisons == 5)
        throw comparisons;
    return *static_cast<const int *>(left) - *static_cast<const int *>(right);
}

using Action = void (*)(int);

__attribute__((noinline)) void call(Action action, int argument) {
    Traced local("local of call");
    action(argument);
}

__attribute__((noinline)) int descend(int depth) {
    Traced frame("frame", false);
    if (depth == 0)
        throw Other{0.5, objects};
    return descend(depth - 1) + int(strlen(frame.name));
}

int throws_in_constructor(int value)
try {
    struct Member {
        Traced first{"first member"};
        explicit Member(int value) {
            if (value)
                throw value;
        }
    } member(value);
    return 0;
} catch (int caught) {
    return caught;
}

void never_throws(int value) noexcept {
    try {
        throw_one(value);
    } catch (...) {
        printf("  kept inside\n");
    }
}

} // namespace

int main() {
    printf("kinds\n");
    for (int kind = 0; kind < 6; ++kind)
        printf("  %d -> %d\n", kind, classify(kind));
    printf("rethrowing\n");
    rethrowing();
    printf("nesting\n");
    nesting();

    printf("virtual calls\n");
    Strict strict;
    Lenient lenient;
    Visitor *visitors[] = {&lenient, &strict};
    for (int round = 0; round < 4; ++round) {
        try {
            printf("  sum %d\n", visit_all(*visitors[round % 2], 2 + round));
        } catch (Fault &fault) {
            printf("  visit %d\n", fault.code);
        }
    }

    printf("callbacks\n");
    int numbers[] = {5, 3, 8, 1, 9, 2, 7, 4};
    try {
        qsort(numbers, 8, sizeof *numbers, compare);
    } catch (int count) {
        printf("  compared %d times\n", count);
    }
    Action actions[] = {throw_one, never_throws};
    for (int at = 0; at < 2; ++at) {
        try {
            call(actions[at], 4 - at);
        } catch (const char *text) {
            printf("  caught %s\n", text);
        }
    }

    printf("constructors\n");
    printf("  %d %d\n", throws_in_constructor(0), throws_in_constructor(6));

    printf("frames\n");
    for (int depth = 10; depth <= 10000; depth *= 10) {
        try {
            descend(depth);
        } catch (const Other &other) {
            printf("  %lld objects, then %d\n", static_cast<long long>(other.wide), objects);
        }
    }

    long sum = 0;
    for (int round = 0; round < 20000; ++round) {
        try {
            if (round % 7 == 0)
                throw round;
            sum += 1;
        } catch (int value) {
            sum += value;
        }
    }
    printf("sum %ld, objects %d\n", sum, objects);
    return 0;
}
