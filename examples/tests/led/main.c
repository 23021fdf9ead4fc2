// LEDs: on, off, toggle, read back, and one too many.
#include "tock.h"

enum { LIT = 1, DARK = 2, TOGGLE = 3, READ = 4 };

static void show(const char* what) {
  printf("%s:", what);
  for (int led = 0; led < led_count(); led++)
    printf(" %u", (unsigned)command(DRIVER_LED, READ, led, 0).a);
  printf("\n");
}

int main(void) {
  printf("count: %d\n", led_count());
  show("at boot");
  command(DRIVER_LED, LIT, 0, 0);
  command(DRIVER_LED, TOGGLE, 2, 0);
  show("on and toggled");
  command(DRIVER_LED, DARK, 0, 0);
  command(DRIVER_LED, TOGGLE, 2, 0);
  command(DRIVER_LED, TOGGLE, 3, 0);
  show("off and toggled");
  printf("beyond the last: %d\n", error_of(command(DRIVER_LED, LIT, led_count(), 0)));
  printf("unknown command: %d\n", error_of(command(DRIVER_LED, 5, 0, 0)));
  return 0;
}
