// Waits for three drivers at once: an alarm every second, bytes on the console, and buttons. For each the kernel keeps
// a grant in this process's own memory: the functions to call and the buffers it may use. Stop anywhere after "Ready"
// and look at the Grants scope.
#include "tock.h"

enum source { ALARM, CONSOLE, BUTTON };

struct event {
  enum source source;
  uint32_t a;
  uint32_t b;
};

// What upcalls leave for the main loop: a ring of eight.
static struct {
  struct event events[8];
  uint32_t written;
  uint32_t read;
} queue;

static char typed[1];
static uint32_t seconds;

// The upcalls below run inside yield(), one at a time, so nothing can come between two lines of them.
static void remember(enum source source, uint32_t a, uint32_t b) {
  struct event* event = &queue.events[queue.written++ % 8];
  event->source = source;
  event->a      = a;
  event->b      = b;
}

static void on_alarm(__attribute__((unused)) uint32_t now, __attribute__((unused)) uint32_t due,
                     __attribute__((unused)) uint32_t c, void* user) {
  uint32_t* count = user;
  *count += 1;
  remember(ALARM, *count, 0);
  alarm_after(1000, on_alarm, user);
}

static void on_byte(uint32_t error, uint32_t length, __attribute__((unused)) uint32_t c,
                    __attribute__((unused)) void* user) {
  if (error == OK && length == 1) remember(CONSOLE, (uint8_t)typed[0], 0);
  console_read(typed, sizeof typed, on_byte, NULL);
}

static void on_button(uint32_t button, uint32_t pressed, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  remember(BUTTON, button, pressed);
}

// False when the user is done.
static bool handle(const struct event* event) {
  switch (event->source) {
    case ALARM:
      printf("Second %lu\n", (unsigned long)event->a);
      break;
    case CONSOLE:
      printf("Typed 0x%02x\n", (unsigned int)event->a);
      if (event->a == 'q') return false;
      break;
    case BUTTON:
      printf("Button %lu %s\n", (unsigned long)event->a, event->b ? "down" : "up");
      break;
  }
  return true;
}

int main(void) {
  alarm_after(1000, on_alarm, &seconds);
  console_read(typed, sizeof typed, on_byte, NULL);
  button_listen(on_button, NULL);
  printf("Ready: press a button or a key, q ends.\n");

  for (;;) {
    while (queue.read != queue.written) {
      const struct event* event = &queue.events[queue.read++ % 8];
      if (!handle(event)) return 0;
    }
    yield();
  }
}
