// One flash controller for several users (capsules/core/src/virtualizers/virtual_flash.rs). A user has one operation at a
// time; the user that was made last is served first.
import type { Stateful } from "../../base/stateful.js";
import type { Flash, FlashClient, FlashFailure } from "../../hil/flash.js";

type Operation =
  | { kind: "read"; page: number }
  | { kind: "erase"; page: number }
  | { kind: "write" | "program"; page: number; bytes: Uint8Array };

export interface FlashMuxState {
  /** Of each user, in the order in which they are served. */
  operations: (Operation | null)[];
  /** Number of the user whose operation is under way. */
  inflight: number | null;
}

export class FlashMux implements FlashClient, Stateful<FlashMuxState> {
  readonly flash: Flash;
  #users: FlashUser[] = [];
  #inflight: FlashUser | undefined;

  constructor(flash: Flash) {
    this.flash = flash;
    flash.setFlashClient(this);
  }

  add(user: FlashUser): void {
    this.#users.unshift(user);
  }

  readComplete(page: Uint8Array): void {
    this.#complete(client => client.readComplete(page));
  }

  writeComplete(): void {
    this.#complete(client => client.writeComplete());
  }

  eraseComplete(): void {
    this.#complete(client => client.eraseComplete());
  }

  doNextOperation(): void {
    if (this.#inflight !== undefined) return;
    const user = this.#users.find(({ operation }) => operation !== null);
    const operation = user?.operation ?? null;
    if (user === undefined || operation === null) return;
    user.operation = null;
    this.#inflight = user;
    // Upstream ignores a refusal, and the user waits for ever.
    if (operation.kind === "write") this.flash.writePage(operation.page, operation.bytes);
    else if (operation.kind === "program") this.flash.programPage(operation.page, operation.bytes);
    else if (operation.kind === "read") this.flash.readPage(operation.page);
    else this.flash.erasePage(operation.page);
  }

  save(): FlashMuxState {
    const inflight = this.#inflight === undefined ? null : this.#users.indexOf(this.#inflight);
    return { operations: structuredClone(this.#users.map(user => user.operation)), inflight };
  }

  load(state: FlashMuxState): void {
    const operations = structuredClone(state.operations);
    this.#users.forEach((user, i) => {
      user.operation = operations[i] ?? null;
    });
    this.#inflight = state.inflight === null ? undefined : this.#users[state.inflight];
  }

  #complete(tell: (client: FlashClient) => void): void {
    const user = this.#inflight;
    this.#inflight = undefined;
    if (user?.client) tell(user.client);
    this.doNextOperation();
  }
}

export class FlashUser implements Flash {
  /** What waits for its turn. */
  operation: Operation | null = null;
  client: FlashClient | undefined;
  readonly #mux: FlashMux;

  constructor(mux: FlashMux) {
    this.#mux = mux;
  }

  get pageSize(): number {
    return this.#mux.flash.pageSize;
  }

  setFlashClient(client: FlashClient): void {
    this.#mux.add(this);
    this.client = client;
  }

  readPage(page: number): FlashFailure | undefined {
    return this.#queue({ kind: "read", page });
  }

  writePage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#queue({ kind: "write", page, bytes });
  }

  programPage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#queue({ kind: "program", page, bytes });
  }

  erasePage(page: number): FlashFailure | undefined {
    return this.#queue({ kind: "erase", page });
  }

  #queue(operation: Operation): undefined {
    this.operation = operation;
    this.#mux.doNextOperation();
  }
}
