// Process info: who runs, under which name, and in which state.
#include "tock.h"

enum {
  DRIVER_PROCESS_INFO = 0x10002,
  COUNT = 1,
  IDS = 2,
  SHORT_IDS = 3,
  NAME = 4,
  STATS = 5,
  ACTION = 6,
  RESUME = 1,
};

static struct {
  uint32_t words[8];
} buffer;

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_PROCESS_INFO, 0, 0, 0)));
  printf("count: %u\n", (unsigned)command(DRIVER_PROCESS_INFO, COUNT, 0, 0).a);
  allow_read_write(DRIVER_PROCESS_INFO, 0, &buffer, sizeof buffer);
  printf("ids: %u", (unsigned)command(DRIVER_PROCESS_INFO, IDS, 0, 0).a);
  uint32_t pid = buffer.words[0];
  printf(", the first is %u\n", (unsigned)pid);
  buffer.words[0] = 1;
  printf("short ids: %u", (unsigned)command(DRIVER_PROCESS_INFO, SHORT_IDS, 0, 0).a);
  printf(", the first is %u\n", (unsigned)buffer.words[0]);

  memset(&buffer, 0, sizeof buffer);
  printf("name: %u bytes", (unsigned)command(DRIVER_PROCESS_INFO, NAME, pid, 0).a);
  printf(", %s\n", (char*)&buffer);
  printf("statistics: %d", error_of(command(DRIVER_PROCESS_INFO, STATS, pid, 0)));
  printf(", %u expirations, %u restarts, %s\n", (unsigned)buffer.words[0], (unsigned)buffer.words[2],
         buffer.words[1] > 5 ? "some system calls" : "no system calls");
  printf("nobody's name: %d\n", error_of(command(DRIVER_PROCESS_INFO, NAME, 77, 0)));
  printf("resume nobody: %d\n", error_of(command(DRIVER_PROCESS_INFO, ACTION, 77, RESUME)));
  return 0;
}
