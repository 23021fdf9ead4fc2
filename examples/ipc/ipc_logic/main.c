// A client of two services: asks ipc_rng for a random byte and has ipc_led show it.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DISCOVER = 1, NOTIFY_SERVICE = 2 };

// The memory protection unit can share what is a power of two long, and aligned to it.
static uint8_t random[64] __attribute__((aligned(64)));
static uint8_t leds[64] __attribute__((aligned(64)));

static volatile bool answered;

static void answer(__attribute__((unused)) uint32_t service, __attribute__((unused)) uint32_t length,
                   __attribute__((unused)) uint32_t address, __attribute__((unused)) void* user) {
  answered = true;
}

static uint32_t connect(const char* name, uint8_t* buffer) {
  allow_read_only(DRIVER_IPC, 0, name, strlen(name));
  syscall_return_t found = command(DRIVER_IPC, DISCOVER, 0, 0);
  if (found.variant != TOCK_SUCCESS_U32) {
    printf("There is no %s: %d\n", name, error_of(found));
    exit(1);
  }
  subscribe(DRIVER_IPC, found.a, answer, NULL);
  allow_read_write(DRIVER_IPC, found.a, buffer, 64);
  return found.a;
}

static void ask(uint32_t service) {
  answered = false;
  command(DRIVER_IPC, NOTIFY_SERVICE, service, 0);
  while (!answered) yield();
}

int main(void) {
  uint32_t rng = connect("ipc_rng", random);
  uint32_t led = connect("ipc_led", leds);
  sleep_ms(10); // until the services listen, whatever their places
  for (int i = 0; i < 3; i++) {
    ask(rng);
    leds[0] = random[0];
    ask(led);
    printf("0x%02x on %u LEDs\n", leds[0], leds[1]);
    sleep_ms(100);
  }
  return 0;
}
