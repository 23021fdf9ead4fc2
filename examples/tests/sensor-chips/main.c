// Chips with a driver of their own: TSL2561, LPS25HB, L3GD20 and LSM6DSOX.
#include "tock.h"

enum {
  DRIVER_TSL2561 = 0x70000,
  DRIVER_LPS25HB = 0x70004,
  DRIVER_L3GD20 = 0x70005,
  DRIVER_LSM6DSOX = 0x70008,
};

static void operate(const char* what, uint32_t driver, uint32_t number, uint32_t argument) {
  error_t error = error_of(command(driver, number, argument, 0));
  if (error != OK) {
    printf("%s: error %d\n", what, error);
    return;
  }
  syscall_return_t upcall = yield_wait_for(driver, 0);
  printf("%s: %d %d %d\n", what, (int)upcall.a, (int)upcall.b, (int)upcall.c);
}

int main(void) {
  sleep_ms(100);
  operate("light", DRIVER_TSL2561, 1, 0);
  operate("pressure", DRIVER_LPS25HB, 1, 0);
  operate("gyroscope is there", DRIVER_L3GD20, 1, 0);
  operate("its scale", DRIVER_L3GD20, 3, 1);
  operate("rotation", DRIVER_L3GD20, 6, 0);
  operate("LSM6DSOX is there", DRIVER_LSM6DSOX, 1, 0);
  operate("its power mode", DRIVER_LSM6DSOX, 2, 4);
  operate("no power mode", DRIVER_LSM6DSOX, 2, 11);
  return 0;
}
