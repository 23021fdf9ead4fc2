// The four-wire bus with a wire from output to input.
#include "tock.h"

enum { SPI = 0x20001 };

static uint8_t sent[1500];
static uint8_t received[1500];

int main(void) {
  printf("exists: %d\n", error_of(command(SPI, 0, 0, 0)));
  printf("rate: %d", error_of(command(SPI, 5, 1000000, 0)));
  printf(" %d\n", (int)command(SPI, 6, 0, 0).a);
  for (uint32_t i = 0; i < sizeof sent; i++)
    sent[i] = i * 7;
  allow_read_only(SPI, 0, sent, sizeof sent);
  allow_read_write(SPI, 0, received, sizeof received);
  printf("too long: %d\n", error_of(command(SPI, 2, sizeof sent + 1, 0)));
  printf("exchange: %d\n", error_of(command(SPI, 2, sizeof sent, 0)));
  printf("during it: %d\n", error_of(command(SPI, 2, 1, 0)));
  printf("bytes: %d\n", (int)yield_wait_for(SPI, 0).a);
  printf("same: %d\n", memcmp(sent, received, sizeof sent) == 0);
  allow_read_only(SPI, 0, NULL, 0);
  allow_read_write(SPI, 0, received, 4);
  command(SPI, 11, 4, 0);
  printf("read: %d", (int)yield_wait_for(SPI, 0).a);
  printf(" 0x%02x\n", received[3]);
  return 0;
}
