// System calls: the class is the number of the svc instruction, arguments and results travel in r0 to r3.
#include "tock.h"

// One function per class would differ in the svc number alone.
#define SYSCALL(class, r0, r1, r2, r3)                                                   \
  register uint32_t x0 __asm__("r0") = (uint32_t)(r0);                                   \
  register uint32_t x1 __asm__("r1") = (uint32_t)(r1);                                   \
  register uint32_t x2 __asm__("r2") = (uint32_t)(r2);                                   \
  register uint32_t x3 __asm__("r3") = (uint32_t)(r3);                                   \
  __asm__ volatile("svc %4" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : "i"(class) : "memory"); \
  syscall_return_t result = { x0, x1, x2, x3 }

enum { YIELD, SUBSCRIBE, COMMAND, ALLOW_READ_WRITE, ALLOW_READ_ONLY, MEMOP, EXIT };
enum { YIELD_WAIT = 1, YIELD_WAIT_FOR = 2 };

syscall_return_t command(uint32_t driver, uint32_t number, uint32_t a, uint32_t b) {
  SYSCALL(COMMAND, driver, number, a, b);
  return result;
}

// Subscribe and allow fail with variant 2: the error code, then what was passed in.
static error_t error_of_swap(syscall_return_t result) {
  return result.variant >= TOCK_SUCCESS ? OK : (error_t)result.a;
}

error_t subscribe(uint32_t driver, uint32_t number, upcall_t upcall, void* user) {
  SYSCALL(SUBSCRIBE, driver, number, upcall, user);
  return error_of_swap(result);
}

error_t allow_read_write(uint32_t driver, uint32_t number, void* buffer, size_t size) {
  SYSCALL(ALLOW_READ_WRITE, driver, number, buffer, size);
  return error_of_swap(result);
}

error_t allow_read_only(uint32_t driver, uint32_t number, const void* buffer, size_t size) {
  SYSCALL(ALLOW_READ_ONLY, driver, number, buffer, size);
  return error_of_swap(result);
}

syscall_return_t memop(uint32_t operation, uint32_t argument) {
  SYSCALL(MEMOP, operation, argument, 0, 0);
  return result;
}

// An upcall runs as if yield's svc had called it, so it may change what any function may change.
void yield(void) {
  register uint32_t x0 __asm__("r0") = YIELD_WAIT;
  __asm__ volatile("svc %1" : "+r"(x0) : "i"(YIELD) : "memory", "r1", "r2", "r3", "r12", "lr", "cc");
}

// The three values come back in r0 to r2.
syscall_return_t yield_wait_for(uint32_t driver, uint32_t number) {
  SYSCALL(YIELD, YIELD_WAIT_FOR, driver, number, 0);
  return (syscall_return_t){ TOCK_SUCCESS, result.variant, result.a, result.b };
}

void exit(uint32_t code) {
  SYSCALL(EXIT, 0, code, 0, 0);
  (void)result;
  __builtin_unreachable();
}

error_t error_of(syscall_return_t result) {
  return result.variant >= TOCK_SUCCESS ? OK : (error_t)result.a;
}
