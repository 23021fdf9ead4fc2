// Console, LEDs, alarm and buttons: the commands, upcalls and buffers of Tock's drivers with these numbers.
#include "tock.h"

// ---- Console: upcall 1 and read-only buffer 1 write, upcall 2 and read-write buffer 1 read ----

void console_write(const char* text, size_t length) {
  allow_read_only(DRIVER_CONSOLE, 1, text, length);
  if (error_of(command(DRIVER_CONSOLE, 1, length, 0)) == OK) yield_wait_for(DRIVER_CONSOLE, 1);
  allow_read_only(DRIVER_CONSOLE, 1, NULL, 0);
}

error_t console_read(char* buffer, size_t size, upcall_t upcall, void* user) {
  error_t error = subscribe(DRIVER_CONSOLE, 2, upcall, user);
  if (error == OK) error = allow_read_write(DRIVER_CONSOLE, 1, buffer, size);
  if (error == OK) error = error_of(command(DRIVER_CONSOLE, 2, size, 0));
  return error;
}

// ---- LEDs: command 0 counts, 1 and 2 switch on and off ----

int led_count(void) {
  syscall_return_t count = command(DRIVER_LED, 0, 0, 0);
  return count.variant == TOCK_SUCCESS_U32 ? (int)count.a : 0;
}

void led_set(int led, bool on) {
  command(DRIVER_LED, on ? 1 : 2, (uint32_t)led, 0);
}

// ---- Alarm: command 1 asks the frequency, 5 sets an alarm so many ticks ahead, upcall 0 tells that it is due ----

uint32_t alarm_frequency(void) {
  return command(DRIVER_ALARM, 1, 0, 0).a;
}

error_t alarm_after(uint32_t milliseconds, upcall_t upcall, void* user) {
  // Seconds and the rest apart, so that the product fits 32 bits.
  uint32_t frequency = alarm_frequency();
  uint32_t ticks     = milliseconds / 1000 * frequency + milliseconds % 1000 * frequency / 1000;
  error_t error      = subscribe(DRIVER_ALARM, 0, upcall, user);
  return error == OK ? error_of(command(DRIVER_ALARM, 5, ticks, 0)) : error;
}

static void wake(__attribute__((unused)) uint32_t now, __attribute__((unused)) uint32_t due,
                 __attribute__((unused)) uint32_t c, void* done) {
  *(volatile bool*)done = true;
}

void sleep_ms(uint32_t milliseconds) {
  volatile bool done = false;
  if (alarm_after(milliseconds, wake, (void*)&done) != OK) return;
  while (!done) yield();
}

// ---- Buttons: command 0 counts, 1 asks for upcalls of one button, upcall 0 tells the button and its state ----

int button_count(void) {
  syscall_return_t count = command(DRIVER_BUTTON, 0, 0, 0);
  return count.variant == TOCK_SUCCESS_U32 ? (int)count.a : 0;
}

error_t button_listen(upcall_t upcall, void* user) {
  error_t error = subscribe(DRIVER_BUTTON, 0, upcall, user);
  for (int i = 0; error == OK && i < button_count(); i++) {
    error = error_of(command(DRIVER_BUTTON, 1, (uint32_t)i, 0));
  }
  return error;
}
