/* Planets under their mutual attraction, integrated in double precision; the energy shows every
 * last bit. */
#include <math.h>
#include <stdio.h>

enum { BODIES = 5, STEPS = 200000 };

struct body {
    double x[3], v[3], mass;
};

static const double pi = 3.141592653589793, days_per_year = 365.24;

static struct body bodies[BODIES] = {
    { { 0, 0, 0 }, { 0, 0, 0 }, 1 },
    { { 4.84143144246472090, -1.16032004402742839, -0.103622044471123109 },
      { 0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023 },
      0.000954791938424326609 },
    { { 8.34336671824457987, 4.12479856412430479, -0.403523417114321381 },
      { -0.00276742510726411010, 0.00499852801234917238, 0.0000230417297573763929 },
      0.000285885980666130812 },
    { { 12.8943695621391310, -15.1111514016986312, -0.223307578892655734 },
      { 0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556 },
      0.0000436624404335156298 },
    { { 15.3796971148509165, -25.9193146099879641, 0.179258772950371181 },
      { 0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870 },
      0.0000515138902046611451 },
};

static void to_units(void)
{
    double momentum[3] = { 0, 0, 0 };
    for (int i = 0; i < BODIES; i++) {
        bodies[i].mass *= 4 * pi * pi;
        for (int d = 0; d < 3; d++) {
            bodies[i].v[d] *= days_per_year;
            momentum[d] += bodies[i].v[d] * bodies[i].mass;
        }
    }
    for (int d = 0; d < 3; d++)
        bodies[0].v[d] = -momentum[d] / bodies[0].mass;
}

static double energy(void)
{
    double e = 0;
    for (int i = 0; i < BODIES; i++) {
        const struct body *b = &bodies[i];
        e += 0.5 * b->mass * (b->v[0] * b->v[0] + b->v[1] * b->v[1] + b->v[2] * b->v[2]);
        for (int j = i + 1; j < BODIES; j++) {
            double square = 0;
            for (int d = 0; d < 3; d++)
                square += (b->x[d] - bodies[j].x[d]) * (b->x[d] - bodies[j].x[d]);
            e -= b->mass * bodies[j].mass / sqrt(square);
        }
    }
    return e;
}

static void advance(double dt)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            struct body *b = &bodies[j];
            double d0 = a->x[0] - b->x[0], d1 = a->x[1] - b->x[1], d2 = a->x[2] - b->x[2];
            double square = d0 * d0 + d1 * d1 + d2 * d2;
            double pull = dt / (square * sqrt(square));
            a->v[0] -= d0 * b->mass * pull;
            a->v[1] -= d1 * b->mass * pull;
            a->v[2] -= d2 * b->mass * pull;
            b->v[0] += d0 * a->mass * pull;
            b->v[1] += d1 * a->mass * pull;
            b->v[2] += d2 * a->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++)
        for (int d = 0; d < 3; d++)
            bodies[i].x[d] += dt * bodies[i].v[d];
}

int main(void)
{
    to_units();
    for (int step = 0; step <= STEPS; step++) {
        if (step % (STEPS / 10) == 0)
            printf("%6d %.12f %a\n", step, energy(), energy());
        advance(0.01);
    }
    return 0;
}
