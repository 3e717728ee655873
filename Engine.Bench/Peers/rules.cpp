// The elementwise rules as fused loops, one pass over memory each: the peer of Engine's sweep.
// g++ -O3 -march=native -mprefer-vector-width=512 -fno-math-errno -fno-trapping-math -fopenmp -shared -fPIC rules.cpp -o librules.so
// With -ffast-math besides, gcc replaces division and square root by estimates with one Newton step: other numbers, and faster where memory is not the limit.
#include <cmath>
#include <omp.h>

// p: parameter, g: gradient, a..d: state, k: scalars of the step
#define RULE(name, ...) \
  __attribute__((noinline)) static void name##_loop(float* __restrict p, const float* __restrict g, float* __restrict a, float* __restrict b, float* __restrict c, float* __restrict d, const float* __restrict k, long n) { \
    const float k0 = k[0], k1 = k[1], k2 = k[2], k3 = k[3], k4 = k[4], k5 = k[5], k6 = k[6], k7 = k[7]; \
    (void)k0; (void)k1; (void)k2; (void)k3; (void)k4; (void)k5; (void)k6; (void)k7; \
    for (long i = 0; i < n; i++) { const float gi = g[i]; __VA_ARGS__ } } \
  extern "C" void name(float* p, const float* g, float* a, float* b, float* c, float* d, const float* k, long n, int threads) { \
    if (threads == 1) { name##_loop(p, g, a, b, c, d, k, n); return; } \
    _Pragma("omp parallel for num_threads(2) schedule(static)") \
    for (int t = 0; t < 2; t++) { long h = (n / 2 + 15) / 16 * 16, o = t * h, m = t ? n - h : h; name##_loop(p + o, g + o, a + o, b + o, c + o, d + o, k, m); } }

static inline float sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
static inline float max(float x, float y) { return x > y ? x : y; }
static inline float min(float x, float y) { return x < y ? x : y; }

RULE(Sgd, p[i] -= k0 * gi;)
RULE(Momentum, const float m = k1 * a[i] + k2 * gi; a[i] = m; p[i] -= k0 * m;)
RULE(Nesterov, const float m = k1 * a[i] + gi; a[i] = m; p[i] -= k0 * (gi + k1 * m);)
RULE(Adam, const float m = k0 * a[i] + k1 * gi, v = k2 * b[i] + k3 * gi * gi; a[i] = m; b[i] = v; p[i] -= k5 * m / (sqrtf(v) * k4 + k6);)
RULE(AdamW, const float m = k0 * a[i] + k1 * gi, v = k2 * b[i] + k3 * gi * gi; a[i] = m; b[i] = v; p[i] = k7 * p[i] - k5 * m / (sqrtf(v) * k4 + k6);)
RULE(AmsGrad, const float m = k0 * a[i] + k1 * gi, v = k2 * b[i] + k3 * gi * gi, w = max(c[i], v); a[i] = m; b[i] = v; c[i] = w; p[i] -= k5 * m / (sqrtf(w) * k4 + k6);)
RULE(Adamax, const float m = k0 * a[i] + k1 * gi, u = max(k2 * b[i], fabsf(gi) + k6); a[i] = m; b[i] = u; p[i] -= k5 * m / u;)
RULE(NAdam, const float m = k0 * a[i] + k1 * gi, v = k2 * b[i] + k3 * gi * gi; a[i] = m; b[i] = v; p[i] -= (k5 * gi + k7 * m) / (sqrtf(v) * k4 + k6);)
RULE(RAdam, const float m = k0 * a[i] + k1 * gi, v = k2 * b[i] + k3 * gi * gi; a[i] = m; b[i] = v; p[i] -= k5 * m / (sqrtf(v) + k6) + k7 * m;)
RULE(Adagrad, const float s = a[i] + gi * gi; a[i] = s; p[i] -= k5 * gi / (sqrtf(s) + k6);)
RULE(Adadelta, const float v = k0 * a[i] + k1 * gi * gi, D = sqrtf(b[i] + k6) / sqrtf(v + k6) * gi; a[i] = v; b[i] = k0 * b[i] + k1 * D * D; p[i] -= k5 * D;)
RULE(RmsProp, const float v = k0 * a[i] + k1 * gi * gi; a[i] = v; p[i] -= k5 * gi / (sqrtf(v) + k6);)
RULE(RmsPropMomentum, const float v = k0 * a[i] + k1 * gi * gi, m = k2 * b[i] + gi / (sqrtf(v) + k6); a[i] = v; b[i] = m; p[i] -= k5 * m;)
RULE(CenteredRmsProp, const float v = k0 * a[i] + k1 * gi * gi, e = k0 * c[i] + k1 * gi, m = k2 * b[i] + gi / (sqrtf(max(v - e * e, 0.0f)) + k6); a[i] = v; c[i] = e; b[i] = m; p[i] -= k5 * m;)
RULE(Rprop, const float s = sign(gi) * sign(a[i]), z = min(max(b[i] * (s > 0 ? k0 : s < 0 ? k1 : 1.0f), k2), k3), h = s < 0 ? 0.0f : gi; p[i] -= sign(h) * z; b[i] = z; a[i] = h;)
RULE(Asgd, const float t = k0 * p[i] - k1 * gi; p[i] = t; a[i] = k2 * a[i] + k3 * t;)
RULE(Lion, p[i] -= k5 * sign(k0 * a[i] + k1 * gi); a[i] = k2 * a[i] + k3 * gi;)
RULE(AdaBelief, const float m = k0 * a[i] + k1 * gi, e = gi - m, v = k2 * b[i] + k3 * e * e + k7; a[i] = m; b[i] = v; p[i] -= k5 * m / (sqrtf(v) * k4 + k6);)
RULE(Yogi, const float m = k0 * a[i] + k1 * gi, q = gi * gi, v = b[i] - k3 * sign(b[i] - q) * q; a[i] = m; b[i] = v; p[i] -= k5 * m / (sqrtf(v) * k4 + k6);)
RULE(Adan, const float D = gi - d[i], u = gi + k7 * D, m = k0 * a[i] + k1 * gi, e = k2 * c[i] + k3 * D, v = k0 * b[i] + k1 * u * u; a[i] = m; c[i] = e; b[i] = v; p[i] -= (k5 * m + k7 * e) / (sqrtf(v) * k4 + k6); d[i] = gi;)
RULE(Adopt, const float q = min(max(gi / max(sqrtf(b[i]), k6), -k7), k7), m = k0 * a[i] + k1 * q; p[i] -= k5 * m; b[i] = k2 * b[i] + k3 * gi * gi; a[i] = m;)
RULE(AdEmaMix, const float m = k0 * a[i] + k1 * gi, s = k4 * c[i] + k7 * gi, v = k2 * b[i] + k3 * gi * gi; a[i] = m; c[i] = s; b[i] = v; p[i] -= (k5 * m + k1 * s) / (sqrtf(v) * k0 + k6);)
RULE(SignSgd, p[i] -= k5 * sign(gi);)
RULE(Signum, const float m = k0 * a[i] + k1 * gi; a[i] = m; p[i] -= k5 * sign(m);)
RULE(NovoGradUpdate, const float m = k0 * a[i] + (k1 * gi + k2 * p[i]); a[i] = m; p[i] -= k5 * m;)
static double squares(const float* g, long n) { double sum = 0; _Pragma("omp simd reduction(+ : sum)") for (long i = 0; i < n; i++) sum += (double)g[i] * g[i]; return sum; }
extern "C" void NovoGrad(float* p, const float* g, float* a, float* b, float* c, float* d, const float* k, long n, int threads) { // the norm pass first, as the rule needs
  double sum = 0;
  if (threads == 1) sum = squares(g, n);
  else { _Pragma("omp parallel for num_threads(2) schedule(static) reduction(+ : sum)") for (int t = 0; t < 2; t++) sum += squares(g + t * (n / 2), t ? n - n / 2 : n / 2); }
  float scalars[8] = {k[0], (float)(1 / (std::sqrt(sum) + 1e-8)), k[2], 0, 0, k[5], 0, 0};
  NovoGradUpdate(p, g, a, b, c, d, scalars, n, threads); }
RULE(ScheduleFreeSgd, const float z = a[i]; p[i] = k0 * p[i] + k1 * z + k2 * gi; a[i] = z - k5 * gi;)
RULE(ScheduleFreeAdamW, const float z = a[i], v = k2 * b[i] + k3 * gi * gi, u = gi / (sqrtf(v) * k4 + k6) + k7 * p[i]; p[i] = k0 * p[i] + k1 * z - k5 * u; a[i] = z - k5 * u; b[i] = v;)
