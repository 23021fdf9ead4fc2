// Key-value storage: driver 0x50003 keeps values by key, each for the app that wrote it.
#include "tock.h"

enum { DRIVER_KV = 0x50003, GET = 1, SET, DELETE, ADD, UPDATE, COLLECT };

static char value[32];

// The status of the whole operation; its length is in *length.
static int run(int operation, const char* key, const char* text, uint32_t* length) {
  allow_read_only(DRIVER_KV, 0, key, strlen(key));
  allow_read_only(DRIVER_KV, 1, text, strlen(text));
  allow_read_write(DRIVER_KV, 0, value, sizeof value);
  error_t error = error_of(command(DRIVER_KV, operation, 0, 0));
  if (error != OK) return -error;
  syscall_return_t done = yield_wait_for(DRIVER_KV, 0);
  if (length != NULL) *length = done.b;
  return done.a;
}

static void show(const char* key) {
  uint32_t length = 0;
  int status = run(GET, key, "", &length);
  if (status == OK) value[length] = 0;
  printf("%s: %s\n", key, status == OK ? value : "none");
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_KV, 0, 0, 0)));
  show("fruit");
  printf("update: %d\n", run(UPDATE, "fruit", "apple", NULL));
  printf("set: %d\n", run(SET, "fruit", "pear", NULL));
  show("fruit");
  printf("add: %d\n", run(ADD, "fruit", "plum", NULL));
  printf("set again: %d\n", run(SET, "fruit", "cherry", NULL));
  show("fruit");
  printf("delete: %d\n", run(DELETE, "fruit", "", NULL));
  show("fruit");
  printf("long key: %d\n", run(SET, "0123456789012345678901234567890123456789012345678901234567890123 ", "", NULL));
  printf("collect garbage: %d\n", run(COLLECT, "", "", NULL));
  printf("unknown command: %d\n", error_of(command(DRIVER_KV, 7, 0, 0)));
  return 0;
}
