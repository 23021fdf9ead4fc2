// The files of a new app: an example in a libtock-c tree, or one in a libtock-rs tree.

export type Language = "C" | "Rust";

export interface NewFile {
  /** Below the root of the tree. */
  path: string;
  text: string;
}

/** Which library a tree is, by the names of the files in its root. */
export function treeOf(names: readonly string[]): Language | undefined {
  if (names.includes("AppMakefile.mk") && names.includes("Configuration.mk")) return "C";
  const rust = ["Cargo.toml", "examples", "runtime"];
  return rust.every(name => names.includes(name)) ? "Rust" : undefined;
}

/** Why a name will not do; `undefined` if it will. Cargo takes no others for an example, and make no spaces. */
export function nameProblem(name: string): string | undefined {
  if (/^[a-z][a-z0-9_-]*$/.test(name)) return undefined;
  return "Use small letters, digits, _ and -, with a letter first.";
}

/** The files, the one to edit first. */
export function filesOf(language: Language, name: string): NewFile[] {
  if (language === "Rust") return [{ path: `examples/${name}.rs`, text: rust(name) }];
  return [
    { path: `examples/${name}/main.c`, text: c(name) },
    { path: `examples/${name}/Makefile`, text: makefile },
  ];
}

const makefile = `# The root of libtock-c, seen from here.
TOCK_USERLAND_BASE_DIR = ../..

C_SRCS := $(wildcard *.c)

include $(TOCK_USERLAND_BASE_DIR)/AppMakefile.mk
`;

const c = (name: string): string => `// ${name}: counts on the console, once a second.
#include <stdio.h>

#include <libtock-sync/services/alarm.h>

int main(void) {
  for (int count = 0;; count++) {
    printf("${name} %d\\n", count);
    libtocksync_alarm_delay_ms(1000);
  }
}
`;

// libtock-rs reckons ticks in 32 bits, which boards with a fast alarm exceed beyond a quarter of a second (apis/peripherals/alarm).
const rust = (name: string): string => `//! ${name}: counts on the console, four times a second.

#![no_main]
#![no_std]

use core::fmt::Write;
use libtock::alarm::{Alarm, Milliseconds};
use libtock::console::Console;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x400}

fn main() {
    let mut count = 0;
    loop {
        let _ = writeln!(Console::writer(), "${name} {count}");
        let _ = Alarm::sleep_for(Milliseconds(250));
        count += 1;
    }
}
`;
