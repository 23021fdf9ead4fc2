// A touch panel: one finger by upcall 0, gestures by upcall 1, several fingers in a buffer.
#include "tock.h"

enum {
  DRIVER_TOUCH = 0x90002,
  ACKNOWLEDGE = 10,
  FINGERS = 100,
};

static uint8_t events[24];

static void touched(uint32_t status, uint32_t xy, uint32_t force, void* user) {
  (void)force;
  (void)user;
  printf("touch %u at %u,%u\n", (unsigned)status, (unsigned)(xy >> 16), (unsigned)(xy & 0xffff));
}

static void gesture(uint32_t number, uint32_t b, uint32_t c, void* user) {
  (void)b;
  (void)c;
  printf("gesture %u\n", (unsigned)number);
  *(bool*)user = true;
}

static void several(uint32_t count, uint32_t dropped, uint32_t lost, void* user) {
  (void)user;
  printf("%u events, %u dropped, %u lost:", (unsigned)count, (unsigned)dropped, (unsigned)lost);
  for (uint32_t i = 0; i < count; i++)
    printf(" finger %d status %d", events[8 * i], events[8 * i + 1]);
  printf("\n");
  command(DRIVER_TOUCH, ACKNOWLEDGE, 0, 0);
}

int main(void) {
  bool done = false;
  printf("fingers: %d\n", (int)command(DRIVER_TOUCH, FINGERS, 0, 0).a);
  subscribe(DRIVER_TOUCH, 0, touched, NULL);
  subscribe(DRIVER_TOUCH, 1, gesture, &done);
  subscribe(DRIVER_TOUCH, 2, several, NULL);
  allow_read_write(DRIVER_TOUCH, 2, events, sizeof events);
  while (!done) yield();
  return 0;
}
