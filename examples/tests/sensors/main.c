// The sensors of one value: each tells what the user sets, in the unit of its driver.
#include "tock.h"

enum {
  DRIVER_HUMIDITY = 0x60001,
  DRIVER_AMBIENT_LIGHT = 0x60002,
  DRIVER_SOUND_PRESSURE = 0x60006,
  DRIVER_AIR_QUALITY = 0x60007,
  DRIVER_PRESSURE = 0x60008,
  DRIVER_DISTANCE = 0x60009,
  DRIVER_MOISTURE = 0x6000a,
  DRIVER_RAINFALL = 0x6000b,
};

// Measures and prints the upcall's first two values.
static void measure(const char* name, uint32_t driver, uint32_t number, uint32_t argument) {
  error_t error = error_of(command(driver, number, argument, 0));
  if (error != OK) {
    printf("%s: error %d\n", name, error);
    return;
  }
  syscall_return_t upcall = yield_wait_for(driver, 0);
  printf("%s: %u %u\n", name, (unsigned)upcall.a, (unsigned)upcall.b);
}

static void measure_all(void) {
  measure("humidity", DRIVER_HUMIDITY, 1, 0);
  measure("light", DRIVER_AMBIENT_LIGHT, 1, 0);
  measure("sound", DRIVER_SOUND_PRESSURE, 1, 0);
  measure("CO2", DRIVER_AIR_QUALITY, 2, 0);
  measure("TVOC", DRIVER_AIR_QUALITY, 3, 0);
  measure("pressure", DRIVER_PRESSURE, 1, 0);
  measure("distance", DRIVER_DISTANCE, 1, 0);
  measure("moisture", DRIVER_MOISTURE, 1, 0);
  measure("rain of an hour", DRIVER_RAINFALL, 1, 1);
  measure("rain of a day", DRIVER_RAINFALL, 1, 24);
}

int main(void) {
  measure_all();
  sleep_ms(1000);
  measure_all();
  measure("rain of two days", DRIVER_RAINFALL, 1, 48);
  printf("least distance: %u\n", (unsigned)command(DRIVER_DISTANCE, 2, 0, 0).a);
  printf("greatest distance: %u\n", (unsigned)command(DRIVER_DISTANCE, 3, 0, 0).a);
  return 0;
}
