// Keys of any length over TicKV (capsules/extra/src/tickv_kv_store.rs): they are hashed, and replacing a value is
// invalidating the old one and appending the new one.
import { sipHash24 } from "../../base/sip-hash.js";
import type { Stateful } from "../../base/stateful.js";
import type { Kv, KvClient, KvFailure, KvOperation } from "../../hil/kv.js";
import type { TicKv, TicKvClient } from "./tickv.js";
import type { TicKvError } from "./tickv-format.js";

export interface TicKvStoreState {
  operation: KvOperation | null;
  /** What TicKV does for it now. */
  step: "get" | "append" | "invalidate" | "collect";
  hash: Uint8Array;
  value: Uint8Array;
}

const idle = (): TicKvStoreState => ({
  operation: null,
  step: "get",
  hash: new Uint8Array(),
  value: new Uint8Array(),
});

/** What an error of each step is to the client; any other is FAIL. */
const failures: Record<KvOperation, Partial<Record<TicKvError, KvFailure>>> = {
  get: { BufferTooSmall: "SIZE", KeyNotFound: "NOSUPPORT" },
  set: { FlashFull: "NOMEM" },
  add: { KeyAlreadyExists: "NOSUPPORT", FlashFull: "NOMEM" },
  update: { FlashFull: "NOMEM" },
  delete: { KeyNotFound: "NOSUPPORT" },
  garbageCollect: {},
};

export class TicKvStore implements Kv, TicKvClient, Stateful<TicKvStoreState> {
  readonly #tickv: TicKv;
  #client: KvClient | undefined;
  #state: TicKvStoreState = idle();

  constructor(tickv: TicKv) {
    this.#tickv = tickv;
    tickv.setTicKvClient(this);
  }

  setKvClient(client: KvClient): void {
    this.#client = client;
  }

  get(key: Uint8Array, room: number): KvFailure | undefined {
    return this.#start({ operation: "get", step: "get" }, key, () =>
      this.#tickv.get(this.#state.hash, room),
    );
  }

  set(key: Uint8Array, value: Uint8Array): KvFailure | undefined {
    return this.#start({ operation: "set", step: "append", value }, key, () => this.#append());
  }

  add(key: Uint8Array, value: Uint8Array): KvFailure | undefined {
    return this.#start({ operation: "add", step: "append", value }, key, () => this.#append());
  }

  update(key: Uint8Array, value: Uint8Array): KvFailure | undefined {
    return this.#start({ operation: "update", step: "invalidate", value }, key, () =>
      this.#tickv.invalidate(this.#state.hash),
    );
  }

  delete(key: Uint8Array): KvFailure | undefined {
    return this.#start({ operation: "delete", step: "invalidate" }, key, () =>
      this.#tickv.invalidate(this.#state.hash),
    );
  }

  garbageCollect(): KvFailure | undefined {
    const collect = { operation: "garbageCollect", step: "collect" } as const;
    return this.#start(collect, new Uint8Array(), () => this.#tickv.garbageCollect());
  }

  ticKvComplete(error: TicKvError | undefined, value: Uint8Array): void {
    const { operation, step } = this.#state;
    if (operation === null) return;
    const replaces = operation === "set" || operation === "update";
    if (operation === "set" && step === "append" && error === "KeyAlreadyExists") {
      this.#state.step = "invalidate";
      if (this.#tickv.invalidate(this.#state.hash) !== undefined) this.#finish("FAIL", value);
    } else if (replaces && step === "invalidate") {
      if (error === undefined) this.#appendAgain();
      else this.#finish(operation === "update" ? "NOSUPPORT" : "FAIL", value);
    } else {
      this.#finish(error && (failures[operation][error] ?? "FAIL"), value);
    }
  }

  save(): TicKvStoreState {
    return structuredClone(this.#state);
  }

  load(state: TicKvStoreState): void {
    this.#state = structuredClone(state);
  }

  #start(
    state: Partial<TicKvStoreState>,
    key: Uint8Array,
    request: () => KvFailure | undefined,
  ): KvFailure | undefined {
    if (this.#state.operation !== null) return "BUSY";
    // The least significant byte of the hash is the most significant one to TicKV.
    this.#state = { ...idle(), ...state, hash: sipHash24(key) };
    const failure = request();
    if (failure !== undefined) this.#state = idle();
    return failure;
  }

  #append(): "BUSY" | "SIZE" | undefined {
    return this.#tickv.append(this.#state.hash, this.#state.value);
  }

  #appendAgain(): void {
    this.#state.step = "append";
    const failure = this.#append();
    if (failure !== undefined) this.#finish(failure, new Uint8Array());
  }

  #finish(failure: KvFailure | undefined, value: Uint8Array): void {
    const { operation } = this.#state;
    this.#state = idle();
    if (operation !== null) this.#client?.kvComplete(operation, failure, value);
  }
}
