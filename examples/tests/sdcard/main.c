// SD card: driver 0x50002 reads and writes blocks of 512 bytes.
#include "tock.h"

enum { DRIVER_SDCARD = 0x50002, INSTALLED = 1, INITIALIZE, READ, WRITE };

static uint8_t block[512];

static void wait(void) {
  syscall_return_t event = yield_wait_for(DRIVER_SDCARD, 0);
  printf("event %d %d %d\n", (int)event.a, (int)event.b, (int)event.c);
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_SDCARD, 0, 0, 0)));
  printf("installed: %u\n", (unsigned)command(DRIVER_SDCARD, INSTALLED, 0, 0).a);
  printf("initialize: %d\n", error_of(command(DRIVER_SDCARD, INITIALIZE, 0, 0)));
  wait();
  for (int i = 0; i < 512; i++) block[i] = i;
  allow_read_only(DRIVER_SDCARD, 0, block, sizeof block);
  printf("write: %d\n", error_of(command(DRIVER_SDCARD, WRITE, 5, 0)));
  printf("busy: %d\n", error_of(command(DRIVER_SDCARD, READ, 5, 0)));
  wait();
  memset(block, 0, sizeof block);
  allow_read_write(DRIVER_SDCARD, 0, block, sizeof block);
  printf("read: %d\n", error_of(command(DRIVER_SDCARD, READ, 5, 0)));
  wait();
  printf("%d %d %d\n", block[1], block[255], block[258]);
  // The user takes the card out.
  wait();
  printf("installed: %u\n", (unsigned)command(DRIVER_SDCARD, INSTALLED, 0, 0).a);
  printf("initialize: %d\n", error_of(command(DRIVER_SDCARD, INITIALIZE, 0, 0)));
  // And puts it back.
  wait();
  printf("not initialized: %d\n", error_of(command(DRIVER_SDCARD, READ, 5, 0)));
  printf("unknown command: %d\n", error_of(command(DRIVER_SDCARD, 5, 0, 0)));
  return 0;
}
