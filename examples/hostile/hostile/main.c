// Attacks its board: the memory of the kernel and of other processes, and the kernel through each pointer it takes.
// Two letters on the console name one attack: what to do, and to what.
//   r read  w write  x execute  p let the stack lie there     of the target's first word: a fault, and this app starts anew
//   o a u   allow read-only, read-write, userspace-readable   of the target: an error code
//   s subscribe a function there   b move the break there   y yield with its flag there   i share by IPC and notify all
// or `!` and the letter of an attack without a target, or a digit for a storm of random system calls that ends the app.
#include "tock.h"

enum { DRIVER_IPC = 0x10000, DRIVER_APP_LOADER = 0x10001 };
enum { RAM_START = 2, RAM_END, FLASH_START, FLASH_END, GRANTS_START };
enum { SBRK = 1 };

// Each class has its own svc number.
#define CALL(name, class)                                                                            \
  static syscall_return_t name(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {                     \
    register uint32_t x0 __asm__("r0") = a;                                                          \
    register uint32_t x1 __asm__("r1") = b;                                                          \
    register uint32_t x2 __asm__("r2") = c;                                                          \
    register uint32_t x3 __asm__("r3") = d;                                                          \
    __asm__ volatile("svc %4" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : "i"(class) : "memory", "r12", "lr", "cc"); \
    return (syscall_return_t){ x0, x1, x2, x3 };                                                     \
  }
CALL(call_yield, 0)
CALL(call_subscribe, 1)
CALL(call_command, 2)
CALL(call_read_write, 3)
CALL(call_read_only, 4)
CALL(call_memop, 5)
CALL(call_readable, 7)
CALL(call_unknown, 8)

typedef struct {
  uint32_t address;
  uint32_t size;
} range_t;

static char mine[64] __attribute__((aligned(64)));

static uint32_t ask(uint32_t operation) {
  return memop(operation, 0).a;
}

static uint32_t app_break(void) {
  return memop(SBRK, 0).a;
}

// ---- Targets ----

static bool find_target(char name, range_t* target) {
  target->size = 16;
  switch (name) {
    case '0': target->address = 0; return true;                          // null
    case 'f': target->address = 0x1000; return true;                     // flash of the kernel
    case 'k': target->address = 0x20000100; return true;                 // RAM of the kernel
    case 'v': target->address = ask(RAM_END) + 64; return true;          // RAM of the next process
    case 'V': target->address = ask(RAM_START) - 16; return true;        // of the one before: its grant table
    case 'c': target->address = ask(FLASH_END); return true;             // flash of the next process: its header
    case 'C': target->address = ask(FLASH_START) - 16; return true;      // of the one before
    case 'h': target->address = ask(FLASH_START); return true;           // own header
    case 'o': target->address = ask(FLASH_START) + 128; return true;     // own flash
    case 'g': target->address = ask(GRANTS_START); return true;          // own grants
    case 'G': target->address = ask(RAM_END) - 16; return true;          // own grant table
    case 'e': target->address = app_break() - 8; return true;            // half of it behind the break
    case 'p': target->address = 0x40000000; return true;                 // a peripheral
    case 's': target->address = 0xe000ed08; return true;                 // VTOR
    case 'n': target->address = 0xe000e100; return true;                 // NVIC_ISER0
    case 'm': target->address = 0xe000ed94; return true;                 // MPU_CTRL
    case 'z': target->address = 0xfffffff8; return true;                 // around the end of the address space
    case 'l': *target = (range_t){ ask(RAM_START), 0xffffffff }; return true; // all that follows
    case 'L': *target = (range_t){ ask(RAM_START), 0u - ask(RAM_START) + 16 }; return true; // and round again
    case 'A': *target = (range_t){ ask(RAM_START) - 4, 8 }; return true; // begins before own RAM
  }
  return false;
}

// ---- Attacks on a target ----

static void told(const char* what, syscall_return_t result) {
  if (result.variant < TOCK_SUCCESS) printf("%s: error %u\n", what, (unsigned)result.a);
  else printf("%s: success\n", what);
}

static void execute(uint32_t address) {
  ((void (*)(void))(address | 1))();
}

static void stack_at(uint32_t address) {
  __asm__ volatile(
    "mov  r4, sp\n"
    "mov  sp, %0\n"
    "movs r0, #2\n"
    "svc  5\n"
    "mov  sp, r4\n"
    : : "r"(address + 32) : "r0", "r1", "r2", "r3", "r4", "memory", "cc");
}

static void share_and_notify(range_t at) {
  for (uint32_t process = 0; process < 8; process++) {
    syscall_return_t shared = call_read_write(DRIVER_IPC, process, at.address, at.size);
    if (process == 0) told("share", shared);
    call_command(DRIVER_IPC, 2, process, 0);
    call_command(DRIVER_IPC, 3, process, 0);
  }
}

static void attack_target(char kind, range_t at) {
  volatile uint32_t* word = (volatile uint32_t*)at.address;
  switch (kind) {
    case 'r': printf("read: %x\n", (unsigned)*word); break;
    case 'w': *word = 0xbadbad; printf("written\n"); break;
    case 'x': execute(at.address); printf("executed\n"); break;
    case 'p': stack_at(at.address); printf("stacked\n"); break;
    case 'o': told("allow", call_read_only(DRIVER_CONSOLE, 1, at.address, at.size)); break;
    case 'a': told("allow", call_read_write(DRIVER_CONSOLE, 1, at.address, at.size)); break;
    case 'u': told("allow", call_readable(DRIVER_CONSOLE, 0, at.address, at.size)); break;
    case 's': told("subscribe", call_subscribe(DRIVER_ALARM, 0, at.address, 0)); break;
    case 'b': told("brk", call_memop(0, at.address, 0, 0)); break;
    case 'y': call_yield(0, at.address, 0, 0); printf("yielded\n"); break;
    case 'i': share_and_notify(at); break;
    default: printf("unknown\n");
  }
}

// ---- Attacks without a target ----

// Takes all RAM it can get; how much that is.
static uint32_t take_memory(void) {
  uint32_t taken = 0;
  for (uint32_t step = 4096; step >= 4;) {
    if (memop(SBRK, step).variant >= TOCK_SUCCESS) taken += step;
    else step /= 2;
  }
  return taken;
}

static const uint32_t drivers[] = {
  0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0x10, 0x11, 0x20000, 0x20001, 0x20002, 0x20004, 0x20005,
  0x20006, 0x30000, 0x30001, 0x30002, 0x30003, 0x30004, 0x30005, 0x40000, 0x40001, 0x40002, 0x40003, 0x40004, 0x40005,
  0x40006, 0x50000, 0x50001, 0x50002, 0x50003, 0x50004, 0x60000, 0x60001, 0x60002, 0x60003, 0x60004, 0x60005, 0x60006,
  0x70000, 0x80004, 0x90000, 0x90001, 0x90002, 0x90003, 0x90009, 0xa0000, DRIVER_IPC, DRIVER_APP_LOADER, 0x10002, 0x99999, 0x20003,
};
// Tock's I2C master (the last one) panics when a length is beyond its buffer, which is no secret and ends every storm.
enum { DRIVERS = sizeof drivers / sizeof *drivers, STORM_DRIVERS = DRIVERS - 1 };

static void exhaust_grants(void) {
  uint32_t taken = take_memory();
  uint32_t counts[NOACK + 1] = { 0 };
  for (uint32_t i = 0; i < DRIVERS; i++) {
    syscall_return_t result = call_subscribe(drivers[i], 0, 0, 0);
    counts[result.variant >= TOCK_SUCCESS ? OK : result.a]++;
  }
  bool any = taken > 0;
  printf("grants: memory %s, %u there, %u without memory, %u no driver\n", any ? "taken" : "none",
         (unsigned)counts[OK], (unsigned)counts[NOMEM], (unsigned)counts[NODEVICE]);
}

// Sleeping empties this app's own queue, whatever was in it.
static void exhaust_queues(void) {
  for (uint32_t process = 0; process < 3; process++) {
    uint32_t queued = 0;
    syscall_return_t last;
    do {
      last = call_command(DRIVER_IPC, 2, process, 0);
      queued += last.variant >= TOCK_SUCCESS;
    } while (last.variant >= TOCK_SUCCESS);
    sleep_ms(10);
    printf("queue of process %u: %u, then error %u\n", (unsigned)process, (unsigned)queued, (unsigned)last.a);
  }
}

// A command of the app loader and the upcall that it ends with.
static void app_loader(const char* what, uint32_t number, uint32_t a, uint32_t b) {
  syscall_return_t result = call_command(DRIVER_APP_LOADER, number, a, b);
  told(what, result);
  if (result.variant < TOCK_SUCCESS) return;
  printf("  then %u\n", (unsigned)yield_wait_for(DRIVER_APP_LOADER, number - 1).a);
}

// A TBF header without fault, but for its size: it claims to be padding up to the end of the address space.
static void load_forged_app(void) {
  uint32_t forged[] = { 0x00100002, 0xfff00000, 0x00000001, 0 };
  forged[3] = forged[0] ^ forged[1] ^ forged[2];
  memcpy(mine, forged, sizeof forged);
  app_loader("setup", 1, 512, 0);
  call_read_only(DRIVER_APP_LOADER, 0, (uint32_t)mine, sizeof mine);
  app_loader("write before", 2, 0xfffffff0, sizeof mine);
  app_loader("write behind", 2, 512, sizeof mine);
  app_loader("write", 2, 0, sizeof mine);
  app_loader("finalize", 3, 0, 0);
  app_loader("load", 4, 0, 0);
}

// Room that ends a few bytes before this very app leaves no place for the padding between them.
static void reserve_tightly(void) {
  uint32_t reserved = 0;
  for (uint32_t gap = 1; gap < 16; gap++) {
    uint32_t end = ask(FLASH_START) - gap;
    for (uint32_t size = 512; size < 8192; size++) {
      if (end % size != 0 || call_command(DRIVER_APP_LOADER, 1, size, 0).variant < TOCK_SUCCESS) continue;
      sleep_ms(200);
      if (call_command(DRIVER_APP_LOADER, 5, 0, 0).variant >= TOCK_SUCCESS) sleep_ms(200);
      reserved++;
    }
  }
  printf("reserved %u times\n", (unsigned)reserved);
}

// The second setup forgets where the room is.
static void reserve_twice_and_abort(void) {
  app_loader("setup", 1, 512, 0);
  told("setup again", call_command(DRIVER_APP_LOADER, 1, 512, 0));
  told("abort", call_command(DRIVER_APP_LOADER, 5, 0, 0));
  sleep_ms(200);
  printf("aborted\n");
}

static void flood_console(void) {
  uint32_t accepted = 0;
  call_read_only(DRIVER_CONSOLE, 1, (uint32_t)"flood ", 6);
  for (int i = 0; i < 200; i++) {
    accepted += call_command(DRIVER_CONSOLE, 1, i % 2 ? 6 : 0xffffffff, 0).variant >= TOCK_SUCCESS;
  }
  sleep_ms(50);
  printf("console: %u writes accepted\n", (unsigned)accepted);
}

static void raise_privilege(void) {
  __asm__ volatile("movs r0, #0\n msr control, r0\n isb\n cpsid i\n" : : : "r0", "memory");
  *(volatile uint32_t*)0x20000100 = 0xbadbad;
  printf("privileged\n");
}

static void return_from_no_exception(void) {
  execute(0xfffffff9);
  printf("returned\n");
}

__attribute__((noinline)) static uint32_t dig(uint32_t depth) {
  volatile uint32_t room[32];
  room[depth % 32] = depth;
  return depth == 0xffffffff ? 0 : dig(depth + 1) + room[depth % 32];
}

static uint32_t next_random(uint32_t* state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

// A pointer, a length or a number, of all the kinds that may hurt.
static uint32_t bad_value(uint32_t* random) {
  static const char targets[] = "0fkvVcChogGepsnmz";
  range_t target;
  uint32_t r = next_random(random);
  switch (r % 5) {
    case 0: find_target(targets[(r >> 8) % (sizeof targets - 1)], &target); return target.address + (r >> 28);
    case 1: return (uint32_t)mine + (r >> 26);
    case 2: return r >> 8 & 15;
    case 3: return 0u - (r >> 8 & 15);
    default: return r;
  }
}

// Calls at random, another storm for each `number`.
static void storm(uint32_t number) {
  static syscall_return_t (*const calls[])(uint32_t, uint32_t, uint32_t, uint32_t) = {
    call_subscribe, call_command, call_read_write, call_read_only, call_readable, call_memop,
  };
  uint32_t random = 2463534242 + 0x9e3779b9 * number;
  for (int i = 0; i < 3000; i++) {
    uint32_t which  = next_random(&random) % 6;
    uint32_t driver = drivers[next_random(&random) % STORM_DRIVERS];
    uint32_t n = next_random(&random) % 8;
    uint32_t a      = bad_value(&random);
    uint32_t b      = bad_value(&random);
    if (which == 5) call_memop(n, a, b, 0);
    // No function there is ever called: nothing yields until the storm is over, and then the app ends.
    else calls[which](driver, n, a, b);
  }
  exit(0);
}

static void odd_memops(void) {
  for (uint32_t operation = 0; operation < 16; operation++) {
    call_memop(operation, 0xffffffff, 0, 0);
    call_memop(operation, 0x80000000, 0, 0);
    if (operation > SBRK) call_memop(operation, ask(RAM_END), 0, 0);
  }
  told("brk to the kernel's part", call_memop(0, ask(GRANTS_START) + 1, 0, 0));
  told("brk to the end", call_memop(0, ask(RAM_END), 0, 0));
  told("brk to nothing", call_memop(0, ask(RAM_START) - 1, 0, 0));
}

static void attack_without_target(char name) {
  switch (name) {
    case 'g': exhaust_grants(); break;
    case 'q': exhaust_queues(); break;
    case 'l': load_forged_app(); break;
    case 't': reserve_tightly(); break;
    case 'a': reserve_twice_and_abort(); break;
    case 'c': flood_console(); break;
    case 'p': raise_privilege(); break;
    case 'r': return_from_no_exception(); break;
    case 'm': odd_memops(); break;
    case 'd': printf("%u\n", (unsigned)dig(0)); break;
    case 'u': call_unknown(0, 0, 0, 0); printf("a ninth class\n"); break;
    case 'y': call_yield(3, 0, 0, 0); printf("a fourth yield\n"); break;
    case 'w': __asm__ volatile("wfi"); printf("slept\n"); break;
    case 'b': __asm__ volatile("bkpt 0"); printf("no debugger\n"); break;
    default:
      if (name >= '0' && name <= '9') storm((uint32_t)name - '0');
      printf("unknown\n");
  }
}

// ---- The console ----

static void typed(uint32_t error, uint32_t length, __attribute__((unused)) uint32_t c, void* done) {
  *(volatile bool*)done = error == OK && length == 2;
}

int main(void) {
  char attack[2];
  for (;;) {
    printf("hostile: ready\n");
    volatile bool done = false;
    if (console_read(attack, sizeof attack, typed, (void*)&done) != OK) return 1;
    while (!done) yield();
    range_t target;
    if (attack[0] == '!') {
      printf("%c%c\n", attack[0], attack[1]);
      attack_without_target(attack[1]);
    } else if (find_target(attack[1], &target)) {
      printf("%c%c 0x%x, %u\n", attack[0], attack[1], (unsigned)target.address, (unsigned)target.size);
      attack_target(attack[0], target);
    } else printf("unknown\n");
  }
}
