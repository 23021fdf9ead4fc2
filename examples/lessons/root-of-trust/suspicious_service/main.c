// Wants what encryption_service has. Button 0: dump own memory. Button 1: dump the memory at `victim`.
// Button 2: ask the encryption oracle to fault every app, which a capsule could do if its board had given it the right.
#include "tock.h"

enum { MEMORY_STARTS_AT = 2, DRIVER_ORACLE = 0x99999, FAULT_ALL_APPS = 2, WORDS = 8 };

// Where encryption_service has its data: "> process encryption_service", the Memory Map and the kernel's lines
// "Loading: …" tell. It can be changed in the debugger.
static const uint32_t* volatile victim = (const uint32_t*)0x20009838;

static void dump_memory(const char* label, const uint32_t* start, int words) {
  for (int i = 0; i < words; i++) printf("[%s] %p: %08x\n", label, (const void*)&start[i], (unsigned)start[i]);
}

static void on_button(uint32_t button, uint32_t down, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  if (!down) return;
  switch (button) {
    case 0:
      dump_memory("SELF", (const uint32_t*)memop(MEMORY_STARTS_AT, 0).a, WORDS);
      break;
    case 1:
      printf("suspicious_service: reading %p\n", (const void*)victim);
      dump_memory("ENCRYPTION", victim, WORDS);
      break;
    case 2:
      printf("suspicious_service: fault all apps: error %d\n",
             error_of(command(DRIVER_ORACLE, FAULT_ALL_APPS, 0, 0)));
      break;
  }
}

int main(void) {
  button_listen(on_button, NULL);
  printf("suspicious_service: button 0, 1 or 2\n");
  for (;;) yield();
}
