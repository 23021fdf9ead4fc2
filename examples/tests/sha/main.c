// SHA: driver 0x40005 hashes a buffer with SHA-256.
#include "tock.h"

enum { DRIVER_SHA = 0x40005, ALGORITHM = 1, HASH };

static uint8_t digest[32];

static void hash(const char* text, size_t room) {
  allow_read_only(DRIVER_SHA, 0, text, strlen(text));
  allow_read_write(DRIVER_SHA, 0, digest, room);
  printf("hash: %d\n", error_of(command(DRIVER_SHA, HASH, 0, 0)));
  printf("status %u\n", (unsigned)yield_wait_for(DRIVER_SHA, 0).a);
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_SHA, 0, 0, 0)));
  printf("SHA-256: %d\n", error_of(command(DRIVER_SHA, ALGORITHM, 0, 0)));
  printf("SHA-512: %d\n", error_of(command(DRIVER_SHA, ALGORITHM, 1, 0)));
  hash("abc", 32);
  for (int i = 0; i < 32; i++) printf("%02x", digest[i]);
  printf("\n");
  hash("abc", 31);
  printf("unknown command: %d\n", error_of(command(DRIVER_SHA, 3, 0, 0)));
  return 0;
}
