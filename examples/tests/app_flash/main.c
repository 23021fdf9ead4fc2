// App flash: driver 0x50000 writes into the app's own flash.
#include "tock.h"

enum { DRIVER_APP_FLASH = 0x50000, MEMOP_FLASH_START = 4, MEMOP_FLASH_END = 5 };

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_APP_FLASH, 0, 0, 0)));
  uint32_t start = memop(MEMOP_FLASH_START, 0).a;
  uint32_t end = memop(MEMOP_FLASH_END, 0).a;
  const char* note = (const char*)(end - 32);
  allow_read_only(DRIVER_APP_FLASH, 0, "remember", 9);
  printf("over the header: %d\n", error_of(command(DRIVER_APP_FLASH, 1, start, 0)));
  printf("over the end: %d\n", error_of(command(DRIVER_APP_FLASH, 1, end - 9, 0)));
  printf("write: %d\n", error_of(command(DRIVER_APP_FLASH, 1, (uint32_t)note, 0)));
  yield_wait_for(DRIVER_APP_FLASH, 0);
  printf("%s\n", note);
  printf("unknown command: %d\n", error_of(command(DRIVER_APP_FLASH, 2, 0, 0)));
  return 0;
}
