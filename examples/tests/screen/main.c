// A screen that can be set up: what it has, its settings, and pixels in several formats.
#include "tock.h"

enum { SCREEN = 0x90001 };

static uint8_t pixels[2048];

static uint32_t status(uint32_t number, uint32_t a, uint32_t b) {
  error_t error = error_of(command(SCREEN, number, a, b));
  return error ? error : yield_wait_for(SCREEN, 0).a;
}

static uint32_t frame(uint32_t x, uint32_t y, uint32_t width, uint32_t height) {
  return status(100, x << 16 | y, width << 16 | height);
}

int main(void) {
  printf("exists: %d\n", error_of(command(SCREEN, 0, 0, 0)));
  printf("setup: %d\n", (int)command(SCREEN, 1, 0, 0).a);
  syscall_return_t size = command(SCREEN, 23, 0, 0);
  printf("size: %d x %d, format %d\n", (int)size.a, (int)size.b, (int)command(SCREEN, 25, 0, 0).a);
  printf("on: %d, bright: %d\n", (int)status(2, 1, 0), (int)status(3, 65535, 0));
  memset(pixels, 0xaa, sizeof pixels);
  allow_read_only(SCREEN, 0, pixels, sizeof pixels);
  printf("frame: %d, write: %d\n", (int)frame(0, 0, 128, 64), (int)status(200, 1024, 0));
  printf("beyond: %d\n", (int)frame(100, 0, 29, 8));
  printf("sizes: %d", (int)command(SCREEN, 11, 0, 0).a);
  size = command(SCREEN, 12, 2, 0);
  printf(", the third %d x %d\n", (int)size.a, (int)size.b);
  printf("set: %d, RGB 565: %d\n", (int)status(24, size.a, size.b), (int)status(26, 2, 0));
  printf("turn: %d\n", (int)status(22, 1, 0));
  printf("frame: %d, fill: %d\n", (int)frame(10, 10, 100, 100), (int)status(300, 0, 0));
  printf("half a pixel: %d\n", (int)status(200, 3, 0));
  printf("no such format: %d\n", (int)status(26, 7, 0));
  return 0;
}
