/* Objects behind tables of methods: the method called depends on data and is rarely the last one. */
#include <stdint.h>
#include <stdio.h>

enum { SHAPES = 2000, ROUNDS = 4000 };

struct shape;

struct methods {
    double (*area)(const struct shape *);
    void (*move)(struct shape *, double, double);
    int (*holds)(const struct shape *, double, double);
};

struct shape {
    const struct methods *methods;
    double x, y, a, b;
};

static void move(struct shape *shape, double dx, double dy)
{
    shape->x += shape->x > 64 ? -64 : dx;
    shape->y += shape->y < 0 ? 64 : dy;
}

static void bounce(struct shape *shape, double dx, double dy)
{
    shape->x = shape->x > 60 ? -shape->x : shape->x + dx;
    shape->y = shape->y > 60 ? -shape->y : shape->y + dy;
}

static double circle_area(const struct shape *shape)
{
    return 3.14159265358979 * shape->a * shape->a;
}

static int circle_holds(const struct shape *shape, double x, double y)
{
    double dx = x - shape->x, dy = y - shape->y;
    return dx * dx + dy * dy <= shape->a * shape->a;
}

static double box_area(const struct shape *shape)
{
    return shape->a * shape->b;
}

static int box_holds(const struct shape *shape, double x, double y)
{
    return x >= shape->x && x < shape->x + shape->a && y >= shape->y && y < shape->y + shape->b;
}

static double triangle_area(const struct shape *shape)
{
    return shape->a * shape->b / 2;
}

static int triangle_holds(const struct shape *shape, double x, double y)
{
    return x >= shape->x && y >= shape->y && (x - shape->x) / shape->a + (y - shape->y) / shape->b <= 1;
}

static int no_point(const struct shape *shape, double x, double y)
{
    return shape->x == x && shape->y == y;
}

static const struct methods kinds[] = {
    { circle_area, move, circle_holds },
    { box_area, bounce, box_holds },
    { triangle_area, move, triangle_holds },
    { triangle_area, bounce, no_point },
};

static struct shape shapes[SHAPES];

int main(void)
{
    uint32_t seed = 1;
    for (int i = 0; i < SHAPES; i++) {
        seed = seed * 1664525 + 1013904223;
        shapes[i] = (struct shape){ &kinds[seed >> 30], seed >> 24 & 63, seed >> 16 & 63, (seed >> 10 & 15) + 1,
                                    (seed >> 6 & 15) + 1 };
    }
    double area = 0;
    unsigned held = 0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < SHAPES; i++) {
            struct shape *shape = &shapes[i];
            if (shape->methods->holds(shape, round & 63, 30))
                area += shape->methods->area(shape);
            else
                held++;
            if ((i + round) % 8 == 0)
                shape->methods->move(shape, 0.25, -0.125);
        }
    printf("%a %u\n", area, held);
    return 0;
}
