// The apps of the recorded transcripts, assembled by hand: same names, places, sizes and system calls as the libtock-rs
// programs that ran on the real kernels. What they compute and how fast does not matter.
import { writeTbfHeader } from "../../emulator/formats/tbf-write.js";
import { SyscallClass } from "../../emulator/kernel/syscalls.js";
import { Assembler } from "../emulator/guest.js";

const { Subscribe, ReadOnlyAllow, ReadWriteAllow } = SyscallClass;
const Driver = { alarm: 0, console: 1 } as const;
/** Header and padding of a libtock-rs TBF. */
const PROTECTED_SIZE = 128;

export interface Place {
  flash: number;
  ram: number;
  flashSize?: number;
  stackSize?: number;
}

/** What the programs have on their stack, in bytes. */
const USED_STACK = 64;

/** An app at fixed addresses whose process block has 8 KiB. */
export function recordedApp(name: string, program: Assembler, place: Place): Uint8Array {
  const start = place.flash + PROTECTED_SIZE;
  const totalSize = place.flashSize ?? 4096;
  const fields = {
    enabled: true,
    totalSize,
    initFunctionOffset: 0,
    protectedTrailerSize: 0,
    minimumRamSize: (place.stackSize ?? 2048) + 2048,
    binaryEndOffset: totalSize,
    binaryVersion: 0,
    name,
    writeableFlashRegions: [],
    fixedAddressRam: place.ram,
    fixedAddressFlash: start,
    kernelVersion: { major: 2, minor: 0 },
  };
  const padding = PROTECTED_SIZE - writeTbfHeader(fields).length;
  const header = { ...fields, protectedTrailerSize: padding, initFunctionOffset: padding + 1 };
  const app = new Uint8Array(totalSize);
  app.set(writeTbfHeader(header));
  app.set(program.bytes(start), PROTECTED_SIZE);
  return app;
}

/** libtock-rs's programs in the system calls that they make. */
export class Recorded extends Assembler {
  #strings: [string, string][] = [];
  readonly #stackTop: number;

  /** Sets break, stack and the kernel's notes of them: three system calls. */
  constructor({ ram, stackSize = 2048 }: Place) {
    super();
    this.#stackTop = ram + stackSize;
    this.memop(0, this.#stackTop).set(0, this.#stackTop).move(13, 0);
    this.memop(10, this.#stackTop).memop(11, this.#stackTop).useStack(USED_STACK);
  }

  /** sub sp, #bytes */
  useStack(bytes: number): this {
    return this.halfwords(0xb080 | (bytes / 4));
  }

  /** Writes to the console and waits: six system calls. */
  print(text: string): this {
    const label = `text${this.#strings.length}`;
    this.#strings.push([label, text]);
    const length = new TextEncoder().encode(text).length;
    return this.address(2, label, false)
      .syscall(ReadOnlyAllow, Driver.console, 1, undefined, length)
      .address(2, "upcall")
      .syscall(Subscribe, Driver.console, 1, undefined, 0)
      .command(Driver.console, 1, length)
      .yieldWait()
      .syscall(ReadOnlyAllow, Driver.console, 1, 0, 0)
      .syscall(Subscribe, Driver.console, 1, 0, 0);
  }

  /** Reads from the console into the bottom of the stack. */
  read(length: number): this {
    return this.syscall(ReadWriteAllow, Driver.console, 1, this.#stackTop - 1024, length)
      .address(2, "upcall")
      .syscall(Subscribe, Driver.console, 2, undefined, 0)
      .command(Driver.console, 2, length)
      .yieldWait()
      .syscall(ReadWriteAllow, Driver.console, 1, 0, 0)
      .syscall(Subscribe, Driver.console, 2, 0, 0);
  }

  /** Computes for so many rounds of two cycles: movw, movt; subs r0, #1; bne. */
  compute(rounds: number): this {
    return this.set(0, rounds).halfwords(0x3801, 0xd1fd);
  }

  /** Five system calls. */
  sleep(ticks: number): this {
    return this.command(Driver.alarm, 1)
      .address(2, "upcall")
      .syscall(Subscribe, Driver.alarm, 0, undefined, 0)
      .command(Driver.alarm, 5, ticks)
      .yieldWait()
      .syscall(Subscribe, Driver.alarm, 0, 0, 0);
  }

  /** What the code refers to; the program ends here. */
  override bytes(base: number): Uint8Array {
    this.label("upcall").return();
    for (const [label, text] of this.#strings) this.text(label, text);
    return super.bytes(base);
  }
}

const idle: Place = { flash: 0x48000, ram: 0x20018000 };
const first: Place = { flash: 0x40000, ram: 0x20010000 };
const third: Place = { flash: 0x50000, ram: 0x20020000, stackSize: 256 };
const SECOND_IN_TICKS = 32_768;

export const idleApp = (): Uint8Array =>
  recordedApp(
    "x_idle",
    new Recorded(idle)
      .print("[idle] sleeping\n")
      .label("loop")
      .sleep(SECOND_IN_TICKS)
      .branch("loop"),
    idle,
  );

/** Prints a line and exits. */
export const consoleApp = (): Uint8Array =>
  recordedApp("console", new Recorded(third).print("Hello world!\n").exit(0), third);

/** Prints its line in two pieces every half second. */
export const helloApp = (): Uint8Array =>
  recordedApp(
    "x_hello",
    new Recorded(first)
      .label("loop")
      .print("[hello] count=0 ticks=")
      .print("Ok(0)\n")
      .sleep(SECOND_IN_TICKS / 2)
      .branch("loop"),
    first,
  );

/** Lets the idle app print first, prints a line, then does what `end` does. */
export function firstApp(
  name: string,
  line: string,
  end: (app: Recorded) => Recorded,
  flashSize = 4096,
): Uint8Array {
  const place = { ...first, flashSize };
  return recordedApp(name, end(new Recorded(place).compute(1_000_000).print(line)), place);
}
