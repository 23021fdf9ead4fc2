// A USB keyboard, and a USB controller that an app attaches.
#include "tock.h"

enum { KEYBOARD = 0x90005, USB = 0x20005 };

static uint8_t packet[64];

static int report(uint8_t modifiers, uint8_t key) {
  packet[0] = modifiers;
  packet[2] = key;
  error_t error = error_of(command(KEYBOARD, 1, 0, 0));
  return error ? -(int)error : (int)yield_wait_for(KEYBOARD, 0).a;
}

int main(void) {
  printf("keyboard: %d\n", error_of(command(KEYBOARD, 0, 0, 0)));
  allow_read_write(KEYBOARD, 1, packet, sizeof packet);
  printf("press: %d\n", report(2, 0x0b));
  printf("release: %d\n", report(0, 0));
  command(KEYBOARD, 1, 0, 0);
  printf("during a packet: %d\n", error_of(command(KEYBOARD, 1, 0, 0)));
  printf("cancel: %d\n", error_of(command(KEYBOARD, 3, 0, 0)));
  printf("controller: %d\n", error_of(command(USB, 0, 0, 0)));
  printf("attach: %d", error_of(command(USB, 1, 0, 0)));
  printf(" %d\n", (int)yield_wait_for(USB, 0).a);
  return 0;
}
