// The smallest app: it prints a line and ends.
#include "tock.h"

int main(void) {
  printf("Hello, Tock!\n");
  return 0;
}
