// Screens as capsules see them (kernel/src/hil/screen.rs). A buffer is given away with `write` and comes back with its
// completion.

/** Quarter turns. */
export type ScreenRotation = 0 | 1 | 2 | 3;

/**
 * As upstream numbers them: 0 one bit a pixel, 1 RGB 332, 2 RGB 565, 3 RGB 888, 4 BGRA 8888, 5 four bits a pixel (blue,
 * green, red, opaque), 6 one bit a pixel where a byte stands for eight pixels below one another, the lowest bit on top.
 */
export type ScreenPixelFormat = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Names of kernel/src/errorcode.rs. */
export type ScreenFailure = "BUSY" | "OFF" | "INVAL" | "NOMEM" | "NOSUPPORT" | "FAIL";

export interface ScreenClient {
  /** A command is over. Never called from within a request. */
  commandComplete(failure: ScreenFailure | undefined): void;
  writeComplete(buffer: Uint8Array, failure: ScreenFailure | undefined): void;
  /** The screen is ready for the next command, after it was switched on or off. */
  screenIsReady(): void;
}

export interface Screen {
  setClient(client: ScreenClient): void;
  /** Pixels, as the screen is turned. */
  getResolution(): readonly [width: number, height: number];
  getPixelFormat(): ScreenPixelFormat;
  getRotation(): ScreenRotation;
  /** The rectangle that the next writes fill from left to right, from top to bottom. */
  setWriteFrame(x: number, y: number, width: number, height: number): ScreenFailure | undefined;
  /** `more`: goes on behind the last write instead of at the start of the frame. */
  write(buffer: Uint8Array, length: number, more: boolean): ScreenFailure | undefined;
  /** 0 to 65,535. */
  setBrightness(brightness: number): ScreenFailure | undefined;
  setPower(on: boolean): ScreenFailure | undefined;
  setInvert(inverted: boolean): ScreenFailure | undefined;
}

/** What some screens can be set to, besides. Completions go to the client of the screen. */
export interface ScreenSetup {
  setResolution(width: number, height: number): ScreenFailure | undefined;
  setPixelFormat(format: ScreenPixelFormat): ScreenFailure | undefined;
  setRotation(rotation: ScreenRotation): ScreenFailure | undefined;
  readonly supportedResolutions: readonly (readonly [width: number, height: number])[];
  readonly supportedPixelFormats: readonly ScreenPixelFormat[];
}
