// The SSD1306, a display of 128 by 64 pixels, each on or off, on a two-wire bus (its datasheet, sections 8.7 and 9 to 10).
// A transfer begins with a control byte: 0x00 commands follow, 0x40 pixels follow.
import type { Clock } from "../base/clock.js";
import type { OutputValue, Trace } from "../base/trace.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";
import type { I2CPeripheral } from "./i2c.js";
import { PICTURE_TAG, type Picture, PictureOutput, pictureValue } from "./picture.js";

const WIDTH = 128;
const HEIGHT = 64;
const PAGES = HEIGHT / 8;

export interface Ssd1306State {
  /** One byte for eight pixels below one another, the lowest bit on top; page by page. */
  memory: Uint8Array;
  on: boolean;
  inverted: boolean;
  /** All pixels are lit, whatever the memory says. */
  allOn: boolean;
  contrast: number;
  /** 0 horizontal, 1 vertical, 2 within a page. */
  addressingMode: number;
  columns: readonly [start: number, end: number];
  pages: readonly [start: number, end: number];
  column: number;
  page: number;
  startLine: number;
  /** The panel is mounted so that both stand for an upright picture. */
  remapped: boolean;
  upsideDown: boolean;
  changed: boolean;
}

/** Bytes behind a command, where there are any. */
const parameters: Readonly<Record<number, number>> = {
  32: 1, // memory addressing mode
  33: 2, // column address
  34: 2, // page address
  38: 6, // scroll right
  39: 6, // scroll left
  41: 5, // scroll right and up
  42: 5, // scroll left and up
  129: 1, // contrast
  141: 1, // charge pump
  163: 2, // scroll area
  168: 1, // multiplex ratio
  211: 1, // display offset
  213: 1, // clock
  217: 1, // pre-charge
  218: 1, // COM pins
  219: 1, // deselect level
};

export class Ssd1306Device implements Device<Ssd1306State>, I2CPeripheral {
  readonly name = "screen";
  readonly #output: PictureOutput;
  #state: Ssd1306State = {
    memory: new Uint8Array(WIDTH * PAGES),
    on: false,
    inverted: false,
    allOn: false,
    contrast: 0x7f,
    addressingMode: 2,
    columns: [0, WIDTH - 1],
    pages: [0, PAGES - 1],
    column: 0,
    page: 0,
    startLine: 0,
    remapped: false,
    upsideDown: false,
    changed: false,
  };

  constructor(clock: Clock, trace: Trace) {
    this.#output = new PictureOutput(clock, trace, this.name);
  }

  i2cWrite(bytes: Uint8Array): boolean {
    const [control = 0, ...rest] = bytes;
    if ((control & 0x40) !== 0) for (const byte of rest) this.#data(byte);
    else this.#commands(rest);
    this.#output.changed(this.#state.changed);
    this.#state.changed = true;
    return true;
  }

  /** The status register: bit 6 tells that the display is off. */
  i2cRead(length: number): Uint8Array {
    return new Uint8Array(length).fill(this.#state.on ? 0 : 0x40);
  }

  shown(): OutputValue {
    return pictureValue(this.#picture());
  }

  face(): Face {
    return { kind: "screen", picture: this.#picture() };
  }

  onEvent(tag: number): void {
    if (tag !== PICTURE_TAG) return;
    this.#state.changed = false;
    this.#output.emit(this.shown());
  }

  save(): Ssd1306State {
    return structuredClone(this.#state);
  }

  load(state: Ssd1306State): void {
    this.#state = structuredClone(state);
  }

  #picture(): Picture {
    const { memory, on, inverted, allOn, contrast, startLine } = this.#state;
    const { remapped, upsideDown } = this.#state;
    const pixels = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) {
      const line = ((upsideDown ? y : HEIGHT - 1 - y) + startLine) % HEIGHT;
      for (let x = 0; x < WIDTH; x++) {
        const byte = memory[(line >> 3) * WIDTH + (remapped ? x : WIDTH - 1 - x)] as number;
        const lit = allOn || ((byte >> (line & 7)) & 1) !== (inverted ? 1 : 0);
        if (on && lit) pixels.fill(255, 3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3);
      }
    }
    return { width: WIDTH, height: HEIGHT, on, brightness: contrast * 257, pixels };
  }

  #data(byte: number): void {
    const state = this.#state;
    state.memory[state.page * WIDTH + state.column] = byte;
    const [firstColumn, lastColumn] = state.columns;
    const [firstPage, lastPage] = state.pages;
    const nextPage = () => {
      state.page = state.page === lastPage ? firstPage : (state.page + 1) % PAGES;
    };
    if (state.addressingMode === 1) {
      const turned = state.page === lastPage;
      nextPage();
      if (turned) state.column = after(state.column, firstColumn, lastColumn);
    } else if (state.addressingMode === 0) {
      const turned = state.column === lastColumn;
      state.column = after(state.column, firstColumn, lastColumn);
      if (turned) nextPage();
    } else {
      state.column = (state.column + 1) % WIDTH;
    }
  }

  #commands(bytes: readonly number[]): void {
    for (let i = 0; i < bytes.length; i++) {
      const command = bytes[i] as number;
      const count = parameters[command] ?? 0;
      this.#command(command, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0);
      i += count;
    }
  }

  #command(command: number, a: number, b: number): void {
    const state = this.#state;
    if (command < 0x10) state.column = (state.column & 0x70) | command;
    else if (command < 0x20) state.column = ((command & 7) << 4) | (state.column & 15);
    else if (command >= 0x40 && command < 0x80) state.startLine = command & 63;
    else if (command >= 0xb0 && command < 0xb8) state.page = command & 7;
    else if (command === 0x20) state.addressingMode = a & 3;
    else if (command === 0x21) {
      state.columns = [a & 127, b & 127];
      state.column = a & 127;
    } else if (command === 0x22) {
      state.pages = [a & 7, b & 7];
      state.page = a & 7;
    } else if (command === 0x81) state.contrast = a;
    else if ((command & 0xfe) === 0xa0) state.remapped = (command & 1) === 1;
    else if ((command & 0xfe) === 0xa4) state.allOn = (command & 1) === 1;
    else if ((command & 0xfe) === 0xa6) state.inverted = (command & 1) === 1;
    else if ((command & 0xfe) === 0xae) state.on = (command & 1) === 1;
    else if ((command & 0xf7) === 0xc0) state.upsideDown = (command & 8) !== 0;
  }
}

/** The next column, round at the end of the range. */
const after = (column: number, first: number, last: number): number =>
  column === last ? first : (column + 1) % WIDTH;
