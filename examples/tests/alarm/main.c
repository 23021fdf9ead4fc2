// The alarm: relative and absolute, in the past, cancelled, replaced, and the time it took.
#include "tock.h"

enum { FREQUENCY = 1, NOW = 2, STOP = 3, RELATIVE = 5, ABSOLUTE = 6 };

static uint32_t now(void) { return command(DRIVER_ALARM, NOW, 0, 0).a; }

static uint32_t milliseconds(uint32_t ticks) {
  return (uint32_t)((uint64_t)ticks * 1000 / alarm_frequency());
}

static void wait_for(const char* what, uint32_t start) {
  syscall_return_t upcall = yield_wait_for(DRIVER_ALARM, 0);
  printf("%s: after %u ms, %u ms late\n", what, (unsigned)milliseconds(now() - start),
         (unsigned)milliseconds(upcall.a - upcall.b));
}

int main(void) {
  uint32_t second = alarm_frequency();
  printf("exists: %d\n", error_of(command(DRIVER_ALARM, 0, 0, 0)));
  printf("nothing to stop: %d\n", error_of(command(DRIVER_ALARM, STOP, 0, 0)));

  uint32_t start = now();
  uint32_t due   = command(DRIVER_ALARM, RELATIVE, second / 2, 0).a;
  printf("due in %u ms\n", (unsigned)milliseconds(due - start));
  wait_for("relative", start);

  start = now();
  command(DRIVER_ALARM, ABSOLUTE, start, second / 4);
  wait_for("absolute", start);

  start = now();
  command(DRIVER_ALARM, ABSOLUTE, start - second, second / 2);
  wait_for("in the past", start);

  start = now();
  command(DRIVER_ALARM, RELATIVE, second * 5, 0);
  command(DRIVER_ALARM, RELATIVE, second / 10, 0);
  wait_for("replaced", start);

  command(DRIVER_ALARM, RELATIVE, second, 0);
  printf("stop: %d\n", error_of(command(DRIVER_ALARM, STOP, 0, 0)));
  printf("again: %d\n", error_of(command(DRIVER_ALARM, STOP, 0, 0)));
  return 0;
}
