// What a board puts out: a tone, pulses, an angle, a voltage; and the number that tells boards apart.
#include "tock.h"

enum {
  DRIVER_DAC = 0x6,
  DRIVER_PWM = 0x10,
  DRIVER_EUI64 = 0x30006,
  DRIVER_BUZZER = 0x90000,
  DRIVER_SERVO = 0x90009,
};

static void report(const char* what, syscall_return_t result) {
  printf("%s: %d\n", what, error_of(result));
}

int main(void) {
  report("stop silence", command(DRIVER_BUZZER, 3, 0, 0));
  report("buzz", command(DRIVER_BUZZER, 1, 440, 50));
  printf("buzzed: %d\n", (int)yield_wait_for(DRIVER_BUZZER, 0).a);

  printf("pins: %u\n", (unsigned)command(DRIVER_PWM, 4, 0, 0).a);
  report("start pulses", command(DRIVER_PWM, 1, 2500 << 16 | 1, 1000));
  report("stop pulses", command(DRIVER_PWM, 2, 1, 0));
  report("stop them again", command(DRIVER_PWM, 2, 1, 0));

  printf("servos: %u\n", (unsigned)command(DRIVER_SERVO, 1, 0, 0).a);
  report("turn", command(DRIVER_SERVO, 2, 1, 90));
  report("turn too far", command(DRIVER_SERVO, 2, 1, 181));
  report("angle", command(DRIVER_SERVO, 3, 1, 0));

  report("DAC", command(DRIVER_DAC, 2, 512, 0));

  syscall_return_t eui64 = command(DRIVER_EUI64, 1, 0, 0);
  printf("EUI-64: %x %x\n", (unsigned)eui64.a, (unsigned)eui64.b);
  return 0;
}
