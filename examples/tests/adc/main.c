// Analog to digital conversion: one sample, a buffer, samples without end.
#include "tock.h"

enum {
  DRIVER_ADC = 0x5,
  SINGLE = 1,
  CONTINUOUS = 2,
  BUFFER = 3,
  STOP = 5,
};

static void wait_and_print(void) {
  syscall_return_t upcall = yield_wait_for(DRIVER_ADC, 1);
  printf("mode %u, %x, sample %x\n", (unsigned)upcall.a, (unsigned)upcall.b, (unsigned)upcall.c);
}

int main(void) {
  static uint16_t buffer[8];
  printf("channels: %u\n", (unsigned)command(DRIVER_ADC, 0, 0, 0).a);
  printf("bits: %u\n", (unsigned)command(DRIVER_ADC, 101, 0, 0).a);
  printf("millivolts: %u\n", (unsigned)command(DRIVER_ADC, 102, 0, 0).a);
  printf("channel 6: %d\n", error_of(command(DRIVER_ADC, SINGLE, 6, 0)));
  sleep_ms(100);
  command(DRIVER_ADC, SINGLE, 1, 0);
  wait_and_print();
  printf("no buffer: %d\n", error_of(command(DRIVER_ADC, BUFFER, 1, 1000)));
  allow_read_write(DRIVER_ADC, 0, buffer, sizeof buffer);
  command(DRIVER_ADC, BUFFER, 1, 100);
  wait_and_print();
  for (int i = 0; i < 8; i++) printf("%x ", buffer[i]);
  printf("\n");
  command(DRIVER_ADC, CONTINUOUS, 1, 10);
  for (int i = 0; i < 3; i++) wait_and_print();
  printf("stop: %d\n", error_of(command(DRIVER_ADC, STOP, 0, 0)));
  return 0;
}
