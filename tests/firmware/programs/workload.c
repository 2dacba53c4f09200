/* The mix of work of a well-known microcontroller benchmark: lists, matrices, a state machine, CRCs. */
#include "program.h"

struct node {
    struct node *next;
    u16 key;
    u16 index;
};

static struct node nodes[200];
static short left[24][24], right[24][24];
static i32 product[24][24];

static u16
crc16(u16 crc, u16 data)
{
    for (i32 bit = 0; bit < 16; bit++) {
        u16 carry = (u16)((crc ^ data) & 1);
        crc = (u16)(crc >> 1);
        data = (u16)(data >> 1);
        if (carry)
            crc ^= 0xa001;
    }
    return crc;
}

static struct node *
merge_sort(struct node *list, u32 length)
{
    if (length < 2)
        return list;
    struct node *middle = list;
    for (u32 i = 1; i < length / 2; i++)
        middle = middle->next;
    struct node *second = middle->next;
    middle->next = 0;
    struct node *a = merge_sort(list, length / 2);
    struct node *b = merge_sort(second, length - length / 2);
    struct node head, *last = &head;
    while (a && b) {
        struct node **least = a->key <= b->key ? &a : &b;
        last->next = *least;
        last = *least;
        *least = (*least)->next;
    }
    last->next = a ? a : b;
    return head.next;
}

static u16
work_on_list(u16 crc)
{
    for (u32 i = 0; i < 200; i++) {
        nodes[i].key = (u16)next_random();
        nodes[i].index = (u16)i;
        nodes[i].next = i < 199 ? &nodes[i + 1] : 0;
    }
    struct node *list = merge_sort(nodes, 200), *reversed = 0;
    for (struct node *node = list; node; node = node->next)
        crc = crc16(crc, node->index);
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    for (struct node *node = reversed; node; node = node->next)
        crc = crc16(crc, node->key);
    return crc;
}

static u16
work_on_matrices(u16 crc)
{
    for (u32 i = 0; i < 24; i++)
        for (u32 j = 0; j < 24; j++) {
            left[i][j] = (short)next_random();
            right[i][j] = (short)next_random();
        }
    for (u32 i = 0; i < 24; i++)
        for (u32 j = 0; j < 24; j++) {
            i32 sum = 0;
            for (u32 k = 0; k < 24; k++)
                sum += left[i][k] * right[k][j] >> 5;
            product[i][j] = sum;
        }
    for (u32 i = 0; i < 24; i++)
        for (u32 j = 0; j < 24; j++)
            crc = crc16(crc, (u16)(product[i][j] ^ product[i][j] >> 16));
    return crc;
}

static u16
work_on_text(u16 crc)
{
    static const char text[] = "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,"
                               "5.500e+3,-.123e-2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^";
    enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, SCALE, INVALID, STATES };
    u32 visits[STATES] = { 0 };
    enum state state = START;
    for (const char *next = text; *next; next++) {
        char c = *next;
        u8 digit = c >= '0' && c <= '9';
        if (c == ',') {
            visits[state]++;
            state = START;
            continue;
        }
        switch (state) {
            case START:
                state = c == '+' || c == '-' ? SIGN : digit ? INTEGER : c == '.' ? POINT : INVALID;
                break;
            case SIGN:
            case INTEGER:
                state = digit ? INTEGER : c == '.' ? POINT : c == 'e' ? EXPONENT : INVALID;
                break;
            case POINT:
            case FRACTION:
                state = digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
                break;
            case EXPONENT:
                state = c == '+' || c == '-' || digit ? SCALE : INVALID;
                break;
            case SCALE:
                state = digit ? SCALE : INVALID;
                break;
            default:
                break;
        }
        crc = crc16(crc, (u16)(state << 8 | (u8)c));
    }
    for (u32 i = 0; i < STATES; i++)
        crc = crc16(crc, (u16)visits[i]);
    return crc;
}

RUN
{
    u16 crc = 0;
    for (u32 iteration = 0; iteration < 10; iteration++) {
        crc = work_on_list(crc);
        crc = work_on_matrices(crc);
        crc = work_on_text(crc);
        print(crc);
    }
}
