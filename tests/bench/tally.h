/* What load.c counts and compares with: latencies and rates, and byte streams without an end. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const uint64_t SECOND = 1000000000u, WARM_UP = 200000000u;
static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789 ";

static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": %s\n", strerror(errno));
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ---- results: what was counted since the warm-up ---- */

enum { STEPS = 64, OCTAVES = 59 }; /* a log-linear histogram: 64 steps an octave, error < 1.6 % */

static struct {
    uint64_t histogram[STEPS * OCTAVES], operations, longest, errors, begun, ended;
    double cpu, connect_seconds;
} result;

static void note(uint64_t nanoseconds, uint64_t times)
{
    int shift = nanoseconds < STEPS ? 0 : 58 - __builtin_clzll(nanoseconds);
    uint64_t low = nanoseconds >> shift; /* below 64, or 32 to 63 */
    result.histogram[(uint64_t)shift * STEPS + low] += times;
    result.operations += times;
    if (nanoseconds > result.longest)
        result.longest = nanoseconds;
}

static double quantile_us(double q)
{
    uint64_t wanted = (uint64_t)(q * (double)result.operations), seen = 0;
    for (uint64_t i = 0; i < STEPS * OCTAVES; i++)
        if ((seen += result.histogram[i]) > wanted)
            return (double)((i % STEPS) << (i / STEPS)) / 1e3;
    return (double)result.longest / 1e3;
}

/* True as long as the measurement lasts; forgets what happened during the warm-up. Errors stay:
 * a wrong reply is wrong at any time. */
static bool measuring(uint64_t start, double seconds)
{
    uint64_t now = now_ns();
    if (!result.begun && now >= start + WARM_UP) {
        memset(result.histogram, 0, sizeof result.histogram);
        result.operations = result.longest = 0;
        result.cpu = cpu_seconds();
        result.begun = now;
    }
    if (!result.begun || now < result.begun + (uint64_t)(seconds * 1e9))
        return true;
    result.ended = now;
    result.cpu = cpu_seconds() - result.cpu;
    return false;
}

static void print_result(void)
{
    double seconds = (double)(result.ended - result.begun) / 1e9;
    double rate = seconds > 0 ? (double)result.operations / seconds : 0;
    printf("{\"operations\": %llu, \"seconds\": %.4f, \"rate\": %.1f, \"p50\": %.1f, "
           "\"p99\": %.1f, \"max\": %.1f, \"errors\": %llu, \"connect_seconds\": %.3f, "
           "\"cpu\": %.2f}\n",
           (unsigned long long)result.operations, seconds, rate, quantile_us(.5), quantile_us(.99),
           (double)result.longest / 1e3, (unsigned long long)result.errors, result.connect_seconds,
           seconds > 0 ? result.cpu / seconds : 0);
    fflush(stdout);
}

/* ---- periodic byte streams ---- */

struct tape { /* `period` bytes for ever, laid out so that any `reach` of them are contiguous */
    char *bytes;
    size_t period, reach;
};

static struct tape make_tape(const char *prefix, size_t length, size_t reach)
{
    size_t head = strlen(prefix), period = head + length, size = period + reach;
    struct tape tape = {malloc(size), period, reach};
    if (!tape.bytes)
        fail("memory for %zu bytes", size);
    for (size_t i = 0; i < size; i++) {
        size_t at = i % period;
        tape.bytes[i] = at < head ? prefix[at] : LETTERS[(at - head) % (sizeof LETTERS - 1)];
        if (at + 1 == period)
            tape.bytes[i] = '\n';
    }
    return tape;
}

static const char *at(const struct tape *tape, uint64_t position)
{
    return tape->bytes + position % tape->period;
}
