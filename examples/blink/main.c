// The LEDs count in binary, four steps a second. Set a breakpoint in show() and watch `count`.
#include "tock.h"

static int leds;

static void show(uint32_t count) {
  for (int led = 0; led < leds; led++) {
    bool on = count >> led & 1;
    led_set(led, on);
  }
}

int main(void) {
  leds = led_count();
  if (leds == 0) {
    printf("This board has no LEDs.\n");
    return NODEVICE;
  }
  for (uint32_t count = 0;; count++) {
    show(count);
    sleep_ms(250);
  }
}
