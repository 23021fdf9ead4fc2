// Grants in the RAM of their processes (kernel/src/grant.rs). An allocation, from low to high addresses:
//   counters word: bytes 0 to 2 count upcalls, read-only allows, read-write allows
//   saved upcalls {userdata, function pointer}, read-only allows {address, length}, read-write allows {address, length}
//   padding to the alignment of the driver's part, then that part
import { hex } from "../base/bits.js";
import type { Memory } from "../bus/memory.js";
import type { Acts } from "./acts.js";
import { errorCodeOf, type ProcessError, type ProcessId } from "./driver.js";
import type {
  Entered,
  Fields,
  Grant,
  GrantShape,
  GrantView,
  Layout,
  UpcallError,
  WriteableBuffer,
} from "./grant.js";
import type { GrantRegionView } from "./inspect.js";
import { describeFields, fieldAccess, type PlacedLayout, placeFields } from "./layout.js";
import { KernelPanic } from "./panic.js";
import type { Process } from "./process.js";
import { ErrorCode, Return, type SyscallReturn } from "./syscalls.js";

const COUNTERS_SIZE = 4;
const SLOT_SIZE = 8;

/** What grants need of the kernel. */
export interface GrantHost {
  readonly memory: Memory;
  /** The process of this very life, `undefined` if it is gone. */
  getProcess(id: ProcessId): Process | undefined;
  /** Every process slot in use, in order. */
  allProcesses(): Iterable<Process>;
  /** Queues an upcall whose function is saved at `saved`. */
  scheduleUpcall(
    process: Process,
    upcall: { driver: number; subscribe: number },
    saved: { functionPointer: number; userdata: number },
    values: readonly [number, number, number],
  ): UpcallError | undefined;
  /** One line of `trace_syscalls`, made only if somebody wants it. */
  traceSyscall(pid: number, text: () => string): void;
  readonly acts: Acts;
}

/** Kind of a saved slot, in the order in which they lie. */
type SlotKind = 0 | 1 | 2;
const UPCALL: SlotKind = 0;
export const READ_ONLY: SlotKind = 1;
export const READ_WRITE: SlotKind = 2;

/** Address of slot `n` of a kind in the allocation at `base`, `undefined` when there are not so many. */
function slotAddress(memory: Memory, base: number, kind: SlotKind, n: number): number | undefined {
  if (n >= memory.read8(base + kind)) return undefined;
  let before = n;
  for (let k = 0; k < kind; k++) before += memory.read8(base + k);
  return base + COUNTERS_SIZE + SLOT_SIZE * before;
}

/** Bytes of the kernel's slots and of padding, in front of the driver's part. */
function dataOffset(shape: GrantShape<Layout>, layout: PlacedLayout): number {
  const slots = shape.upcalls + shape.readOnlyAllows + shape.readWriteAllows;
  const end = COUNTERS_SIZE + SLOT_SIZE * slots;
  return Math.ceil(end / layout.alignment) * layout.alignment;
}

/** Address of the entered-or-not allocation, 0 if there is none. */
const allocationOf = (process: Process, grant: number): number =>
  (process.grantEntry(grant).pointer & ~1) >>> 0;

/** The same for a process that is alive; nobody may enter a grant of another. */
const baseOf = (process: Process, grant: number): number =>
  process.isRunning ? allocationOf(process, grant) : 0;

export class RamGrant<L extends Layout> implements Grant<L> {
  readonly shape: GrantShape<L>;
  readonly number: number;
  readonly layout: PlacedLayout;
  readonly #host: GrantHost;
  readonly #dataOffset: number;
  readonly #fieldsAt: (base: number, check: () => void) => Fields<L>;

  constructor(host: GrantHost, number: number, shape: GrantShape<L>) {
    this.#host = host;
    this.number = number;
    this.shape = shape;
    this.layout = placeFields(shape.data);
    this.#dataOffset = dataOffset(shape, this.layout);
    this.#fieldsAt = fieldAccess<L>(this.layout, host.memory);
  }

  /** Bytes of the whole allocation. */
  get size(): number {
    return this.#dataOffset + this.layout.size;
  }

  enter<R>(id: ProcessId, f: (view: GrantView<L>) => R): Entered<R> {
    const process = this.#host.getProcess(id);
    if (process === undefined) return { ok: false, error: "NoSuchApp" };
    if (!process.isRunning) return { ok: false, error: "InactiveApp" };
    if (baseOf(process, this.number) === 0 && !this.#allocate(process)) {
      this.#tellFailed(process);
      return { ok: false, error: "OutOfMemory" };
    }
    return { ok: true, value: this.#access(process, f) };
  }

  command(id: ProcessId, f: (view: GrantView<L>) => SyscallReturn): SyscallReturn {
    const entered = this.enter(id, f);
    return entered.ok ? entered.value : Return.failure(errorCodeOf[entered.error]);
  }

  each(f: (view: GrantView<L>, process: ProcessId) => void): void {
    for (const process of this.#host.allProcesses())
      if (baseOf(process, this.number) !== 0) this.#access(process, view => f(view, process.id));
  }

  allocate(id: ProcessId): ProcessError | undefined {
    const entered = this.enter(id, () => undefined);
    return entered.ok ? undefined : entered.error;
  }

  /** The allocation as a debugger shows it; size 0 while there is none. */
  view(process: Process): GrantRegionView {
    const { shape, number } = this;
    const base = allocationOf(process, number);
    const { memory } = this.#host;
    const slots = (kind: SlotKind) =>
      Array.from({ length: base === 0 ? 0 : memory.read8(base + kind) }, (_, n) => {
        const at = slotAddress(memory, base, kind, n) as number;
        return { n, first: memory.read32(at), second: memory.read32(at + 4) };
      });
    const allows = (kind: SlotKind) =>
      slots(kind).map(({ n, first, second }) => ({ allow: n, address: first, length: second }));
    return {
      number,
      driver: shape.driver,
      address: base,
      size: base === 0 ? 0 : this.size,
      upcalls: slots(UPCALL).map(({ n, first, second }) => ({
        subscribe: n,
        functionPointer: second,
        userdata: first,
      })),
      readOnlyAllows: allows(READ_ONLY),
      readWriteAllows: allows(READ_WRITE),
      fields: base === 0 ? [] : describeFields(this.layout, memory, base + this.#dataOffset),
    };
  }

  #allocate(process: Process): boolean {
    const { shape, layout, size } = this;
    const alignment = Math.max(4, layout.alignment);
    if (!process.allocateGrant(this.number, shape.driver, size, alignment)) return false;
    const base = baseOf(process, this.number);
    const { memory } = this.#host;
    memory.write8(base, shape.upcalls);
    memory.write8(base + 1, shape.readOnlyAllows);
    memory.write8(base + 2, shape.readWriteAllows);
    return true;
  }

  /** Once per step, however often a driver tries. */
  #tellFailed({ data: { index, pid, appBreak, kernelBreak } }: Process): void {
    const { acts } = this.#host;
    const { size } = this;
    const { driver } = this.shape;
    if (acts.hasFailedGrant(index, driver)) return;
    const free = kernelBreak - appBreak;
    acts.push({ kind: "grantFailed", process: index, driver, size, free }, pid);
  }

  #access<R>(process: Process, f: (view: GrantView<L>) => R): R {
    const { pointer } = process.grantEntry(this.number);
    if ((pointer & 1) !== 0)
      throw new KernelPanic("Attempted to re-enter a grant region.", "kernel/src/grant.rs:1434:17");
    const alive = { entered: true };
    process.setGrantPointer(this.number, pointer | 1);
    const view = this.#makeView(process, pointer, alive);
    let value: R;
    try {
      value = f(view);
    } finally {
      alive.entered = false;
    }
    // A panic leaves the grant entered, as upstream does.
    const base = baseOf(process, this.number);
    if (base !== 0) process.setGrantPointer(this.number, base);
    return value;
  }

  #makeView(process: Process, base: number, alive: { entered: boolean }): GrantView<L> {
    const host = this.#host;
    const { memory } = host;
    const { driver } = this.shape;
    const check = () => {
      if (!alive.entered) throw new Error("a grant was used after it was left");
    };
    return {
      data: this.#fieldsAt(base + this.#dataOffset, check),
      scheduleUpcall(subscribe, arg0, arg1, arg2) {
        check();
        const at = slotAddress(memory, base, UPCALL, subscribe);
        if (at === undefined) {
          const text = () => `schedule[${hex(driver)}:${subscribe}] invalid subscribe_num`;
          host.traceSyscall(process.data.pid, text);
          return "InvalidSubscribeNum";
        }
        const saved = { userdata: memory.read32(at), functionPointer: memory.read32(at + 4) };
        const values = [arg0 >>> 0, arg1 >>> 0, arg2 >>> 0] as const;
        return host.scheduleUpcall(process, { driver, subscribe }, saved, values);
      },
      readOnly: n => bufferAt(memory, slotAddress(memory, base, READ_ONLY, n), check),
      readWrite: n => bufferAt(memory, slotAddress(memory, base, READ_WRITE, n), check),
    };
  }
}

/** The buffer saved in a slot, checked at every access. */
function bufferAt(memory: Memory, slot: number | undefined, check: () => void): WriteableBuffer {
  check();
  const length = slot === undefined ? 0 : memory.read32(slot + 4);
  // An empty buffer lies at null, wherever the app said that it lay (kernel/src/processbuffer.rs `ptr`).
  const address = slot === undefined || length === 0 ? 0 : memory.read32(slot);
  const within = (offset: number, size: number): number => {
    check();
    if (!(offset >= 0 && offset + size <= length))
      throw new RangeError(`bytes ${offset} to ${offset + size} of a buffer of ${length}`);
    return address + offset;
  };
  return {
    address,
    length,
    read8: offset => memory.read8(within(offset, 1)),
    read: (offset, size) =>
      size === 0 ? new Uint8Array() : memory.readBytes(within(offset, size), size),
    write8: (offset, value) => memory.write8(within(offset, 1), value),
    write: (offset, bytes) => {
      if (bytes.length > 0) memory.writeBytes(within(offset, bytes.length), bytes);
    },
  };
}

/** Swaps a slot that the kernel manages for a driver; the old words, or the error of a subscribe or allow. */
export function swapSlot(
  process: Process,
  driver: number,
  kind: SlotKind,
  n: number,
  words: readonly [number, number],
): readonly [number, number] | ErrorCode {
  const grant = process.lookupGrant(driver);
  if (grant < 0) return ErrorCode.NOMEM;
  if (!process.isRunning) return ErrorCode.FAIL;
  const { pointer } = process.grantEntry(grant);
  if ((pointer & 1) !== 0) return ErrorCode.NOMEM;
  const { memory } = process.host;
  const at = slotAddress(memory, pointer, kind, n);
  if (at === undefined) return ErrorCode.NOSUPPORT;
  const old = [memory.read32(at), memory.read32(at + 4)] as const;
  memory.write32(at, words[0]);
  memory.write32(at + 4, words[1]);
  return old;
}

/** `swapSlot` for an upcall, as {function pointer, userdata}. */
export function swapUpcall(
  process: Process,
  driver: number,
  subscribe: number,
  upcall: readonly [number, number],
): readonly [number, number] | ErrorCode {
  const old = swapSlot(process, driver, UPCALL, subscribe, [upcall[1], upcall[0]]);
  return typeof old === "number" ? old : [old[1], old[0]];
}
