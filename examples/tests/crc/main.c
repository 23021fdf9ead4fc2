// Cyclic redundancy checks: driver 0x40002 computes them over a buffer.
#include "tock.h"

enum { DRIVER_CRC = 0x40002 };

static void check(const char* name, int algorithm, const char* text) {
  allow_read_only(DRIVER_CRC, 0, text, strlen(text));
  error_t error = error_of(command(DRIVER_CRC, 1, algorithm, strlen(text)));
  syscall_return_t done = yield_wait_for(DRIVER_CRC, 0);
  printf("%s: %d %u %08x %u\n", name, error, (unsigned)done.a, (unsigned)done.b, (unsigned)done.c);
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_CRC, 0, 0, 0)));
  check("CRC-32", 0, "123456789");
  check("CRC-32C", 1, "123456789");
  check("CRC-16-CCITT", 2, "123456789");
  check("nothing", 0, "");
  printf("beyond the buffer: %d\n", error_of(command(DRIVER_CRC, 1, 0, 1)));
  printf("unknown algorithm: %d\n", error_of(command(DRIVER_CRC, 1, 3, 0)));
  printf("unknown command: %d\n", error_of(command(DRIVER_CRC, 2, 0, 0)));
  return 0;
}
