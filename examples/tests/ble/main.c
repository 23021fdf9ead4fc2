// Bluetooth Low Energy: advertises for a while, then scans what another advertises.
#include "tock.h"

enum { BLE = 0x30000 };

static uint8_t packet[39];

int main(void) {
  printf("power: %d, no such power: %d\n", error_of(command(BLE, 2, 0xfc, 0)),
         error_of(command(BLE, 2, 1, 0)));
  allow_read_only(BLE, 0, "\x02\x01\x06\x05\x09Tock", 9);
  printf("directed: %d\n", error_of(command(BLE, 0, 1, 100)));
  printf("advertise: %d, again: %d\n", error_of(command(BLE, 0, 2, 100)),
         error_of(command(BLE, 0, 2, 100)));
  sleep_ms(500);
  printf("stop: %d, again: %d\n", error_of(command(BLE, 1, 0, 0)),
         error_of(command(BLE, 1, 0, 0)));
  allow_read_write(BLE, 0, packet, sizeof packet);
  printf("scan: %d\n", error_of(command(BLE, 5, 0, 0)));
  syscall_return_t upcall = yield_wait_for(BLE, 0);
  printf("heard: %d, %d bytes, from %02x:%02x\n", (int)upcall.a, (int)upcall.b, packet[7],
         packet[6]);
  return 0;
}
