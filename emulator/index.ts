// The public API of the machine: re-exports only. What is not here is nobody's business outside `emulator/`.
export * from "./base/bits.js";
export * from "./base/clock.js";
export * from "./base/errors.js";
export * from "./base/stateful.js";
export * from "./base/trace.js";
export * from "./bus/memory.js";
export * from "./cpu/cpu.js";
export * from "./devices/device.js";
export * from "./kernel/driver.js";
export * from "./kernel/inspect.js";
export * from "./kernel/syscalls.js";
export * from "./machine/machine.js";
