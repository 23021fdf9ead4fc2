// A display of two lines of text.
#include "tock.h"

enum { TEXT_SCREEN = 0x90003 };

static syscall_return_t run(uint32_t number, uint32_t a, uint32_t b) {
  error_t error = error_of(command(TEXT_SCREEN, number, a, b));
  return error ? (syscall_return_t){.a = error} : yield_wait_for(TEXT_SCREEN, 0);
}

int main(void) {
  printf("exists: %d\n", error_of(command(TEXT_SCREEN, 0, 0, 0)));
  printf("on: %d\n", (int)run(2, 0, 0).a);
  allow_read_only(TEXT_SCREEN, 0, "hello", 5);
  syscall_return_t written = run(8, 5, 0);
  printf("write: %d %d\n", (int)written.a, (int)written.b);
  printf("cursor: %d, seen: %d\n", (int)run(11, 3, 1).a, (int)run(6, 0, 0).a);
  printf("nothing: %d\n", (int)run(8, 0, 0).a);
  printf("clear: %d\n", (int)run(9, 0, 0).a);
  syscall_return_t size = run(1, 0, 0);
  printf("size: %d x %d\n", (int)size.b, (int)size.c);
  return 0;
}
