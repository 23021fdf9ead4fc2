// Random bytes: as many as asked for, no more than the buffer holds, and not twice the same.
#include "tock.h"

enum { DRIVER_RNG = 0x40001, GET = 1 };

static uint8_t bytes[16];

static uint32_t get(uint32_t length) {
  memset(bytes, 0, sizeof bytes);
  error_t error = error_of(command(DRIVER_RNG, GET, length, 0));
  if (error != OK) printf("get: %d\n", error);
  return yield_wait_for(DRIVER_RNG, 0).b;
}

int main(void) {
  uint8_t first[sizeof bytes];
  printf("exists: %d\n", error_of(command(DRIVER_RNG, 0, 0, 0)));
  allow_read_write(DRIVER_RNG, 0, bytes, sizeof bytes);
  printf("16: %u\n", (unsigned)get(16));
  memcpy(first, bytes, sizeof first);
  printf("100: %u\n", (unsigned)get(100));
  printf("%s\n", memcmp(first, bytes, sizeof first) ? "other bytes" : "the same bytes");
  printf("3: %u\n", (unsigned)get(3));
  printf("then nothing: %d\n", memcmp(bytes + 3, "\0\0\0\0\0\0\0\0\0\0\0\0", 13));
  printf("unknown command: %d\n", error_of(command(DRIVER_RNG, 2, 0, 0)));
  return 0;
}
