// GPIO: outputs, pulls, levels from outside, edges, a hole and what is beyond the last pin.
#include "tock.h"

enum {
  DRIVER_GPIO = 0x4,
  OUTPUT = 1,
  SET = 2,
  CLEAR = 3,
  TOGGLE = 4,
  INPUT = 5,
  READ = 6,
  INTERRUPT = 7,
  NO_INTERRUPT = 8,
  COUNT = 10,
  PULL_UP = 1,
  PULL_DOWN = 2,
  EITHER = 0,
  RISING = 1,
};

static unsigned gpio(uint32_t number, uint32_t pin) {
  return command(DRIVER_GPIO, number, pin, 0).a;
}

static void changed(uint32_t pin, uint32_t level, uint32_t c, void* user) {
  (void)c;
  (void)user;
  printf("pin %u is %s\n", (unsigned)pin, level ? "high" : "low");
}

int main(void) {
  printf("exists: %d, pins: %u\n", error_of(command(DRIVER_GPIO, 0, 0, 0)), gpio(COUNT, 0));
  gpio(OUTPUT, 0);
  gpio(SET, 0);
  printf("set: %u", gpio(READ, 0));
  gpio(CLEAR, 0);
  printf(", clear: %u", gpio(READ, 0));
  gpio(TOGGLE, 0);
  printf(", toggle: %u\n", gpio(READ, 0));

  command(DRIVER_GPIO, INPUT, 1, PULL_UP);
  command(DRIVER_GPIO, INPUT, 2, PULL_DOWN);
  printf("pull-up: %u, pull-down: %u\n", gpio(READ, 1), gpio(READ, 2));
  printf("no such pull: %d\n", error_of(command(DRIVER_GPIO, INPUT, 1, 3)));

  subscribe(DRIVER_GPIO, 0, changed, NULL);
  command(DRIVER_GPIO, INTERRUPT, 1, EITHER);
  command(DRIVER_GPIO, INTERRUPT, 2, RISING);
  sleep_ms(400);
  gpio(NO_INTERRUPT, 1);
  sleep_ms(200);
  printf("no such edge: %d\n", error_of(command(DRIVER_GPIO, INTERRUPT, 1, 3)));
  printf("beyond the last: %d\n", error_of(command(DRIVER_GPIO, SET, gpio(COUNT, 0), 0)));
  return 0;
}
