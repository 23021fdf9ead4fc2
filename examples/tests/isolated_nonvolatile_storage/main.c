// Isolated nonvolatile storage: driver 0x50004 gives each app bytes of its own.
#include "tock.h"

enum { DRIVER_ISOLATED = 0x50004, SIZE_OF = 1, READ, WRITE };

static char buffer[16];

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_ISOLATED, 0, 0, 0)));
  printf("size: %d\n", error_of(command(DRIVER_ISOLATED, SIZE_OF, 0, 0)));
  printf("busy: %d\n", error_of(command(DRIVER_ISOLATED, READ, 0, 0)));
  syscall_return_t size = yield_wait_for(DRIVER_ISOLATED, 0);
  printf("status %u, %u bytes\n", (unsigned)size.a, (unsigned)size.b);
  command(DRIVER_ISOLATED, WRITE, 0, 0);
  printf("no buffer: %u\n", (unsigned)yield_wait_for(DRIVER_ISOLATED, 2).a);
  allow_read_write(DRIVER_ISOLATED, 0, buffer, sizeof buffer);
  command(DRIVER_ISOLATED, READ, 100, 0);
  yield_wait_for(DRIVER_ISOLATED, 1);
  printf("at first: %02x %02x\n", (uint8_t)buffer[0], (uint8_t)buffer[15]);
  allow_read_only(DRIVER_ISOLATED, 0, "mine alone", 11);
  command(DRIVER_ISOLATED, WRITE, 100, 0);
  syscall_return_t written = yield_wait_for(DRIVER_ISOLATED, 2);
  printf("status %u, %u bytes\n", (unsigned)written.a, (unsigned)written.b);
  command(DRIVER_ISOLATED, READ, 100, 0);
  yield_wait_for(DRIVER_ISOLATED, 1);
  printf("%s\n", buffer);
  command(DRIVER_ISOLATED, READ, size.b - 15, 0);
  printf("beyond the end: %u\n", (unsigned)yield_wait_for(DRIVER_ISOLATED, 1).a);
  printf("unknown command: %d\n", error_of(command(DRIVER_ISOLATED, 4, 0, 0)));
  return 0;
}
