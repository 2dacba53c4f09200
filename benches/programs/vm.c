/* A machine of 16 registers whose instructions are words: one loop around one dense switch. */
#include <stdint.h>
#include <stdio.h>

enum opcode { SET, ADD, SUB, MUL, XOR, SHIFT, LOAD, STORE, LESS, JUMP_IF, JUMP, CALL, RETURN, HALT };

enum { MEMORY = 1 << 12, LIMIT = 100000000 };

#define OP(op, a, b, c) ((uint32_t)(op) | (uint32_t)(a) << 8 | (uint32_t)(b) << 16 | (uint32_t)(c) << 24)

/* r0: sum, r1: i, r2: limit, r3: one. A sieve over memory, then a hash of it, again and again. */
static const uint32_t code[] = {
    /* 0 */ OP(SET, 3, 1, 0),
    OP(SET, 12, 144, 1), /* rounds */
    OP(SET, 2, 0, 16),   /* 4096 */
    /* 3: the round: memory all zero */ OP(SET, 1, 0, 0),
    OP(SET, 4, 0, 0),
    /* 5 */ OP(STORE, 4, 1, 0),
    OP(ADD, 1, 1, 3),
    OP(LESS, 5, 1, 2),
    OP(JUMP_IF, 5, 5, 0),
    OP(SET, 1, 2, 0),
    /* 10 */ OP(LOAD, 5, 1, 0),
    OP(JUMP_IF, 5, 17, 0),
    OP(ADD, 6, 1, 1),
    OP(JUMP, 0, 15, 0),
    /* 14 */ OP(CALL, 0, 25, 0),
    /* 15 */ OP(LESS, 5, 6, 2),
    OP(JUMP_IF, 5, 14, 0),
    /* 17 */ OP(ADD, 1, 1, 3),
    OP(LESS, 5, 1, 2),
    OP(JUMP_IF, 5, 10, 0),
    OP(SUB, 12, 12, 3),
    OP(SET, 1, 2, 0),
    OP(CALL, 0, 28, 0),
    OP(JUMP_IF, 12, 3, 0),
    OP(HALT, 0, 0, 0),
    /* 25: mark r6 */ OP(STORE, 3, 6, 0),
    OP(ADD, 6, 6, 1),
    OP(RETURN, 0, 0, 0),
    /* 28: hash */ OP(SET, 7, 31, 0),
    OP(LOAD, 5, 1, 0),
    OP(MUL, 0, 0, 7),
    OP(XOR, 0, 0, 5),
    OP(SHIFT, 8, 0, 13),
    OP(ADD, 0, 0, 8),
    OP(ADD, 1, 1, 3),
    OP(LESS, 5, 1, 2),
    OP(JUMP_IF, 5, 29, 0),
    OP(RETURN, 0, 0, 0),
};

static uint32_t memory[MEMORY];

static uint32_t run(uint32_t *steps)
{
    uint32_t r[16] = { 0 }, pc = 0, stack[16], depth = 0;
    for (; *steps < LIMIT; ++*steps) {
        uint32_t word = code[pc++], a = word >> 8 & 15, b = word >> 16 & 255, c = word >> 24;
        switch ((enum opcode)(word & 255)) {
        case SET: r[a] = b | c << 8; break;
        case ADD: r[a] = r[b & 15] + r[c & 15]; break;
        case SUB: r[a] = r[b & 15] - r[c & 15]; break;
        case MUL: r[a] = r[b & 15] * r[c & 15]; break;
        case XOR: r[a] = r[b & 15] ^ r[c & 15]; break;
        case SHIFT: r[a] = r[b & 15] >> (c & 31); break;
        case LOAD: r[a] = memory[r[b & 15] % MEMORY]; break;
        case STORE: memory[r[b & 15] % MEMORY] = r[a]; break;
        case LESS: r[a] = r[b & 15] < r[c & 15]; break;
        case JUMP_IF: pc = r[a] ? b : pc; break;
        case JUMP: pc = b; break;
        case CALL: stack[depth++ & 15] = pc, pc = b; break;
        case RETURN: pc = stack[--depth & 15]; break;
        case HALT: return r[0];
        }
    }
    return 0;
}

int main(void)
{
    uint32_t steps = 0, result = run(&steps);
    printf("%u after %u steps\n", (unsigned)result, (unsigned)steps);
    return 0;
}
