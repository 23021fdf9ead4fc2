// A display of seven-segment digits.
#include "tock.h"

enum { DRIVER_SEVEN_SEGMENT = 0x90004, DIGIT = 1, CLEAR = 2, DOT = 3, PATTERN = 4, COUNT = 5 };

static void report(const char* what, uint32_t number, uint32_t a, uint32_t b) {
  printf("%s: %d\n", what, error_of(command(DRIVER_SEVEN_SEGMENT, number, a, b)));
}

int main(void) {
  printf("digits: %d\n", (int)command(DRIVER_SEVEN_SEGMENT, COUNT, 0, 0).a);
  for (uint32_t i = 1; i <= 4; i++) command(DRIVER_SEVEN_SEGMENT, DIGIT, i, i);
  report("dot", DOT, 2, 0);
  report("pattern", PATTERN, 4, 0x40);
  report("fifth digit", DIGIT, 5, 0);
  report("clear", CLEAR, 0, 0);
  return 0;
}
