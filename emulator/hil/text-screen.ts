// A display of characters as capsules see it (kernel/src/hil/text_screen.rs). A buffer is given away with `print` and
// comes back with its completion.

export type TextScreenFailure = "BUSY";

export interface TextScreenClient {
  /** Never called from within a request. */
  commandComplete(failure: TextScreenFailure | undefined): void;
  writeComplete(buffer: Uint8Array, length: number, failure: TextScreenFailure | undefined): void;
}

export interface TextScreen {
  setClient(client: TextScreenClient): void;
  /** Characters in a line, and lines. */
  getSize(): readonly [width: number, height: number];
  print(buffer: Uint8Array, length: number): TextScreenFailure | undefined;
  setCursor(x: number, y: number): TextScreenFailure | undefined;
  hideCursor(): TextScreenFailure | undefined;
  showCursor(): TextScreenFailure | undefined;
  blinkCursorOn(): TextScreenFailure | undefined;
  blinkCursorOff(): TextScreenFailure | undefined;
  displayOn(): TextScreenFailure | undefined;
  displayOff(): TextScreenFailure | undefined;
  clear(): TextScreenFailure | undefined;
}
