// A service: shows the first byte of the shared buffer on the LEDs, and says in the second how many there are.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DISCOVER = 1, NOTIFY_CLIENT = 3 };

static const char NAME[] = "ipc_led";

static void show(uint32_t client, uint32_t length, uint32_t address,
                 __attribute__((unused)) void* user) {
  uint8_t* bytes = (uint8_t*)address;
  if (length < 2) return;
  for (int led = 0; led < led_count(); led++) led_set(led, bytes[0] >> led & 1);
  bytes[1] = led_count();
  command(DRIVER_IPC, NOTIFY_CLIENT, client, 0);
}

int main(void) {
  allow_read_only(DRIVER_IPC, 0, NAME, sizeof NAME - 1);
  subscribe(DRIVER_IPC, command(DRIVER_IPC, DISCOVER, 0, 0).a, show, NULL);
  for (;;) yield();
}
