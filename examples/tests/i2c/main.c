// Both drivers of the two-wire bus: registers at 0x20, memory at 0x50, nobody at 0x21, and another master.
#include "tock.h"

enum { I2C_MASTER = 0x20003, I2C_MASTER_SLAVE = 0x20006 };

static uint8_t buffer[16];
static uint8_t written[16];
static uint8_t answer[] = "tock";

static uint32_t status(uint32_t number, uint32_t a, uint32_t b) {
  error_t error = error_of(command(I2C_MASTER, number, a, b));
  return error ? error : yield_wait_for(I2C_MASTER, 0).a;
}

static void master(void) {
  printf("exists: %d\n", error_of(command(I2C_MASTER, 0, 0, 0)));
  allow_read_write(I2C_MASTER, 1, buffer, sizeof buffer);
  buffer[0] = 0x0f;
  printf("who: %d", (int)status(3, 0x20 | 1 << 8, 1));
  printf(" 0x%02x\n", buffer[0]);
  memcpy(buffer, "\x01\x00hello", 7);
  printf("store: %d\n", (int)status(1, 0x50, 7));
  memcpy(buffer, "\x01\x00", 2);
  printf("load: %d", (int)status(3, 0x50 | 2 << 8, 5));
  printf(" %c%c%c%c%c\n", buffer[0], buffer[1], buffer[2], buffer[3], buffer[4]);
  printf("nobody: %d\n", (int)status(2, 0x21, 1));
}

static void wait_for(const char* what) {
  syscall_return_t upcall = yield_wait_for(I2C_MASTER_SLAVE, 0);
  printf("%s: %d %d\n", what, (int)upcall.a, (int)upcall.b);
}

static void master_slave(void) {
  printf("exists: %d\n", error_of(command(I2C_MASTER_SLAVE, 0, 0, 0)));
  allow_read_only(I2C_MASTER_SLAVE, 0, "\x00\x2a", 2);
  allow_read_write(I2C_MASTER_SLAVE, 1, buffer, sizeof buffer);
  allow_read_only(I2C_MASTER_SLAVE, 2, answer, sizeof answer);
  allow_read_write(I2C_MASTER_SLAVE, 3, written, sizeof written);
  command(I2C_MASTER_SLAVE, 1, 0x20 | 2 << 16, 0);
  wait_for("write");
  command(I2C_MASTER_SLAVE, 7, 0x20 | 1 << 8 | 1 << 16, 0);
  wait_for("write and read");
  printf("register 0: 0x%02x\n", buffer[0]);
  command(I2C_MASTER_SLAVE, 2, 0x21 | 1 << 16, 0);
  wait_for("nobody");
  command(I2C_MASTER_SLAVE, 6, 0x41, 0);
  command(I2C_MASTER_SLAVE, 3, 0, 0);
  wait_for("another master wrote");
  printf("text: %s\n", (char*)written);
  wait_for("another master reads");
  command(I2C_MASTER_SLAVE, 4, 4, 0);
  wait_for("another master has read");
}

int main(void) {
  master();
  master_slave();
  return 0;
}
