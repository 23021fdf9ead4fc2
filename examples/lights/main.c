// Each button lights the LED of its number for as long as it is held. Set a breakpoint in on_button() and press one.
#include "tock.h"

static int leds;

static void on_button(uint32_t button, uint32_t pressed, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  if ((int)button < leds) led_set((int)button, pressed != 0);
}

int main(void) {
  leds = led_count();
  if (leds == 0 || button_count() == 0) {
    printf("This board has no LEDs or no buttons.\n");
    return NODEVICE;
  }
  button_listen(on_button, NULL);
  printf("Press a button.\n");
  for (;;) yield();
}
