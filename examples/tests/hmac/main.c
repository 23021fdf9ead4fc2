// HMAC: driver 0x40003 makes message authentication codes with SHA-256.
#include "tock.h"

enum { DRIVER_HMAC = 0x40003, ALGORITHM = 0, RUN, UPDATE, FINISH };

static uint8_t code[32];

static void show(void) {
  for (int i = 0; i < 32; i++) printf("%02x", code[i]);
  printf("\n");
}

int main(void) {
  const char* key = "Jefe";
  const char* data = "what do ya want for nothing?";
  allow_read_only(DRIVER_HMAC, 0, key, strlen(key));
  allow_read_only(DRIVER_HMAC, 1, data, strlen(data));
  allow_read_write(DRIVER_HMAC, 2, code, sizeof code);
  printf("no algorithm: %d\n", error_of(command(DRIVER_HMAC, RUN, 0, 0)));
  printf("SHA-512: %d\n", error_of(command(DRIVER_HMAC, ALGORITHM, 2, 0)));
  printf("run: %d\n", error_of(command(DRIVER_HMAC, RUN, 0, 0)));
  printf("SHA-256: %d\n", error_of(command(DRIVER_HMAC, ALGORITHM, 0, 0)));
  printf("run: %d\n", error_of(command(DRIVER_HMAC, RUN, 0, 0)));
  syscall_return_t done = yield_wait_for(DRIVER_HMAC, 0);
  printf("status %u, first byte %02x\n", (unsigned)done.a, (unsigned)done.b);
  show();
  memset(code, 0, sizeof code);
  printf("finish too early: %d\n", error_of(command(DRIVER_HMAC, FINISH, 0, 0)));
  printf("update: %d\n", error_of(command(DRIVER_HMAC, UPDATE, 0, 0)));
  printf("status %u\n", (unsigned)yield_wait_for(DRIVER_HMAC, 0).a);
  printf("finish: %d\n", error_of(command(DRIVER_HMAC, FINISH, 0, 0)));
  yield_wait_for(DRIVER_HMAC, 0);
  show();
  printf("unknown command: %d\n", error_of(command(DRIVER_HMAC, 6, 0, 0)));
  return 0;
}
