// Proximity: a reading now, and one when something comes near.
#include "tock.h"

enum { DRIVER_PROXIMITY = 0x60005 };

int main(void) {
  command(DRIVER_PROXIMITY, 1, 0, 0);
  printf("now: %d\n", (int)yield_wait_for(DRIVER_PROXIMITY, 0).a);
  printf("wait: %d\n", error_of(command(DRIVER_PROXIMITY, 2, 0, 200)));
  printf("a second request: %d\n", error_of(command(DRIVER_PROXIMITY, 1, 0, 0)));
  printf("near: %d\n", (int)yield_wait_for(DRIVER_PROXIMITY, 0).a);
  return 0;
}
