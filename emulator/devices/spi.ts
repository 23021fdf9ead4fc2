// A four-wire bus as master with one chip per select line, and the multiplexer that lets several drivers share it
// (chips/nrf52/src/spi.rs, capsules/core/src/virtualizers/virtual_spi.rs). Where no chip is attached, a wire leads from
// the bus's output back to its input.
import type { Clock } from "../base/clock.js";
import type { Trace } from "../base/trace.js";
import type { ClockPhase, ClockPolarity, SpiMasterClient, SpiMasterDevice } from "../hil/spi.js";
import { bytesText } from "./bytes-text.js";
import type { Device } from "./device.js";

/** A chip. It is selected for one transfer. */
export interface SpiPeripheral {
  /** What it answers, byte for byte, to what the master sends. */
  spiTransfer(sent: Uint8Array): Uint8Array;
}

/** A wire from output to input. */
export const loopback: SpiPeripheral = { spiTransfer: sent => sent };

interface Chip {
  peripheral: SpiPeripheral;
  client: SpiMasterClient | undefined;
}

interface ChipState {
  polarity: ClockPolarity;
  phase: ClockPhase;
  /** Bits per second. */
  rate: number;
  transfer: { write: Uint8Array; read: Uint8Array | null } | null;
}

export interface SpiState {
  chips: ChipState[];
  /** Number of the chip that is selected. */
  selected: number | null;
  /** The last transfer, as text. */
  shown: string;
}

/** What the master sends when it has no more bytes but wants to read (register ORC). */
const OVER_READ = 0;

export interface SpiOptions {
  name: string;
  /** Most bits per second that the chip can do. */
  fastest: number;
}

/** chips/nrf52/src/spi.rs */
export const nrf52Spi = (name: string): SpiOptions => ({ name, fastest: 8_000_000 });

/** Every transfer is an output: `sent 9f 00, received 00 7f`. */
export class SpiBus implements Device<SpiState> {
  readonly name: string;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #fastest: number;
  readonly #chips: Chip[] = [];
  #state: SpiState = { chips: [], selected: null, shown: "idle" };

  constructor(clock: Clock, trace: Trace, options: SpiOptions) {
    this.name = options.name;
    this.#clock = clock;
    this.#trace = trace;
    this.#fastest = options.fastest;
  }

  /** A select line with a chip on it, for one driver. Made once, before anything runs. */
  chip(peripheral: SpiPeripheral = loopback): SpiMasterDevice {
    const index = this.#chips.push({ peripheral, client: undefined }) - 1;
    this.#state.chips.push({
      polarity: "IdleLow",
      phase: "SampleLeading",
      rate: 100_000,
      transfer: null,
    });
    const state = () => this.#state.chips[index] as ChipState;
    const set = (settings: Partial<ChipState>) => {
      if (state().transfer !== null) return "BUSY";
      Object.assign(state(), settings);
      return undefined;
    };
    return {
      setClient: client => {
        (this.#chips[index] as Chip).client = client;
      },
      readWriteBytes: (write, read) => {
        const failure = set({ transfer: { write, read } });
        if (failure === undefined) this.#next();
        return failure;
      },
      setPolarity: polarity => set({ polarity }),
      setPhase: phase => set({ phase }),
      setRate: rate => set({ rate }),
      getPolarity: () => state().polarity,
      getPhase: () => state().phase,
      getRate: () => state().rate,
    };
  }

  shown(): string {
    return this.#state.shown;
  }

  onEvent(): void {
    const index = this.#state.selected as number;
    const state = this.#state.chips[index] as ChipState;
    const { write, read } = state.transfer as { write: Uint8Array; read: Uint8Array | null };
    const { peripheral, client } = this.#chips[index] as Chip;
    this.#state.selected = null;
    state.transfer = null;
    const sent = new Uint8Array(Math.max(write.length, read?.length ?? 0)).fill(OVER_READ);
    sent.set(write);
    const received = peripheral.spiTransfer(sent);
    read?.set(received.subarray(0, read.length));
    this.#show(sent, received);
    client?.readWriteDone(write, read, Math.min(write.length, read?.length ?? write.length));
    this.#next();
  }

  save(): SpiState {
    return structuredClone(this.#state);
  }

  load(state: SpiState): void {
    this.#state = structuredClone(state);
  }

  /** Selects the next chip whose transfer waits; the one created last comes first, as upstream's list has it. */
  #next(): void {
    const { chips, selected } = this.#state;
    const index = chips.findLastIndex(chip => chip.transfer !== null);
    if (selected !== null || index < 0) return;
    this.#state.selected = index;
    const { transfer, rate } = chips[index] as ChipState;
    const bytes = Math.max(transfer?.write.length ?? 0, transfer?.read?.length ?? 0);
    const bitsPerSecond = Math.min(Math.max(rate, 1), this.#fastest);
    this.#clock.schedule(this.name, 0, (8 * bytes * this.#clock.frequency) / bitsPerSecond);
  }

  #show(sent: Uint8Array, received: Uint8Array): void {
    const value = `sent ${bytesText(sent)}, received ${bytesText(received)}`;
    this.#state.shown = value;
    this.#trace.emit({ type: "output", device: this.name, value });
  }
}
