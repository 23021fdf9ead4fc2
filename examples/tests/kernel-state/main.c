// What an app may learn of kernel and time: a page that the kernel keeps up to date, and the cycle counter.
#include "tock.h"

enum {
  DRIVER_READ_ONLY_STATE = 0x9,
  DRIVER_CYCLE_COUNT = 0x90008,
  START = 1,
  READ = 2,
  STOP = 4,
};

// Switches to this process, its pending tasks, and the ticks of the alarm.
static volatile struct {
  uint32_t switches;
  uint32_t tasks;
  uint64_t ticks;
} state;

static uint32_t allow_userspace_readable(uint32_t driver, uint32_t number, volatile void* buffer,
                                         size_t size) {
  register uint32_t r0 __asm__("r0") = driver;
  register uint32_t r1 __asm__("r1") = number;
  register uint32_t r2 __asm__("r2") = (uint32_t)buffer;
  register uint32_t r3 __asm__("r3") = size;
  __asm__ volatile("svc 7" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "memory");
  return r0;
}

int main(void) {
  printf("version: %d\n", (int)command(DRIVER_READ_ONLY_STATE, 1, 0, 0).a);
  printf("shared: %d\n", (int)allow_userspace_readable(DRIVER_READ_ONLY_STATE, 0, &state,
                                                       sizeof state));
  uint32_t switches = state.switches;
  uint64_t ticks = state.ticks;
  sleep_ms(1000);
  uint32_t elapsed = (uint32_t)(state.ticks - ticks);
  printf("switches grew: %d\n", state.switches > switches);
  printf("ticks grew by a second: %d\n", elapsed >= 32768 && elapsed < 33000);

  command(DRIVER_CYCLE_COUNT, START, 0, 0);
  sleep_ms(1);
  command(DRIVER_CYCLE_COUNT, STOP, 0, 0);
  uint32_t cycles = command(DRIVER_CYCLE_COUNT, READ, 0, 0).a;
  printf("a millisecond of cycles: %d\n", cycles >= 60000 && cycles < 70000);
  return 0;
}
