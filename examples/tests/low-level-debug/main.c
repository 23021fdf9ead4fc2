// Low-level debug: the kernel prints numbers for an app that has no printf.
#include "tock.h"

enum {
  DRIVER_LOW_LEVEL_DEBUG = 0x8,
  ALERT = 1,
  PRINT_1 = 2,
  PRINT_2 = 3,
  PANIC = 1,
  WRONG_LOCATION = 2,
};

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_LOW_LEVEL_DEBUG, 0, 0, 0)));
  command(DRIVER_LOW_LEVEL_DEBUG, PRINT_1, 42, 0);
  command(DRIVER_LOW_LEVEL_DEBUG, PRINT_2, 0xffffffff, 7);
  command(DRIVER_LOW_LEVEL_DEBUG, ALERT, PANIC, 0);
  command(DRIVER_LOW_LEVEL_DEBUG, ALERT, WRONG_LOCATION, 0);
  command(DRIVER_LOW_LEVEL_DEBUG, ALERT, 99, 0);
  sleep_ms(100);
  for (uint32_t i = 0; i < 8; i++) command(DRIVER_LOW_LEVEL_DEBUG, PRINT_1, i, 0);
  sleep_ms(100);
  printf("unknown command: %d\n", error_of(command(DRIVER_LOW_LEVEL_DEBUG, 4, 0, 0)));
  return 0;
}
