/* A disk of 2012: every flush takes 8 ms more. LD_PRELOAD of the benchmark's servers. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_for_the_platter(void) {
    struct timespec eight_ms = {0, 8 * 1000 * 1000};
    nanosleep(&eight_ms, 0);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    wait_for_the_platter();
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_platter();
    return real(file);
}
