// A lock of four buttons: whoever presses 2, 0, 3, 1 has it open. It tells nobody which button was pressed.
#include "tock.h"

static const uint8_t code[] = { 2, 0, 3, 1 };
enum { LENGTH = sizeof code };

static uint8_t pressed[LENGTH];
static int count;

static void on_button(uint32_t button, uint32_t down, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  if (!down) return;
  pressed[count++] = (uint8_t)button;
  if (count < LENGTH) return;
  bool right = memcmp(pressed, code, LENGTH) == 0;
  count      = 0;
  memset(pressed, 0, sizeof pressed);
  led_set(0, right);
  printf("code_lock: %s\n", right ? "open" : "wrong code");
}

int main(void) {
  if (button_count() < LENGTH) {
    printf("code_lock: this board has fewer than four buttons.\n");
    return NODEVICE;
  }
  button_listen(on_button, NULL);
  printf("code_lock: enter the code\n");
  for (;;) yield();
}
