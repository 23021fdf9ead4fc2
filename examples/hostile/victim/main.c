// The neighbour of `hostile`: it keeps a secret, has grants in use, and sleeps. Button 0 makes it look after its secret.
#include "tock.h"

enum { DRIVER_IPC = 0x10000 };

static uint32_t secret[128];

static uint32_t word(uint32_t i) {
  return 0x5ec4e700 + i;
}

static void look(__attribute__((unused)) uint32_t button, uint32_t down, __attribute__((unused)) uint32_t c,
                 __attribute__((unused)) void* user) {
  if (!down) return;
  for (uint32_t i = 0; i < 128; i++) {
    if (secret[i] == word(i)) continue;
    printf("victim: word %u of the secret is %x\n", (unsigned)i, (unsigned)secret[i]);
    return;
  }
  printf("victim: the secret is whole\n");
}

static void never(__attribute__((unused)) uint32_t now, __attribute__((unused)) uint32_t due,
                  __attribute__((unused)) uint32_t c, __attribute__((unused)) void* user) {
}

int main(void) {
  for (uint32_t i = 0; i < 128; i++) secret[i] = word(i);
  allow_read_only(DRIVER_IPC, 0, secret, sizeof secret);
  allow_read_write(DRIVER_CONSOLE, 1, secret, sizeof secret);
  alarm_after(1000 * 1000, never, NULL);
  button_listen(look, NULL);
  printf("victim: ready\n");
  for (;;) yield();
}
