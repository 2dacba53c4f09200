/* The shape of an embedded benchmark: a linked list that is searched, reversed and sorted, a small
 * integer matrix, and a state machine that classifies numbers in text, with a CRC over all of it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS = 200, SIDE = 16, TEXT = 2000, ROUNDS = 300 };

struct item {
    struct item *next;
    int16_t value, index;
};

static uint16_t crc16(uint16_t crc, uint32_t value, int bits)
{
    for (int i = 0; i < bits; i++, value >>= 1)
        crc = (uint16_t)((crc >> 1) ^ (((crc ^ value) & 1) ? 0xa001 : 0));
    return crc;
}

static struct item *reverse(struct item *list)
{
    struct item *result = NULL;
    while (list) {
        struct item *next = list->next;
        list->next = result;
        result = list;
        list = next;
    }
    return result;
}

static int by_value(const struct item *a, const struct item *b)
{
    return a->value != b->value ? a->value - b->value : a->index - b->index;
}

static int by_index(const struct item *a, const struct item *b) { return a->index - b->index; }

static struct item *merge_sort(struct item *list, int (*compare)(const struct item *, const struct item *))
{
    if (!list || !list->next)
        return list;
    struct item *slow = list, *fast = list->next;
    while (fast && fast->next) {
        slow = slow->next;
        fast = fast->next->next;
    }
    struct item *second = merge_sort(slow->next, compare);
    slow->next = NULL;
    struct item *first = merge_sort(list, compare);
    struct item *result = NULL, **tail = &result;
    while (first || second) {
        struct item **from = !second || (first && compare(first, second) <= 0) ? &first : &second;
        *tail = *from;
        tail = &(*tail)->next;
        *from = (*from)->next;
    }
    return result;
}

static uint16_t list_work(struct item *pool, uint16_t crc, int round)
{
    for (int i = 0; i < ITEMS; i++) {
        pool[i].index = (int16_t)i;
        pool[i].value = (int16_t)((i * 37 + round * 11) % 101 - 50);
        pool[i].next = i + 1 < ITEMS ? &pool[i + 1] : NULL;
    }
    struct item *list = merge_sort(reverse(pool), by_value);
    int place = 0;
    for (const struct item *i = list; i; i = i->next, place++)
        if (i->index == round % ITEMS)
            crc = crc16(crc, (uint32_t)place, 16);
    list = merge_sort(list, by_index);
    return crc16(crc, (uint32_t)list->value, 16);
}

static uint16_t matrix_work(uint16_t crc, int round)
{
    int16_t a[SIDE][SIDE], b[SIDE][SIDE];
    int32_t c[SIDE][SIDE];
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            a[i][j] = (int16_t)(i * round + j);
            b[i][j] = (int16_t)(a[i][j] * 3 - round);
        }
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            c[i][j] = 0;
            for (int k = 0; k < SIDE; k++) {
                int32_t product = a[i][k] * b[k][j];
                c[i][j] += (product >> 2 & 0xf) * (product >> 5 & 0x7f);
            }
        }
    int32_t sum = 0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            sum = sum > 20000 ? sum - c[i][j] : sum + c[i][j];
    return crc16(crc, (uint32_t)sum, 32);
}

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static enum state advance(enum state state, char c)
{
    int digit = c >= '0' && c <= '9';
    switch (state) {
    case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN: return digit ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID;
    case POINT: return digit ? FRACTION : INVALID;
    case FRACTION: return digit ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID;
    case EXPONENT: return digit ? SCIENTIFIC : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case SCIENTIFIC: return digit ? SCIENTIFIC : INVALID;
    default: return INVALID;
    }
}

static uint16_t text_work(const char *text, uint16_t crc, unsigned finals[STATES], unsigned moves[STATES])
{
    enum state state = START;
    for (const char *p = text; *p; p++) {
        if (*p == ',') {
            finals[state]++;
            crc = crc16(crc, state, 8);
            state = START;
            continue;
        }
        enum state next = advance(state, *p);
        moves[next] += next != state;
        state = next;
    }
    return crc;
}

int main(void)
{
    static struct item pool[ITEMS];
    static char text[TEXT];
    static const char *const samples[] = { "5012,", "-874,", "+.5,", "1.5e-10,", "T0.3,", "7E+2,", "-.9e,", "12.34.5,", ",", "e3," };
    unsigned finals[STATES] = { 0 }, moves[STATES] = { 0 };
    uint16_t list_crc = 0, matrix_crc = 0, text_crc = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t used = 0;
        for (unsigned i = 0;; i++) {
            const char *sample = samples[(i * i + (unsigned)round) % 10];
            if (used + strlen(sample) + 1 > TEXT)
                break;
            strcpy(text + used, sample);
            used += strlen(sample);
        }
        for (size_t i = (size_t)round % 7; i < used; i += 31) /* spoil some characters */
            if (text[i] != ',')
                text[i] ^= (char)(round & 3);
        list_crc = list_work(pool, list_crc, round);
        matrix_crc = matrix_work(matrix_crc, round);
        text_crc = text_work(text, text_crc, finals, moves);
    }
    printf("list %04x matrix %04x text %04x\n", list_crc, matrix_crc, text_crc);
    for (int s = 0; s < STATES; s++)
        printf("state %d: final %u, entered %u\n", s, finals[s], moves[s]);
    return 0;
}
