// The Tock system calls (TRD 104) and the small part of a C library that the examples need.
// Nothing is included from the compiler's own folders, so that debug information names no file but ours.
#pragma once

typedef __INT8_TYPE__ int8_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __INT16_TYPE__ int16_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __INT32_TYPE__ int32_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __SIZE_TYPE__ size_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void*)0)

// ---- System calls (tock.c) ----

// The four registers a system call returns. `variant` says what the others hold.
typedef struct {
  uint32_t variant;
  uint32_t a;
  uint32_t b;
  uint32_t c;
} syscall_return_t;

enum {
  TOCK_FAILURE = 0, // a: error code
  TOCK_SUCCESS = 128,
  TOCK_SUCCESS_U32 = 129, // a: value
};

// The kernel's error codes; 0 stands for success where a function returns one.
typedef enum {
  OK = 0,
  FAIL,
  BUSY,
  ALREADY,
  OFF,
  RESERVE,
  INVAL,
  SIZE,
  CANCEL,
  NOMEM,
  NOSUPPORT,
  NODEVICE,
  UNINSTALLED,
  NOACK,
} error_t;

// What the kernel calls back with: three values of the driver and the pointer given to subscribe().
typedef void (*upcall_t)(uint32_t a, uint32_t b, uint32_t c, void* user);

syscall_return_t command(uint32_t driver, uint32_t number, uint32_t a, uint32_t b);
error_t subscribe(uint32_t driver, uint32_t number, upcall_t upcall, void* user);
error_t allow_read_write(uint32_t driver, uint32_t number, void* buffer, size_t size);
error_t allow_read_only(uint32_t driver, uint32_t number, const void* buffer, size_t size);
syscall_return_t memop(uint32_t operation, uint32_t argument);

// Sleeps until an upcall has run.
void yield(void);
// Sleeps until this driver's upcall is due and returns its three values in a, b and c instead of calling a function.
syscall_return_t yield_wait_for(uint32_t driver, uint32_t number);
void exit(uint32_t code) __attribute__((noreturn));

// The error code in what a command returned.
error_t error_of(syscall_return_t result);

// ---- Text (console.c, format.c, string.c) ----

// Writes to the board's console and returns when the last byte is out.
void console_write(const char* text, size_t length);
// Knows %d %i %u %x %X %c %s %p %%, the sizes h, l, ll and z, a width, 0 and -.
int printf(const char* format, ...) __attribute__((format(printf, 1, 2)));

void* memcpy(void* restrict to, const void* restrict from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int byte, size_t size);
int memcmp(const void* left, const void* right, size_t size);
size_t strlen(const char* text);

// ---- Drivers (drivers.c) ----

enum {
  DRIVER_ALARM = 0x0,
  DRIVER_CONSOLE = 0x1,
  DRIVER_LED = 0x2,
  DRIVER_BUTTON = 0x3,
};

int led_count(void);
void led_set(int led, bool on);

uint32_t alarm_frequency(void);
// Calls `upcall` once, `milliseconds` from now.
error_t alarm_after(uint32_t milliseconds, upcall_t upcall, void* user);
void sleep_ms(uint32_t milliseconds);

int button_count(void);
// Calls `upcall` with the button's number and 1 or 0 whenever any button goes down or up.
error_t button_listen(upcall_t upcall, void* user);

// Asks for `size` bytes from the console; `upcall` gets an error code and the number of bytes that came.
error_t console_read(char* buffer, size_t size, upcall_t upcall, void* user);
