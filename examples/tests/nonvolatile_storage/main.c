// Nonvolatile storage: driver 0x50001 reads and writes bytes that all apps share.
#include "tock.h"

enum { DRIVER_NONVOLATILE = 0x50001, SIZE_OF = 1, READ, WRITE };

static char buffer[32];

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_NONVOLATILE, 0, 0, 0)));
  uint32_t size = command(DRIVER_NONVOLATILE, SIZE_OF, 0, 0).a;
  printf("size: %u\n", (unsigned)size);
  printf("no buffer: %d\n", error_of(command(DRIVER_NONVOLATILE, READ, 0, 4)));
  const char text[] = "over the edge of a page";
  allow_read_only(DRIVER_NONVOLATILE, 0, text, sizeof text);
  printf("write: %d\n", error_of(command(DRIVER_NONVOLATILE, WRITE, 4090, sizeof text)));
  printf("while it writes: %d\n", error_of(command(DRIVER_NONVOLATILE, WRITE, 0, 1)));
  printf("written: %u\n", (unsigned)yield_wait_for(DRIVER_NONVOLATILE, 1).a);
  allow_read_write(DRIVER_NONVOLATILE, 0, buffer, sizeof buffer);
  printf("read: %d\n", error_of(command(DRIVER_NONVOLATILE, READ, 4090, 100)));
  printf("came: %u\n", (unsigned)yield_wait_for(DRIVER_NONVOLATILE, 0).a);
  printf("%s\n", buffer);
  printf("beyond the end: %d\n", error_of(command(DRIVER_NONVOLATILE, READ, size - 1, 2)));
  printf("unknown command: %d\n", error_of(command(DRIVER_NONVOLATILE, 4, 0, 0)));
  return 0;
}
