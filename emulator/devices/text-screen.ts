// A display of two lines of 16 characters, the HD44780 as upstream drives it (capsules/extra/src/hd44780.rs): its memory
// has 40 characters a line, of which the first 16 are seen.
import type { Clock } from "../base/clock.js";
import type { OutputValue, Trace } from "../base/trace.js";
import type { TextScreen, TextScreenClient, TextScreenFailure } from "../hil/text-screen.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

const WIDTH = 16;
const LINES = 2;
/** Characters of a line in memory. */
const LINE_LENGTH = 40;

/** Two half bytes, each with a pulse of two times 2 ms. */
const MILLISECONDS_PER_BYTE = 8;
const MILLISECONDS_TO_CLEAR = 10;
const MILLISECONDS_TO_START = 200;

export interface TextScreenState {
  /** Character codes, line by line. */
  memory: Uint8Array;
  /** Where the next character goes. */
  position: number;
  initialized: boolean;
  on: boolean;
  cursor: boolean;
  blink: boolean;
  busy: { buffer: Uint8Array; length: number } | "command" | null;
}

export class TextScreenDevice implements Device<TextScreenState>, TextScreen {
  readonly name = "textScreen";
  readonly #clock: Clock;
  readonly #trace: Trace;
  #client: TextScreenClient | undefined;
  #state: TextScreenState = {
    memory: new Uint8Array(LINES * LINE_LENGTH).fill(0x20),
    position: 0,
    initialized: false,
    on: false,
    cursor: false,
    blink: false,
    busy: null,
  };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setClient(client: TextScreenClient): void {
    this.#client = client;
  }

  getSize(): readonly [number, number] {
    return [WIDTH, LINES];
  }

  print(buffer: Uint8Array, length: number): TextScreenFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    this.#state.busy = { buffer, length };
    this.#schedule(length * MILLISECONDS_PER_BYTE);
    return undefined;
  }

  /** Lines beyond the last are the last. */
  setCursor(x: number, y: number): TextScreenFailure | undefined {
    const line = Math.min(y & 0xff, LINES - 1);
    const position = (line * LINE_LENGTH + (x & 0xff)) % (LINES * LINE_LENGTH);
    return this.#command({ position });
  }

  hideCursor(): TextScreenFailure | undefined {
    return this.#command({ cursor: false });
  }

  showCursor(): TextScreenFailure | undefined {
    return this.#command({ cursor: true });
  }

  blinkCursorOn(): TextScreenFailure | undefined {
    return this.#command({ blink: true });
  }

  blinkCursorOff(): TextScreenFailure | undefined {
    return this.#command({ blink: false });
  }

  /** The first time the display is set up, and cleared. */
  displayOn(): TextScreenFailure | undefined {
    const { initialized } = this.#state;
    if (initialized) return this.#command({ on: true });
    return this.#command({ initialized: true, on: true, ...cleared() }, MILLISECONDS_TO_START);
  }

  displayOff(): TextScreenFailure | undefined {
    return this.#command({ on: false });
  }

  clear(): TextScreenFailure | undefined {
    return this.#command(cleared(), MILLISECONDS_TO_CLEAR);
  }

  /** What stands on it, a line each. */
  shown(): OutputValue {
    const { on, cursor, blink, position } = this.#state;
    const [cursorX, cursorY] = [position % LINE_LENGTH, Math.floor(position / LINE_LENGTH)];
    return { width: WIDTH, height: LINES, on, text: this.#text(), cursor, blink, cursorX, cursorY };
  }

  face(): Face {
    return { kind: "text", text: this.#text(), lines: LINES };
  }

  onEvent(): void {
    const { busy } = this.#state;
    this.#state.busy = null;
    if (busy === null) return;
    if (busy !== "command") this.#put(busy.buffer.subarray(0, busy.length));
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
    if (busy === "command") this.#client?.commandComplete(undefined);
    else this.#client?.writeComplete(busy.buffer, busy.length, undefined);
  }

  save(): TextScreenState {
    return structuredClone(this.#state);
  }

  load(state: TextScreenState): void {
    this.#state = structuredClone(state);
  }

  /** Empty when it is off. */
  #text(): string {
    const { memory, on } = this.#state;
    const lines = Array.from({ length: LINES }, (_, i) =>
      String.fromCharCode(...memory.subarray(i * LINE_LENGTH, i * LINE_LENGTH + WIDTH)),
    );
    return on ? lines.join("\n") : "";
  }

  #put(characters: Uint8Array): void {
    const state = this.#state;
    // A display that was never switched on has not been set up and understands nothing.
    if (!state.initialized) return;
    for (const character of characters) {
      state.memory[state.position] = character;
      state.position = (state.position + 1) % state.memory.length;
    }
  }

  #command(
    change: Partial<TextScreenState>,
    milliseconds = MILLISECONDS_PER_BYTE,
  ): TextScreenFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    Object.assign(this.#state, change);
    this.#state.busy = "command";
    this.#schedule(milliseconds);
    return undefined;
  }

  #schedule(milliseconds: number): void {
    this.#clock.schedule(this.name, 0, (milliseconds * this.#clock.frequency) / 1000);
  }
}

const cleared = () => ({ memory: new Uint8Array(LINES * LINE_LENGTH).fill(0x20), position: 0 });
