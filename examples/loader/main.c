// Installs an app while the board runs: `greeter`, whose TBF it carries in its own flash, through driver 0x10001.
#include "tock.h"

enum {
  DRIVER_APP_LOADER = 0x10001,
  EXISTS = 0,
  SETUP = 1,
  WRITE = 2,
  FINALIZE = 3,
  LOAD = 4,
  UNLOAD = 6,
  CHUNK = 512,
  // In its header, and the CRC-32 of its name: what boards make ShortIds of.
  GREETER_SHORT_ID = 0xccec0a66,
};

__asm__(".section .rodata.greeter, \"a\"\n"
        ".balign 4\n"
        ".global greeter, greeter_end\n"
        "greeter: .incbin \"examples/loader/greeter/build/cortex-m4/cortex-m4.tbf\"\n"
        "greeter_end:\n"
        ".previous\n");
extern const uint8_t greeter[], greeter_end[];

// A command and its upcall, which has the number below the command's.
static bool step(const char* name, uint32_t number, uint32_t a, uint32_t b) {
  error_t error = error_of(command(DRIVER_APP_LOADER, number, a, b));
  if (error == OK) error = yield_wait_for(DRIVER_APP_LOADER, number - 1).a;
  if (error != OK) printf("loader: %s failed: %d\n", name, error);
  return error == OK;
}

static bool write(uint32_t offset, uint32_t size) {
  allow_read_only(DRIVER_APP_LOADER, 0, greeter + offset, CHUNK);
  return step("write", WRITE, offset, size);
}

// The header last: until then there is only padding in its place, so that nobody runs half an app should power fail.
static bool install(uint32_t size) {
  if (!step("setup", SETUP, size, 0)) return false;
  for (uint32_t offset = CHUNK; offset < size; offset += CHUNK) {
    if (!write(offset, CHUNK)) return false;
  }
  return write(0, CHUNK) && step("finalize", FINALIZE, 0, 0) && step("load", LOAD, 0, 0);
}

int main(void) {
  error_t exists = error_of(command(DRIVER_APP_LOADER, EXISTS, 0, 0));
  if (exists != OK) {
    printf("loader: this app may not install apps: %d\n", exists);
    return 1;
  }
  uint32_t size = greeter_end - greeter;
  printf("loader: installing greeter, %d bytes\n", (int)size);
  if (!install(size)) return 1;
  printf("loader: greeter runs\n");
  sleep_ms(2500);
  if (!step("unload", UNLOAD, GREETER_SHORT_ID, 0)) return 1;
  printf("loader: greeter is unloaded; it starts again when the board does\n");
  return 0;
}
