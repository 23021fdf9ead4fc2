// A screen with a frame buffer of its own, as the TFT displays on some boards (capsules/extra/src/st77xx.rs): it takes
// pixels of several formats, can be turned, inverted, dimmed and switched off.
import type { Clock } from "../base/clock.js";
import type { OutputValue, Trace } from "../base/trace.js";
import type {
  Screen,
  ScreenClient,
  ScreenFailure,
  ScreenPixelFormat,
  ScreenRotation,
  ScreenSetup,
} from "../hil/screen.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";
import { PICTURE_TAG, type Picture, PictureOutput, pictureValue } from "./picture.js";
import { eachPixel, pixelBytes } from "./pixels.js";

export interface ScreenOptions {
  /** The first is what it has at power-on. */
  resolutions: readonly (readonly [width: number, height: number])[];
  formats: readonly ScreenPixelFormat[];
}

export interface ScreenState {
  resolution: readonly [width: number, height: number];
  format: ScreenPixelFormat;
  rotation: ScreenRotation;
  brightness: number;
  on: boolean;
  inverted: boolean;
  frame: { x: number; y: number; width: number; height: number };
  /** Bytes of the frame that have been written, those of an unfinished pixel apart. */
  written: number;
  unfinished: Uint8Array;
  /** Red, green and blue of each pixel, as the screen stands. */
  pixels: Uint8Array;
  /** What is under way. */
  busy: { buffer: Uint8Array; length: number } | "command" | "power" | null;
  /** Changes that the world has not been told of. */
  changed: boolean;
}

const DONE = 0;
/** Time of a command, and of a byte at 8 MHz. */
const COMMAND_MICROSECONDS = 10;
const MICROSECONDS_PER_BYTE = 1;
const FULL_BRIGHTNESS = 0xffff;

export class ScreenDevice implements Device<ScreenState>, Screen, ScreenSetup {
  readonly name = "screen";
  readonly supportedResolutions: ScreenOptions["resolutions"];
  readonly supportedPixelFormats: readonly ScreenPixelFormat[];
  readonly #clock: Clock;
  readonly #output: PictureOutput;
  #client: ScreenClient | undefined;
  #state: ScreenState;

  constructor(clock: Clock, trace: Trace, { resolutions, formats }: ScreenOptions) {
    this.#clock = clock;
    this.#output = new PictureOutput(clock, trace, this.name);
    this.supportedResolutions = resolutions;
    this.supportedPixelFormats = formats;
    const [resolution] = resolutions;
    const [format] = formats;
    if (resolution === undefined || format === undefined) throw new Error("a screen of no size");
    this.#state = {
      resolution,
      format,
      rotation: 0,
      brightness: FULL_BRIGHTNESS,
      on: true,
      inverted: false,
      frame: { x: 0, y: 0, width: resolution[0], height: resolution[1] },
      written: 0,
      unfinished: new Uint8Array(),
      pixels: new Uint8Array(3 * resolution[0] * resolution[1]),
      busy: null,
      changed: false,
    };
  }

  setClient(client: ScreenClient): void {
    this.#client = client;
  }

  getResolution(): readonly [number, number] {
    const { resolution, rotation } = this.#state;
    const [width, height] = resolution;
    return rotation % 2 === 0 ? [width, height] : [height, width];
  }

  getPixelFormat(): ScreenPixelFormat {
    return this.#state.format;
  }

  getRotation(): ScreenRotation {
    return this.#state.rotation;
  }

  setWriteFrame(x: number, y: number, width: number, height: number): ScreenFailure | undefined {
    const [w, h] = this.getResolution();
    if (this.#state.busy !== null) return "BUSY";
    if (x + width > w || y + height > h) return "INVAL";
    return this.#command({ frame: { x, y, width, height }, written: 0 });
  }

  write(buffer: Uint8Array, length: number, more: boolean): ScreenFailure | undefined {
    const state = this.#state;
    if (state.busy !== null) return "BUSY";
    if (!more) {
      state.written = 0;
      state.unfinished = new Uint8Array();
    }
    state.busy = { buffer, length };
    this.#schedule(length * MICROSECONDS_PER_BYTE);
    return undefined;
  }

  setBrightness(brightness: number): ScreenFailure | undefined {
    return this.#command({ brightness });
  }

  setPower(on: boolean): ScreenFailure | undefined {
    const failure = this.#command({ on });
    if (failure === undefined) this.#state.busy = "power";
    return failure;
  }

  setInvert(inverted: boolean): ScreenFailure | undefined {
    return this.#command({ inverted });
  }

  setResolution(width: number, height: number): ScreenFailure | undefined {
    const resolution = this.supportedResolutions.find(([w, h]) => w === width && h === height);
    if (resolution === undefined) return "NOSUPPORT";
    const frame = { x: 0, y: 0, width, height };
    return this.#command({ resolution, frame, pixels: new Uint8Array(3 * width * height) });
  }

  setPixelFormat(format: ScreenPixelFormat): ScreenFailure | undefined {
    if (!this.supportedPixelFormats.includes(format)) return "NOSUPPORT";
    return this.#command({ format, written: 0, unfinished: new Uint8Array() });
  }

  setRotation(rotation: ScreenRotation): ScreenFailure | undefined {
    return this.#command({ rotation });
  }

  shown(): OutputValue {
    return pictureValue(this.#picture());
  }

  face(): Face {
    return { kind: "screen", picture: this.#picture() };
  }

  onEvent(tag: number): void {
    const state = this.#state;
    if (tag === PICTURE_TAG) {
      state.changed = false;
      this.#output.emit(this.shown());
      return;
    }
    const { busy } = state;
    state.busy = null;
    if (busy === "command") this.#client?.commandComplete(undefined);
    else if (busy === "power") this.#client?.screenIsReady();
    else if (busy !== null) {
      this.#draw(busy.buffer.slice(0, busy.length));
      this.#client?.writeComplete(busy.buffer, undefined);
    }
  }

  save(): ScreenState {
    return structuredClone(this.#state);
  }

  load(state: ScreenState): void {
    this.#state = structuredClone(state);
  }

  #picture(): Picture {
    const { resolution, on, brightness, pixels, inverted } = this.#state;
    const [width, height] = resolution;
    const lit = on ? pixels.map(byte => (inverted ? 255 - byte : byte)) : pixels.map(() => 0);
    return { width, height, on, brightness, pixels: lit };
  }

  /** A command takes effect at once and is over later. */
  #command(change: Partial<ScreenState>): ScreenFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    Object.assign(this.#state, change);
    this.#state.busy = "command";
    this.#change();
    this.#schedule(COMMAND_MICROSECONDS);
    return undefined;
  }

  #schedule(microseconds: number): void {
    this.#clock.schedule(this.name, DONE, (microseconds * this.#clock.frequency) / 1e6);
  }

  #change(): void {
    this.#output.changed(this.#state.changed);
    this.#state.changed = true;
  }

  /** Puts bytes into the frame, going round behind its end. */
  #draw(bytes: Uint8Array): void {
    const state = this.#state;
    const { format, frame, written } = state;
    const joined = Uint8Array.from([...state.unfinished, ...bytes]);
    const whole = joined.length - (joined.length % pixelBytes(format));
    state.unfinished = joined.slice(whole);
    state.written += whole;
    if (frame.width === 0 || frame.height === 0) return;
    const rows = format === 6 ? Math.ceil(frame.height / 8) * 8 : frame.height;
    const run = { format, bytes: joined.subarray(0, whole), offset: written, width: frame.width };
    eachPixel(run, (x, y, colour) => {
      const row = y % rows;
      if (row < frame.height) this.#set(frame.x + x, frame.y + row, colour);
    });
    this.#change();
  }

  /** One pixel, where it lies as the screen is turned. */
  #set(x: number, y: number, colour: readonly number[]): void {
    const { resolution, rotation, pixels } = this.#state;
    const [width, height] = resolution;
    const places = [
      [x, y],
      [width - 1 - y, x],
      [width - 1 - x, height - 1 - y],
      [y, height - 1 - x],
    ] as const;
    const [column, row] = places[rotation];
    if (column < 0 || column >= width || row < 0 || row >= height) return;
    pixels.set(colour, 3 * (row * width + column));
  }
}
