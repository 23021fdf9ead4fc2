//! As much of Tock's system calls as an app needs that reads letters and prints: start-up, console, exit (TRD 104).

use core::arch::{asm, global_asm};
use core::fmt;

// r1 is the start of the process's RAM; the stack of the kernel's own is enough for a memop.
global_asm!(
    ".section .start, \"ax\"",
    ".globl _start",
    ".type _start, %function",
    ".thumb_func",
    "_start:",
    ".cfi_startproc",
    ".cfi_undefined lr", // the stack ends here: nobody called us
    "movs r0, #0",       // brk(end of .bss)
    "ldr r1, =_bss_end",
    "svc 5",
    "ldr r1, =_stack_top",
    "mov sp, r1",
    "movs r0, #10", // where the stack is, for the kernel's crash reports,
    "svc 5",
    "movs r0, #11", // and where the heap would start
    "ldr r1, =_bss_end",
    "svc 5",
    "ldr r0, =_data",
    "ldr r1, =_data_end",
    "ldr r2, =_data_image",
    "1: cmp r0, r1",
    "bhs 2f",
    "ldr r3, [r2], #4",
    "str r3, [r0], #4",
    "b 1b",
    "2: ldr r1, =_bss_end",
    "movs r3, #0",
    "3: cmp r0, r1",
    "bhs 4f",
    "str r3, [r0], #4",
    "b 3b",
    "4: bl main",
    ".pool",
    ".cfi_endproc",
    ".size _start, . - _start",
    ".previous",
);

const CONSOLE: u32 = 1;
const TRANSMIT: u32 = 1;
const RECEIVE: u32 = 2;

fn call<const CLASS: u32>(arguments: [u32; 4]) -> u32 {
    let mut r0 = arguments[0];
    unsafe {
        asm!("svc {class}", class = const CLASS, inout("r0") r0, inout("r1") arguments[1] => _,
             inout("r2") arguments[2] => _, inout("r3") arguments[3] => _, options(nostack));
    }
    r0
}

/// Starts operation `number` on a buffer that the kernel has, and waits for its upcall, which need not be subscribed to.
fn transfer(number: u32, length: usize) {
    call::<2>([CONSOLE, number, length as u32, 0]);
    call::<0>([2, CONSOLE, number, 0]);
}

pub struct Console;

impl Console {
    pub fn print(&self, text: &[u8]) {
        call::<4>([CONSOLE, 1, text.as_ptr() as u32, text.len() as u32]);
        transfer(TRANSMIT, text.len());
        call::<4>([CONSOLE, 1, 0, 0]);
    }

    /// The next byte.
    pub fn read(&self) -> u8 {
        let mut byte = [0];
        call::<3>([CONSOLE, 1, byte.as_mut_ptr() as u32, 1]);
        transfer(RECEIVE, 1);
        call::<3>([CONSOLE, 1, 0, 0]);
        byte[0]
    }
}

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.print(text.as_bytes());
        Ok(())
    }
}

pub fn exit(code: u32) -> ! {
    call::<6>([0, code, 0, 0]);
    loop {}
}

/// A value of which the optimiser knows nothing.
#[inline(never)]
pub fn opaque<T>(value: T) -> T {
    core::hint::black_box(value)
}
