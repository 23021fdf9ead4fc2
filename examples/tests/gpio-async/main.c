// Pins of a port expander: every operation ends with an upcall.
#include "tock.h"

enum {
  DRIVER_GPIO_ASYNC = 0x80003,
  OUTPUT = 1,
  SET = 2,
  INPUT = 5,
  READ = 6,
  INTERRUPT = 7,
  PORTS = 10,
};

// Operates a pin of port 0 and gives what was read.
static int operate(uint32_t operation, uint32_t pin, uint32_t argument) {
  error_t error = error_of(command(DRIVER_GPIO_ASYNC, operation, pin, argument << 16));
  if (error != OK) return -(int)error;
  return (int)yield_wait_for(DRIVER_GPIO_ASYNC, 0).b;
}

int main(void) {
  printf("ports: %d\n", (int)command(DRIVER_GPIO_ASYNC, PORTS, 0, 0).a);
  printf("output: %d\n", operate(OUTPUT, 0, 0));
  printf("set: %d\n", operate(SET, 0, 0));
  printf("read: %d\n", operate(READ, 0, 0));
  printf("input with pull-up: %d\n", operate(INPUT, 1, 1));
  printf("read: %d\n", operate(READ, 1, 0));
  printf("falling edge: %d\n", operate(INTERRUPT, 1, 2));
  syscall_return_t upcall = yield_wait_for(DRIVER_GPIO_ASYNC, 1);
  printf("interrupt: port %d pin %d\n", (int)upcall.a, (int)upcall.b);
  printf("read: %d\n", operate(READ, 1, 0));
  printf("pin 8: %d\n", operate(READ, 8, 0));
  return 0;
}
