// Analog comparators: which of two voltages is higher, and when that changes.
#include "tock.h"

enum { DRIVER_COMPARATOR = 0x7 };

static void compare(int channel) {
  printf("channel %d: %d\n", channel, (int)command(DRIVER_COMPARATOR, 1, channel, 0).a);
}

int main(void) {
  printf("channels: %d\n", (int)command(DRIVER_COMPARATOR, 4, 0, 0).a);
  compare(1);
  command(DRIVER_COMPARATOR, 2, 1, 0);
  printf("above on %d\n", (int)yield_wait_for(DRIVER_COMPARATOR, 0).a);
  compare(0);
  compare(1);
  printf("channel 2: error %d\n", error_of(command(DRIVER_COMPARATOR, 2, 2, 0)));
  return 0;
}
