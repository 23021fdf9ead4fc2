// Buttons: presses and releases of those that are listened to, the level of all.
#include "tock.h"

enum { ENABLE = 1, DISABLE = 2, READ = 3 };

static void show(void) {
  printf("pressed:");
  for (int button = 0; button < button_count(); button++)
    printf(" %u", (unsigned)command(DRIVER_BUTTON, READ, button, 0).a);
  printf("\n");
}

static void changed(uint32_t button, uint32_t pressed, uint32_t c, void* user) {
  (void)c;
  (void)user;
  printf("button %u %s\n", (unsigned)button, pressed ? "down" : "up");
}

int main(void) {
  printf("count: %d\n", button_count());
  subscribe(DRIVER_BUTTON, 0, changed, NULL);
  command(DRIVER_BUTTON, ENABLE, 0, 0);
  command(DRIVER_BUTTON, ENABLE, 1, 0);
  sleep_ms(400);
  show();
  command(DRIVER_BUTTON, DISABLE, 0, 0);
  sleep_ms(300);
  show();
  printf("beyond the last: %d\n", error_of(command(DRIVER_BUTTON, ENABLE, button_count(), 0)));
  return 0;
}
