// A service: whoever notifies it gets the shared buffer filled with random bytes.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DISCOVER = 1, NOTIFY_CLIENT = 3, DRIVER_RNG = 0x40001, GET = 1 };

static const char NAME[] = "ipc_rng";

static void fill(uint32_t client, uint32_t length, uint32_t address,
                 __attribute__((unused)) void* user) {
  // The kernel writes only into a process's own memory, so the bytes come here first.
  static uint8_t bytes[64];
  uint32_t size = length < sizeof bytes ? length : sizeof bytes;
  allow_read_write(DRIVER_RNG, 0, bytes, size);
  if (error_of(command(DRIVER_RNG, GET, size, 0)) != OK) return;
  yield_wait_for(DRIVER_RNG, 0);
  memcpy((void*)address, bytes, size);
  command(DRIVER_IPC, NOTIFY_CLIENT, client, 0);
}

int main(void) {
  allow_read_only(DRIVER_IPC, 0, NAME, sizeof NAME - 1);
  subscribe(DRIVER_IPC, command(DRIVER_IPC, DISCOVER, 0, 0).a, fill, NULL);
  for (;;) yield();
}
