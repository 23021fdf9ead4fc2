// The app that `loader` installs: it greets once a second until it is unloaded.
#include "tock.h"

static int greetings;

int main(void) {
  for (;;) {
    greetings++;
    printf("greeter: greeting %d from an app that was not here at boot\n", greetings);
    sleep_ms(1000);
  }
}
