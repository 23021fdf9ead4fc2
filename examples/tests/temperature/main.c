// Temperature: driver 0x60000 measures in hundredths of a degree.
#include "tock.h"

enum { DRIVER_TEMPERATURE = 0x60000 };

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_TEMPERATURE, 0, 0, 0)));
  printf("measure: %d\n", error_of(command(DRIVER_TEMPERATURE, 1, 0, 0)));
  printf("hundredths: %d\n", (int)yield_wait_for(DRIVER_TEMPERATURE, 0).a);
  sleep_ms(100);
  command(DRIVER_TEMPERATURE, 1, 0, 0);
  printf("a cold wind: %d\n", (int)yield_wait_for(DRIVER_TEMPERATURE, 0).a);
  printf("unknown command: %d\n", error_of(command(DRIVER_TEMPERATURE, 2, 0, 0)));
  return 0;
}
