// IEEE 802.15.4: addresses, neighbours, a frame sent and one received.
#include "tock.h"

enum { RADIO = 0x30001 };

static uint8_t configuration[11];
static uint8_t ring[2 + 2 * 130];

static uint32_t get(uint32_t number) { return command(RADIO, number, 0, 0).a - 1; }

static uint32_t send(const char* text) {
  allow_read_only(RADIO, 0, text, strlen(text));
  allow_read_write(RADIO, 1, configuration, 11);
  error_t error = error_of(command(RADIO, 26, 0x0802, 0));
  return error ? error : yield_wait_for(RADIO, 1).a;
}

int main(void) {
  printf("exists: %d\n", error_of(command(RADIO, 0, 0, 0)));
  printf("network %04x, address %04x\n", (int)get(10), (int)get(8));
  command(RADIO, 2, 0x1540, 0);
  command(RADIO, 7, 0, 0);
  printf("address %04x\n", (int)get(8));
  printf("off: %d\n", (int)send("lost"));
  printf("on: %d %d\n", error_of(command(RADIO, 30, 0, 0)), error_of(command(RADIO, 1, 0, 0)));
  printf("send: %d\n", (int)send("hello"));
  allow_read_write(RADIO, 1, configuration, 8);
  printf("neighbour: %d", (int)command(RADIO, 17, 0x0802, 0).a - 1);
  printf(" of %d\n", (int)get(14));
  printf("channel: %d\n", error_of(command(RADIO, 11, 0, 0)));
  allow_read_write(RADIO, 0, ring, sizeof ring);
  printf("received, quality %d: ", (int)yield_wait_for(RADIO, 0).a);
  uint8_t* frame = ring + 2;
  for (int i = 0; i < frame[1]; i++)
    printf("%c", frame[3 + frame[0] + i]);
  printf("\n");
  return 0;
}
