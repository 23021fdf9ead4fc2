// The chip as a peripheral: bytes go both ways when a master selects it.
#include "tock.h"

enum {
  DRIVER_SPI_PERIPHERAL = 0x20002,
  EXCHANGE = 1,
  CHIP_SELECT = 2,
  SET_PHASE = 3,
  GET_PHASE = 4,
  SET_POLARITY = 5,
  GET_POLARITY = 6,
};

static uint8_t received[4];

static syscall_return_t peripheral(uint32_t number, uint32_t a) {
  return command(DRIVER_SPI_PERIPHERAL, number, a, 0);
}

int main(void) {
  printf("exists: %d\n", error_of(peripheral(0, 0)));
  printf("chip select: %u\n", (unsigned)peripheral(CHIP_SELECT, 0).a);
  peripheral(SET_PHASE, 1);
  peripheral(SET_POLARITY, 1);
  printf("phase: %u, polarity: %u\n", (unsigned)peripheral(GET_PHASE, 0).a,
         (unsigned)peripheral(GET_POLARITY, 0).a);

  allow_read_only(DRIVER_SPI_PERIPHERAL, 0, "tock", 4);
  allow_read_write(DRIVER_SPI_PERIPHERAL, 0, received, sizeof received);
  printf("no bytes: %d\n", error_of(peripheral(EXCHANGE, 0)));
  printf("too many: %d\n", error_of(peripheral(EXCHANGE, 5)));
  printf("exchange: %d\n", error_of(peripheral(EXCHANGE, 4)));
  printf("another: %d\n", error_of(peripheral(EXCHANGE, 4)));
  printf("done: %u\n", (unsigned)yield_wait_for(DRIVER_SPI_PERIPHERAL, 0).a);
  printf("received: %02x %02x %02x %02x\n", received[0], received[1], received[2], received[3]);
  return 0;
}
