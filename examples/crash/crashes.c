// Mistakes as apps make them, each in a function of its own. What the debugger says of each is in test/golden/crashes.
#include "crashes.h"
#include "tock.h"

enum { MEMOP_SBRK = 1, MEMOP_RAM_START = 2, MEMOP_GRANTS_START = 6 };

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

static void overflow_stack(void) {
  printf("%lu\n", (unsigned long)nest(1000));
}

static void write_grant(void) {
  volatile uint8_t* grants = (uint8_t*)memop(MEMOP_GRANTS_START, 0).a;
  *grants = 0;
}

static void write_past_break(void) {
  volatile uint8_t* heap = (uint8_t*)memop(MEMOP_SBRK, 0).a; // malloc would have moved the break
  for (uint32_t used = 0; used < 4096; used += 256) heap[used] = 1;
}

static uint8_t* volatile neighbour;

static uint8_t read_neighbour(void) {
  return neighbour[0];
}

static void read_other_process(void) {
  neighbour = (uint8_t*)memop(MEMOP_RAM_START, 0).a - 0x400;
  printf("%u\n", read_neighbour());
}

static uint32_t* volatile kernel_ticks = (uint32_t*)0x20000040;

static void read_kernel(void) {
  printf("%lu\n", (unsigned long)*kernel_ticks);
}

struct limits {
  uint32_t lowest;
  uint32_t highest;
};
static const struct limits limits = { 10, 90 };

static void raise_limit(struct limits* to_change, uint32_t by) {
  to_change->highest += by;
}
static void (*volatile raise_limit_of)(struct limits* to_change, uint32_t by) = raise_limit;

static void store_to_flash(void) {
  raise_limit_of((struct limits*)&limits, 5);
}

struct reading {
  uint32_t time;
  struct reading* next;
};
static struct reading* volatile readings = (struct reading*)0xdeadbee0; // was freed, and the heap marks that

static void follow_stale_pointer(void) {
  printf("%lu\n", (unsigned long)readings->next->time);
}

static uint16_t copied[] = { 0x4770 }; // bx lr
static void (*volatile copied_function)(void);

static void run_from_ram(void) {
  copied_function = (void (*)(void))((uintptr_t)copied | 1);
  copied_function();
}

static void (*volatile on_done)(uint32_t result); // nobody ever sets it

static void call_null(void) {
  on_done(OK);
}

static volatile uintptr_t tick_address;

static void tick(void) {
  tick_address++;
}

static void call_even(void) {
  tick_address = (uintptr_t)tick & ~(uintptr_t)1; // as a tool without a word of Thumb would write it
  ((void (*)(void))tick_address)();
}

static uint8_t packet[16];

static uint64_t sum_of(const uint64_t* values) {
  return values[0];
}
static uint64_t (*volatile sum)(const uint64_t* values) = sum_of;

static void read_unaligned(void) {
  printf("%lu\n", (unsigned long)sum((const uint64_t*)(packet + 3)));
}

static void undefined_instruction(void) {
  __asm__ volatile(".inst.n 0xde2a");
}

static uint32_t share_of(uint32_t total, uint32_t parts) {
  return total / parts;
}

static void divide_by_zero(void) {
  printf("%lu\n", (unsigned long)share_of(kernel_ticks == NULL, 0));
}

static void floating_point(void) {
  __asm__ volatile(".inst.w 0xeeb70a00"); // vmov.f32 s0, #1.0
}

static void unknown_syscall(void) {
  __asm__ volatile("svc 9");
}

static void lose_stack(void) {
  __asm__ volatile("mov sp, %0\n svc 0" : : "r"(0x30000000));
}

static void exit_with_code(void) {
  exit(NOMEM);
}

// As in newlib.
__attribute__((noreturn, noinline)) void abort(void) {
  exit(1);
}

__attribute__((noreturn, noinline)) void __assert_func(const char* file, int line, const char* function,
                                                       const char* expression) {
  printf("assertion \"%s\" failed: file \"%s\", line %d, function: %s\n", expression, file, line, function);
  abort();
}

#define assert(e) ((e) ? (void)0 : __assert_func(__FILE__, __LINE__, __func__, #e))

static volatile uint32_t queued;

static void give_up(void) {
  if (queued == 0) abort();
}

static void assert_wrongly(void) {
  assert(queued > 0);
}

static volatile uint32_t* volatile gpio_in = (uint32_t*)0x50000510; // of the nRF52840

static void read_peripheral(void) {
  printf("%lu\n", (unsigned long)*gpio_in);
}

const struct crash crashes[CRASHES] = {
  { 'n', "null-dereference", store_through_null },
  { 's', "stack-overflow", overflow_stack },
  { 'g', "grant-memory", write_grant },
  { 'b', "past-app-break", write_past_break },
  { 'o', "other-process", read_other_process },
  { 'k', "kernel-memory", read_kernel },
  { 'f', "store-to-flash", store_to_flash },
  { 'm', "no-memory", follow_stale_pointer },
  { 'r', "execute-from-ram", run_from_ram },
  { 'j', "jump-to-nowhere", call_null },
  { 'e', "even-branch", call_even },
  { 'u', "unaligned", read_unaligned },
  { 'i', "undefined-instruction", undefined_instruction },
  { 'd', "division-trap", divide_by_zero },
  { 'p', "floating-point", floating_point },
  { 'y', "unknown-syscall", unknown_syscall },
  { 't', "bad-stack-pointer", lose_stack },
  { 'x', "exit-code", exit_with_code },
  { 'a', "abort", give_up },
  { 'v', "assert", assert_wrongly },
  { 'h', "peripheral", read_peripheral },
};
