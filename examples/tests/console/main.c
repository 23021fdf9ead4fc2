// The console: a long write, a read that comes in pieces, one that ends early, and what it refuses.
#include "tock.h"

enum { WRITE = 1, READ = 2, ABORT = 3 };

static char input[80];

static void read(size_t length) {
  error_t error = error_of(command(DRIVER_CONSOLE, READ, length, 0));
  if (error != OK) {
    printf("read: %d\n", error);
    return;
  }
  syscall_return_t upcall = yield_wait_for(DRIVER_CONSOLE, READ);
  printf("read: %d, %u bytes: ", (int)upcall.a, (unsigned)upcall.b);
  console_write(input, upcall.b);
  console_write("\n", 1);
}

int main(void) {
  static char line[300];
  for (size_t i = 0; i < sizeof line; i++) line[i] = "0123456789"[i % 10];
  line[sizeof line - 1] = '\n';
  printf("exists: %d\n", error_of(command(DRIVER_CONSOLE, 0, 0, 0)));
  console_write(line, sizeof line);

  allow_read_only(DRIVER_CONSOLE, 1, "four and more\n", 14);
  command(DRIVER_CONSOLE, WRITE, 4, 0);
  printf("\nwritten: %u\n", (unsigned)yield_wait_for(DRIVER_CONSOLE, WRITE).a);

  allow_read_write(DRIVER_CONSOLE, 1, input, sizeof input);
  read(4);
  read(65);
  command(DRIVER_CONSOLE, READ, 8, 0);
  printf("second read: %d\n", error_of(command(DRIVER_CONSOLE, READ, 8, 0)));
  sleep_ms(1500);
  printf("abort: %d\n", error_of(command(DRIVER_CONSOLE, ABORT, 0, 0)));
  syscall_return_t upcall = yield_wait_for(DRIVER_CONSOLE, READ);
  printf("aborted read: %d, %u bytes\n", (int)upcall.a, (unsigned)upcall.b);
  printf("unknown command: %d\n", error_of(command(DRIVER_CONSOLE, 4, 0, 0)));
  return 0;
}
