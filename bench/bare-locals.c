// What examples/locals needs to run on a bare core: a vector table, a reset handler and a silent C library.
#include "tock.h"

extern uint32_t _stack_end, _data_start, _data_end, _data_load, _bss_start, _bss_end;
int main(void);

void reset(void) {
  for (uint32_t *to = &_data_start, *from = &_data_load; to < &_data_end;) *to++ = *from++;
  for (uint32_t* to = &_bss_start; to < &_bss_end;) *to++ = 0;
  main();
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[16] = { &_stack_end, reset };

int printf(const char* format, ...) {
  return format[0];
}

void sleep_ms(uint32_t ms) {
  (void)ms;
}
