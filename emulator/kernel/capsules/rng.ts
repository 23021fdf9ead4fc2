// Random bytes, driver 0x40001 (capsules/core/src/rng.rs). Grant [1 upcall, 0, 1 read-write allow].
//
//   command 0                existence check
//   command 1  length        fill read-write buffer 0; upcall 0 (0, bytes written, 0)
//
// A new request replaces the old one. A request for no bytes makes no upcall.
import type { Stateful } from "../../base/stateful.js";
import type { Continue, Rng, RngClient } from "../../hil/rng.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;

/** Bytes still wanted, and how many stand in the buffer. */
const layout = { remaining: "u32", index: "u32" } as const;

export const RNG_GRANT: GrantShape<typeof layout> = {
  driver: 0x40001,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 1,
  data: layout,
};

export interface RngDriverState {
  gettingRandomness: boolean;
}

export class RngDriver implements SyscallDriver, RngClient, Stateful<RngDriverState> {
  readonly #rng: Rng;
  readonly #grant: Grant<typeof layout>;
  #gettingRandomness = false;

  constructor(rng: Rng, grant: Grant<typeof layout>) {
    this.#rng = rng;
    this.#grant = grant;
    rng.setRngClient(this);
  }

  command(commandNum: number, length: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    return this.#grant.command(process, view => {
      view.data.remaining = length;
      view.data.index = 0;
      if (!this.#gettingRandomness) {
        this.#gettingRandomness = true;
        this.#rng.get();
      }
      return Return.success();
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  randomnessAvailable(next: () => number | undefined): Continue {
    let done = true;
    this.#grant.each(view => {
      // Behind an app that wants more there is nothing left for others.
      if (!done || view.data.remaining === 0) return;
      fill(view, next);
      if (view.data.remaining > 0) done = false;
      else view.scheduleUpcall(UPCALL, 0, view.data.index, 0);
    });
    if (done) this.#gettingRandomness = false;
    return done ? "Done" : "More";
  }

  save(): RngDriverState {
    return { gettingRandomness: this.#gettingRandomness };
  }

  load(state: RngDriverState): void {
    this.#gettingRandomness = state.gettingRandomness;
  }
}

/** Puts the words there are into the app's buffer; a buffer swapped for a shorter one ends the request. */
function fill({ data, readWrite }: GrantView<typeof layout>, next: () => number | undefined): void {
  const buffer = readWrite(BUFFER);
  let { index, remaining } = data;
  if (buffer.length < index) {
    index = 0;
    remaining = 0;
  }
  remaining = Math.min(remaining, buffer.length - index);
  while (remaining > 0) {
    const word = next();
    if (word === undefined) break;
    const bytes = Uint8Array.from([word, word >>> 8, word >>> 16, word >>> 24]).subarray(
      0,
      remaining,
    );
    buffer.write(index, bytes);
    index += bytes.length;
    remaining -= bytes.length;
  }
  data.index = index;
  data.remaining = remaining;
}
