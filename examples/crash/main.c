// Crashes on demand: type n or press the first button to store through a null pointer, s or the second button to
// overflow the stack. The debugger stops before the kernel acts, with the process as it was.
#include "tock.h"

static uint32_t* volatile last_reading; // nobody ever sets it

static void store_through_null(void) {
  *last_reading = 42;
}

// Each level needs its own line buffer; there is stack for a few tens of them.
static uint32_t nest(uint32_t levels) {
  volatile char line[48];
  line[0] = (char)levels;
  if (levels == 0) return 0;
  return nest(levels - 1) + (uint8_t)line[0];
}

static char typed[1];
static volatile char choice;

static void on_byte(uint32_t error, uint32_t length, __attribute__((unused)) uint32_t c,
                    __attribute__((unused)) void* user) {
  if (error == OK && length == 1) choice = typed[0];
  console_read(typed, sizeof typed, on_byte, NULL);
}

static void on_button(uint32_t button, uint32_t pressed, __attribute__((unused)) uint32_t c,
                      __attribute__((unused)) void* user) {
  if (pressed) choice = button == 0 ? 'n' : 's';
}

int main(void) {
  console_read(typed, sizeof typed, on_byte, NULL);
  button_listen(on_button, NULL);
  printf("n: null pointer, s: stack overflow, q: quit\n");
  for (;;) {
    yield();
    switch (choice) {
      case 'n':
        store_through_null();
        break;
      case 's':
        printf("%lu\n", (unsigned long)nest(1000));
        break;
      case 'q':
        return 0;
    }
    choice = 0;
  }
}
