// Date and time: read, set, and read again as time goes by.
#include "tock.h"

enum { DRIVER_DATE_TIME = 0x90007 };

static void print_date(void) {
  command(DRIVER_DATE_TIME, 1, 0, 0);
  syscall_return_t upcall = yield_wait_for(DRIVER_DATE_TIME, 0);
  uint32_t date = upcall.b;
  uint32_t time = upcall.c;
  printf("%04u-%02u-%02u day %u %02u:%02u:%02u\n", (unsigned)(date >> 9), (unsigned)(date >> 5 & 15),
         (unsigned)(date & 31), (unsigned)(time >> 17), (unsigned)(time >> 12 & 31),
         (unsigned)(time >> 6 & 63), (unsigned)(time & 63));
}

int main(void) {
  print_date();
  // 28 February 2028, a Monday, at 23:59:58.
  uint32_t date = 2028 << 9 | 2 << 5 | 28;
  uint32_t time = 1 << 17 | 23 << 12 | 59 << 6 | 58;
  printf("set: %d\n", error_of(command(DRIVER_DATE_TIME, 2, date, time)));
  printf("done: %d\n", (int)yield_wait_for(DRIVER_DATE_TIME, 0).a);
  print_date();
  sleep_ms(2500);
  print_date();
  sleep_ms(1000);
  print_date();
  printf("no month: %d\n", error_of(command(DRIVER_DATE_TIME, 2, 2028 << 9 | 1, 0)));
  return 0;
}
