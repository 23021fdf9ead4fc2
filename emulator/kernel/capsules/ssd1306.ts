// A screen with an SSD1306 on a two-wire bus (capsules/extra/src/ssd1306.rs): 128 by 64 pixels, eight below one another
// in a byte. A frame is counted in such rows of eight.
import type { Stateful } from "../../base/stateful.js";
import type { I2CDevice, I2CError, I2CMasterClient } from "../../hil/i2c.js";
import type { Screen, ScreenClient, ScreenFailure, ScreenSetup } from "../../hil/screen.js";

const WIDTH = 128;
const HEIGHT = 64;
const MONO_8_BIT_PAGE = 6;
/** The first byte of a transfer says whether commands or pixels follow. */
const Control = { commands: 0x00, pixels: 0x40 } as const;
const BUFFER_LENGTH = 1032;

const SetColumnAddress = 0x21;
const SetPageAddress = 0x22;
const SetContrast = 0x81;
const SetDisplayInvert = 0xa6;
const SetDisplayOnOff = 0xae;

/** Upstream's commands from power-on to a picture that stands upright. */
const initialization = (chargePump: boolean): readonly number[] => [
  SetDisplayOnOff,
  ...[0xd5, 0x80], // clock
  ...[0xa8, HEIGHT - 1], // multiplex ratio
  ...[0xd3, 0], // display offset
  0x40, // start line
  ...[0x8d, chargePump ? 0x14 : 0x10],
  ...[0x20, 0], // horizontal addressing
  0xa1, // segment remap
  0xc8, // COM scan direction
  ...[0xda, 0x12], // COM pins
  ...[SetContrast, 0xcf],
  ...[0xd9, 0xf1], // pre-charge period
  ...[0xdb, 0x20], // deselect level
  0xa4, // show the memory
  SetDisplayInvert,
  0x2e, // no scrolling
  SetDisplayOnOff | 1,
];

export interface Ssd1306CapsuleState {
  state: "idle" | "init" | "command" | "write";
  /** `null` while the bus has it. */
  buffer: Uint8Array | null;
  /** The client's buffer during a write. */
  writing: Uint8Array | null;
}

export class Ssd1306
  implements Screen, ScreenSetup, I2CMasterClient, Stateful<Ssd1306CapsuleState>
{
  readonly supportedResolutions = [[WIDTH, HEIGHT]] as const;
  readonly supportedPixelFormats = [MONO_8_BIT_PAGE] as const;
  readonly #i2c: I2CDevice;
  readonly #chargePump: boolean;
  #client: ScreenClient | undefined;
  #state: Ssd1306CapsuleState = {
    state: "idle",
    buffer: new Uint8Array(BUFFER_LENGTH),
    writing: null,
  };

  constructor(i2c: I2CDevice, chargePump: boolean) {
    this.#i2c = i2c;
    this.#chargePump = chargePump;
    i2c.setClient(this);
  }

  /** Switches the display on; a board calls it once. */
  initScreen(): void {
    this.#send(initialization(this.#chargePump), "init");
  }

  setClient(client: ScreenClient): void {
    this.#client = client;
  }

  getResolution(): readonly [number, number] {
    return [WIDTH, HEIGHT];
  }

  getPixelFormat(): 6 {
    return MONO_8_BIT_PAGE;
  }

  getRotation(): 0 {
    return 0;
  }

  setWriteFrame(x: number, y: number, width: number, height: number): ScreenFailure | undefined {
    const page = Math.floor(y / 8);
    const pages = [SetPageAddress, page, page + Math.floor(height / 8) - 1];
    return this.#send([...pages, SetColumnAddress, x, x + width - 1]);
  }

  /** Bytes beyond the buffer's length are left out. */
  write(data: Uint8Array, length: number): ScreenFailure | undefined {
    const { buffer } = this.#state;
    if (buffer === null) return "NOMEM";
    const count = Math.min(buffer.length - 1, length);
    buffer[0] = Control.pixels;
    buffer.set(data.subarray(0, count), 1);
    const failure = this.#transmit(buffer, count + 1, "write");
    if (failure === undefined) this.#state.writing = data;
    return failure;
  }

  setBrightness(brightness: number): ScreenFailure | undefined {
    return this.#send([SetContrast, brightness >> 8]);
  }

  setPower(on: boolean): ScreenFailure | undefined {
    return this.#send([SetDisplayOnOff | (on ? 1 : 0)]);
  }

  setInvert(inverted: boolean): ScreenFailure | undefined {
    return this.#send([SetDisplayInvert | (inverted ? 1 : 0)]);
  }

  setResolution(): ScreenFailure {
    return "NOSUPPORT";
  }

  setPixelFormat(): ScreenFailure {
    return "NOSUPPORT";
  }

  setRotation(): ScreenFailure {
    return "NOSUPPORT";
  }

  /** Upstream does not look at the bus's errors. */
  commandComplete(buffer: Uint8Array, _error: I2CError | undefined): void {
    const { state, writing } = this.#state;
    this.#state = { state: "idle", buffer, writing: state === "write" ? null : writing };
    this.#i2c.disable();
    if (state === "init") this.#client?.screenIsReady();
    else if (state === "command") this.#client?.commandComplete(undefined);
    else if (state === "write" && writing !== null) this.#client?.writeComplete(writing, undefined);
  }

  save(): Ssd1306CapsuleState {
    return structuredClone(this.#state);
  }

  load(state: Ssd1306CapsuleState): void {
    this.#state = structuredClone(state);
  }

  #send(
    commands: readonly number[],
    state: "init" | "command" = "command",
  ): ScreenFailure | undefined {
    const { buffer } = this.#state;
    if (this.#state.state !== "idle") return "BUSY";
    if (buffer === null) return "NOMEM";
    buffer.set([Control.commands, ...commands]);
    return this.#transmit(buffer, commands.length + 1, state);
  }

  #transmit(
    buffer: Uint8Array,
    length: number,
    state: Ssd1306CapsuleState["state"],
  ): ScreenFailure | undefined {
    this.#state.buffer = null;
    this.#i2c.enable();
    if (this.#i2c.write(buffer, length) !== undefined) {
      this.#state.buffer = buffer;
      if (state !== "write") this.#i2c.disable();
      return "INVAL";
    }
    this.#state.state = state;
    return undefined;
  }
}
