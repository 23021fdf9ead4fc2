// Crashes on demand: type a letter of the list, or press the first button to store through a null pointer, the second one
// to overflow the stack. The debugger stops before the kernel acts, with the process as it was, and says why.
// The TABs in the folders below are the same app, built to crash in one way at once.
#include "crashes.h"
#include "tock.h"

static void crash(char letter) {
  for (int i = 0; i < CRASHES; i++)
    if (crashes[i].letter == letter) crashes[i].run();
}

#ifdef CRASH

int main(void) {
  crash(CRASH);
  return 0;
}

#else

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
  for (int i = 0; i < CRASHES; i++) printf("%c: %s\n", crashes[i].letter, crashes[i].name);
  printf("q: quit\n");
  for (;;) {
    yield();
    if (choice == 'q') return 0;
    crash(choice);
    choice = 0;
  }
}

#endif
