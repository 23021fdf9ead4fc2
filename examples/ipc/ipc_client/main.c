// A client: it shares a buffer with the service and prints what the service has made of it.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DISCOVER = 1, NOTIFY_SERVICE = 2 };

static const char SERVICE[] = "ipc_service";

// The memory protection unit can share what is a power of two long, and aligned to it.
static char buffer[64] __attribute__((aligned(64))) = "Hello, Tock";

static void answered(__attribute__((unused)) uint32_t service,
                     __attribute__((unused)) uint32_t length,
                     __attribute__((unused)) uint32_t address, void* done) {
  *(volatile bool*)done = true;
}

static error_t discover(const char* name, size_t length, uint32_t* service) {
  allow_read_only(DRIVER_IPC, 0, name, length);
  syscall_return_t found = command(DRIVER_IPC, DISCOVER, 0, 0);
  *service               = found.a;
  return found.variant == TOCK_SUCCESS_U32 ? OK : error_of(found);
}

int main(void) {
  uint32_t service;
  printf("discover nobody: %d\n", discover("nobody", 6, &service));
  error_t error = discover(SERVICE, sizeof SERVICE - 1, &service);
  printf("discover the service: %d\n", error);
  if (error != OK) return 1;
  volatile bool done = false;
  subscribe(DRIVER_IPC, service, answered, (void*)&done);
  allow_read_write(DRIVER_IPC, service, buffer, sizeof buffer);
  printf("notify process 99: %d\n", error_of(command(DRIVER_IPC, NOTIFY_SERVICE, 99, 0)));
  for (int i = 0; i < 2; i++) {
    done = false;
    command(DRIVER_IPC, NOTIFY_SERVICE, service, 0);
    while (!done) yield();
    printf("%s\n", buffer);
  }
  return 0;
}
