// A service: whoever notifies it gets the text of the shared buffer turned round.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DISCOVER = 1, NOTIFY_CLIENT = 3 };

static const char NAME[] = "ipc_service";

static void turn_round(uint32_t client, uint32_t length, uint32_t address,
                       __attribute__((unused)) void* user) {
  char* text = (char*)address;
  int size   = 0;
  while (size < (int)length && text[size] != 0) size++;
  for (int i = 0; i < size / 2; i++) {
    char c             = text[i];
    text[i]            = text[size - 1 - i];
    text[size - 1 - i] = c;
  }
  command(DRIVER_IPC, NOTIFY_CLIENT, client, 0);
}

int main(void) {
  // A service is known by its place among the processes, for which it asks by its own name.
  allow_read_only(DRIVER_IPC, 0, NAME, sizeof NAME - 1);
  uint32_t self = command(DRIVER_IPC, DISCOVER, 0, 0).a;
  subscribe(DRIVER_IPC, self, turn_round, NULL);
  for (;;) yield();
}
