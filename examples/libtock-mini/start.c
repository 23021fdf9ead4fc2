// From the kernel to main(): the same binary contract as libtock-c's crt0, so the same loaders and debuggers work.
//
// The app is linked as if its flash began at 0x80000000 and its RAM at 0. The kernel puts both where it likes and
// says where in registers, so every address that the linker stored must be moved before C code can use it.
#include "tock.h"

// The ten words at the very start of the binary; app.ld fills them in.
// `…_image` counts from the start of the binary in flash, the rest from the start of the process's RAM.
struct layout {
  uint32_t got_image;
  uint32_t got;
  uint32_t got_size;
  uint32_t data_image;
  uint32_t data;
  uint32_t data_size;
  uint32_t bss;
  uint32_t bss_size;
  uint32_t relocations_image;
  uint32_t stack_size;
};

// What elf2tab puts behind the binary: words of .data that hold addresses. `info` is the linker's, unused here.
struct relocations {
  uint32_t bytes;
  struct {
    uint32_t offset;
    uint32_t info;
  } entries[];
};

int main(void);

// The top bit tells flash addresses from RAM addresses.
static uint32_t move(uint32_t address, uint32_t flash, uint32_t ram) {
  const uint32_t in_flash = 0x80000000;
  return address & in_flash ? address - in_flash + flash : address + ram;
}

__attribute__((noreturn, used)) static void start_c(uint32_t flash, uint32_t ram) {
  const struct layout* layout = (const struct layout*)flash;

  const uint32_t* got_image = (const uint32_t*)(flash + layout->got_image);
  uint32_t* got             = (uint32_t*)(ram + layout->got);
  for (uint32_t i = 0; i < layout->got_size / 4; i++) got[i] = move(got_image[i], flash, ram);

  memcpy((void*)(ram + layout->data), (const void*)(flash + layout->data_image), layout->data_size);
  memset((void*)(ram + layout->bss), 0, layout->bss_size);

  const struct relocations* table = (const struct relocations*)(flash + layout->relocations_image);
  for (uint32_t i = 0; i < table->bytes / 8; i++) {
    uint32_t* word = (uint32_t*)(ram + table->entries[i].offset);
    *word = move(*word, flash, ram);
  }

  exit((uint32_t)main());
}

// The kernel starts the process here: r0 = binary in flash, r1 = RAM, r2 = size of RAM, r3 = first byte beyond it
// that the app may not use yet. There is a small stack at that place, but none of ours until brk has been called.
__attribute__((section(".start"), naked, noreturn, used)) void _start(void) {
  __asm__ volatile(
    ".cfi_undefined lr\n"          // the stack ends here: nobody called us
    "mov   r4, r0\n"               // r4 = flash
    "mov   r5, r1\n"               // r5 = RAM
    "ldr   r6, [r4, #36]\n"        // r6 = top of the stack: RAM + stack_size, rounded up to 8
    "adds  r6, r6, r5\n"
    "adds  r6, r6, #7\n"
    "lsrs  r6, r6, #3\n"
    "lsls  r6, r6, #3\n"
    "ldr   r7, [r4, #24]\n"        // r7 = end of .bss: RAM + bss + bss_size
    "ldr   r0, [r4, #28]\n"
    "adds  r7, r7, r0\n"
    "adds  r7, r7, r5\n"
    "cmp   r7, r3\n"               // is all that ours already? then brk may shrink it,
    "bhi   1f\n"                   // and the kernel's small stack could be lost: move first
    "mov   sp, r6\n"
    "1:\n"
    "movs  r0, #0\n"               // brk(end of .bss)
    "mov   r1, r7\n"
    "svc   5\n"
    "mov   sp, r6\n"
    "movs  r0, #10\n"              // tell the kernel where the stack is, for its crash reports,
    "mov   r1, r6\n"
    "svc   5\n"
    "movs  r0, #11\n"              // and where the heap starts
    "mov   r1, r7\n"
    "svc   5\n"
    "ldr   r0, [r4, #4]\n"         // r9 = global offset table, through which C code finds its variables
    "adds  r0, r0, r5\n"
    "mov   r9, r0\n"
    "mov   r0, r4\n"
    "mov   r1, r5\n"
    "bl    start_c\n");
}
