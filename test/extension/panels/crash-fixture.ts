// A crash for tests of the panel: what examples/crash leaves when it stores through a null pointer.
import type { CrashBody } from "../../../adapter/protocol.js";

type Process = CrashBody["processes"][number];

const plain = (name: string, value: number | null, meaning = "") => ({
  name,
  value,
  meaning,
  fields: [],
});

const place = { path: "/build/examples/crash/main.c", line: 8, column: 17, function: "store" };

export const crashProcess: Process = {
  name: "crash",
  state: "Faulted",
  threadId: 1,
  segments: [
    { kind: "protected-flash", low: 0x40000, high: 0x40040, text: "TBF header" },
    { kind: "app-flash", low: 0x40040, high: 0x41000, text: "Code and constants" },
    { kind: "stack-free", low: 0x20008000, high: 0x20008600, text: "Never used" },
    { kind: "stack", low: 0x20008600, high: 0x20008800, text: "Stack: 512 of 2048 bytes used" },
    { kind: "data", low: 0x20008800, high: 0x20008840, text: "Data" },
    { kind: "heap", low: 0x20008840, high: 0x20008c00, text: "Heap" },
    { kind: "unused", low: 0x20008c00, high: 0x20009800, text: "Unused" },
    { kind: "grants", low: 0x20009800, high: 0x20009900, text: "Grants" },
    { kind: "kernel", low: 0x20009900, high: 0x20009a00, text: "Process control block" },
  ],
  ranges: [
    { region: 0, low: 0x20008000, high: 0x20008c00, read: true, write: true, execute: false },
    { region: 1, low: 0x40000, high: 0x41000, read: true, write: false, execute: true },
  ],
  grants: [{ driver: 1, driverName: "Console", address: 0x20009800, size: 64 }],
  registers: [
    plain("r0", 42),
    plain("r1", null),
    plain("sp", 0x20008640, "stack"),
    plain("lr", 0x40101, "main+0x20 (main.c:52)"),
    plain("pc", 0x40080, "store+0x4 (main.c:8)"),
    {
      ...plain("xPSR", 0x01000000),
      fields: [{ name: "T", bits: "24", value: 1, text: "Thumb state" }],
    },
  ],
  stack: [
    { address: 0x40080, name: "store", place },
    { address: 0x40100, name: "main", place: { ...place, line: 52, function: "main" } },
    { address: 0x40050, name: "_start", place: null },
  ],
  lastSyscall: "yield-wait",
};

export const crashBody: CrashBody = {
  schema: 1,
  origin: "live",
  kernelVersion: "2.2",
  panic: null,
  processes: [crashProcess],
  faultStatus: [
    {
      ...plain("CFSR", 0x82),
      fields: [
        { name: "DACCVIOL", bits: "1", value: 1, text: "Data access violation" },
        { name: "MMARVALID", bits: "7", value: 1, text: "MMFAR holds the address" },
      ],
    },
    plain("MMFAR", 0),
  ],
  explanation: {
    kind: "null-dereference",
    verdict: "crash stored 4 bytes through a null pointer in store (main.c:8).",
    details: ["No region of the MPU lets the app use 0x00000000."],
    instruction: { address: 0x40080, text: "str r3, [r2]" },
    place,
    access: { kind: "write", address: 0, size: 4 },
    culprit: { expression: "last_reading", value: "0x00000000" },
    nearest: { name: "flash of crash", low: 0x40000, high: 0x41000, distance: 0x40000 },
    fix: { text: "Set last_reading before it is used.", variable: "last_reading" },
  },
  notes: [],
  dump: "panicked at…",
  markdown: "# crash",
};
