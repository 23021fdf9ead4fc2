// The serial line to an nRF51822 radio chip.
#include "tock.h"

enum { DRIVER_NRF51822 = 0x80004, SEND = 1, RECEIVE = 2, RESET = 3 };

static uint8_t received[16];

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_NRF51822, 0, 0, 0)));
  printf("reset: %d\n", error_of(command(DRIVER_NRF51822, RESET, 0, 0)));
  allow_read_write(DRIVER_NRF51822, 0, received, sizeof received);
  allow_read_only(DRIVER_NRF51822, 0, "hello", 5);
  printf("receive: %d\n", error_of(command(DRIVER_NRF51822, RECEIVE, sizeof received, 0)));
  printf("send: %d\n", error_of(command(DRIVER_NRF51822, SEND, 0, 0)));
  for (int i = 0; i < 2; i++) {
    syscall_return_t upcall = yield_wait_for(DRIVER_NRF51822, 0);
    printf("upcall: %u", (unsigned)upcall.a);
    if (upcall.a == 4)
      printf(", %u bytes, %u copied, %02x %02x", (unsigned)upcall.b, (unsigned)upcall.c, received[0],
             received[1]);
    printf("\n");
  }
  return 0;
}
