// Nine degrees of freedom: three sensors of three axes each.
#include "tock.h"

enum {
  DRIVER_NINEDOF = 0x60004,
  ACCELERATION = 1,
  MAGNETIC_FIELD = 100,
  ROTATION = 200,
};

static void measure(const char* name, uint32_t number) {
  command(DRIVER_NINEDOF, number, 0, 0);
  syscall_return_t upcall = yield_wait_for(DRIVER_NINEDOF, 0);
  printf("%s: %d %d %d\n", name, (int)upcall.a, (int)upcall.b, (int)upcall.c);
}

static void measure_all(void) {
  measure("acceleration", ACCELERATION);
  measure("magnetic field", MAGNETIC_FIELD);
  measure("rotation", ROTATION);
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_NINEDOF, 0, 0, 0)));
  measure_all();
  sleep_ms(100);
  measure_all();
  return 0;
}
