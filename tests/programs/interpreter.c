/* A stack machine: an assembler for its text, an interpreter with one big switch, and
 * programs for it: Fibonacci, primes, greatest common divisors, sorting in its memory, and errors. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPCODES(X)                                                                                  \
    X(push) X(pop) X(dup) X(swap) X(over) X(add) X(sub) X(mul) X(div) X(mod) X(and) X(or) X(xor)    \
    X(shl) X(shr) X(lt) X(eq) X(not) X(load) X(store) X(jmp) X(jz) X(call) X(ret) X(print) X(halt)

enum opcode {
#define X(name) OP_##name,
    OPCODES(X)
#undef X
    OP_COUNT
};

static const char *const names[] = {
#define X(name) #name,
    OPCODES(X)
#undef X
};

enum { CODE = 512, STACK = 256, MEMORY = 1024, LABELS = 32 };

struct instruction {
    enum opcode opcode;
    int64_t operand;
};

struct label {
    char name[16];
    int position;
};

struct machine {
    struct instruction code[CODE];
    int size;
    int64_t stack[STACK];
    int top;
    int calls[STACK];
    int depth;
    int64_t memory[MEMORY];
    uint64_t steps;
};

static int takes_operand(enum opcode op)
{
    return op == OP_push || op == OP_jmp || op == OP_jz || op == OP_call;
}

static const char *next_word(const char *text, char *word, size_t size)
{
    text += strspn(text, " \n");
    size_t length = strcspn(text, " \n");
    size_t kept = length < size - 1 ? length : size - 1;
    memcpy(word, text, kept);
    word[kept] = '\0';
    return text + length;
}

/* Two passes over the text: the first finds the labels, the second writes the code. */
static int assemble(struct machine *m, const char *text)
{
    struct label labels[LABELS];
    int label_count = 0;
    for (int pass = 0; pass < 2; pass++) {
        char word[16];
        m->size = 0;
        for (const char *at = next_word(text, word, sizeof word); *word; at = next_word(at, word, sizeof word)) {
            size_t length = strlen(word);
            if (word[length - 1] == ':') {
                if (pass == 0) {
                    word[length - 1] = '\0';
                    strcpy(labels[label_count].name, word);
                    labels[label_count++].position = m->size;
                }
                continue;
            }
            struct instruction *i = &m->code[m->size++];
            int op = 0;
            while (op < OP_COUNT && strcmp(word, names[op]) != 0)
                op++;
            if (op == OP_COUNT) {
                printf(" unknown instruction %s\n", word);
                return 0;
            }
            i->opcode = (enum opcode)op;
            if (!takes_operand(i->opcode))
                continue;
            at = next_word(at, word, sizeof word);
            char *end;
            i->operand = strtoll(word, &end, 10);
            if (*end && pass == 1) {
                int l = 0;
                while (l < label_count && strcmp(labels[l].name, word) != 0)
                    l++;
                if (l == label_count) {
                    printf(" unknown label %s\n", word);
                    return 0;
                }
                i->operand = labels[l].position;
            }
        }
    }
    return 1;
}

static const char *run(struct machine *m)
{
    int pc = 0;
    int64_t *s = m->stack;
#define NEED(n)                                                                                     \
    if (m->top < (n))                                                                               \
    return "stack underflow"
#define BINARY(name, expression)                                                                    \
    case OP_##name: {                                                                               \
        NEED(2);                                                                                    \
        int64_t b = s[--m->top], a = s[m->top - 1];                                                 \
        s[m->top - 1] = (int64_t)(expression);                                                      \
        break;                                                                                      \
    }
    while (pc >= 0 && pc < m->size) {
        struct instruction i = m->code[pc++];
        m->steps++;
        if (m->top + 1 >= STACK)
            return "stack overflow";
        switch (i.opcode) {
        case OP_push: s[m->top++] = i.operand; break;
        case OP_pop: NEED(1); m->top--; break;
        case OP_dup: NEED(1); s[m->top] = s[m->top - 1]; m->top++; break;
        case OP_over: NEED(2); s[m->top] = s[m->top - 2]; m->top++; break;
        case OP_swap: {
            NEED(2);
            int64_t t = s[m->top - 1];
            s[m->top - 1] = s[m->top - 2];
            s[m->top - 2] = t;
            break;
        }
        BINARY(add, (uint64_t)a + (uint64_t)b)
        BINARY(sub, (uint64_t)a - (uint64_t)b)
        BINARY(mul, (uint64_t)a * (uint64_t)b)
        BINARY(and, a & b)
        BINARY(or, a | b)
        BINARY(xor, a ^ b)
        BINARY(shl, (uint64_t)a << (b & 63))
        BINARY(shr, (uint64_t)a >> (b & 63))
        BINARY(lt, a < b)
        BINARY(eq, a == b)
        case OP_div:
        case OP_mod: {
            NEED(2);
            int64_t b = s[--m->top], a = s[m->top - 1];
            if (b == 0)
                return "division by zero";
            s[m->top - 1] = i.opcode == OP_div ? a / b : a % b;
            break;
        }
        case OP_not: NEED(1); s[m->top - 1] = !s[m->top - 1]; break;
        case OP_load:
            NEED(1);
            if ((uint64_t)s[m->top - 1] >= MEMORY)
                return "load out of range";
            s[m->top - 1] = m->memory[s[m->top - 1]];
            break;
        case OP_store:
            NEED(2);
            if ((uint64_t)s[m->top - 1] >= MEMORY)
                return "store out of range";
            m->memory[s[m->top - 1]] = s[m->top - 2];
            m->top -= 2;
            break;
        case OP_jmp: pc = (int)i.operand; break;
        case OP_jz: NEED(1); pc = s[--m->top] ? pc : (int)i.operand; break;
        case OP_call:
            if (m->depth == STACK)
                return "too many calls";
            m->calls[m->depth++] = pc;
            pc = (int)i.operand;
            break;
        case OP_ret:
            if (m->depth == 0)
                return "return without call";
            pc = m->calls[--m->depth];
            break;
        case OP_print: NEED(1); printf(" %lld", (long long)s[--m->top]); break;
        case OP_halt: return NULL;
        case OP_COUNT: break;
        }
    }
    return "ran off the end";
}

static const struct {
    const char *name, *text;
} programs[] = {
    { "fibonacci", "push 25 call fib print halt "
                   "fib: dup push 2 lt jz deep ret "
                   "deep: dup push 1 sub call fib swap push 2 sub call fib add ret" },
    { "primes", "push 2 next: push 2 "
                "try: over over dup mul lt jz divide pop dup print jmp step "
                "divide: over over mod jz composite push 1 add jmp try "
                "composite: pop "
                "step: push 1 add dup push 60 lt jz end jmp next end: halt" },
    { "gcd", "push 1071 push 462 loop: dup jz end swap over mod jmp loop end: pop print halt" },
    { "fill and sum", "push 0 fill: dup dup mul over store push 1 add dup push 1000 lt not jz fill "
                      "pop push 0 push 0 sum: over load add swap push 1 add swap over push 1000 lt not jz sum "
                      "print halt" },
    { "hash", "push 14695981039346656 push 200000 "
              "loop: swap push 31 mul push 1000003 xor dup push 7 shr xor swap push 1 sub dup not jz loop "
              "pop print halt" },
    { "division by zero", "push 1 push 0 div print halt" },
    { "underflow", "push 1 add halt" },
    { "endless recursion", "again: call again" },
    { "stack", "again: push 1 jmp again" },
    { "wild store", "push 5 push -1 store halt" },
    { "off the end", "push 3 print" },
    { "unknown label", "jmp nowhere" },
    { "unknown instruction", "push 1 fly halt" },
};

int main(void)
{
    struct machine *m = malloc(sizeof *m);
    if (!m)
        return 1;
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        memset(m, 0, sizeof *m);
        printf("%s:", programs[i].name);
        if (!assemble(m, programs[i].text))
            continue;
        const char *error = run(m);
        printf(" [%s after %llu steps, memory %lld]\n", error ? error : "halted", (unsigned long long)m->steps,
               (long long)m->memory[999]);
    }
    free(m);
    return 0;
}
