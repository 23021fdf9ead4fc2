// What the Board view's two halves say to each other, and the checks of both. Host: board-view.ts, webview: view/board.ts.
import type { BoardBody, BoardPart } from "../../adapter/protocol.js";
import { type Check, either, list, number, object, oneOf, optional, text, truth } from "./check.js";
import { type Empty, isEmpty, isSay, type Say } from "./view-messages.js";

export type { BoardPart };
export type Kind = BoardPart["kind"];
export type Part<K extends Kind> = Extract<BoardPart, { kind: K }>;

/** To the webview: the board as it stands now. */
export interface ShowBoard {
  type: "board";
  board: BoardBody;
}

export type ToBoardView = ShowBoard | Empty | Say;

/** From the webview: it is there, or the user has acted on a device. */
export type FromBoardView =
  | { type: "ready" }
  | { type: "input"; device: string; value: string | number };

const parts: { readonly [K in Kind]: Check<Part<K>> } = {
  led: object<Part<"led">>({
    device: text,
    kind: oneOf("led"),
    lit: truth,
    color: oneOf("red", "green", "blue"),
    columns: optional(number),
  }),
  button: object<Part<"button">>({ device: text, kind: oneOf("button"), down: truth }),
  pin: object<Part<"pin">>({
    device: text,
    kind: oneOf("pin"),
    high: truth,
    output: truth,
    applied: oneOf("1", "0", "open"),
  }),
  quantity: object<Part<"quantity">>({
    device: text,
    kind: oneOf("quantity"),
    unit: text,
    range: ((value: unknown) => list(number)(value) && value.length === 2) as Check<
      readonly [number, number]
    >,
    axes: list(text),
    values: list(number),
    settable: truth,
  }),
  pulses: object<Part<"pulses">>({
    device: text,
    kind: oneOf("pulses"),
    frequency: number,
    duty: number,
    sounds: truth,
  }),
  screen: object<Part<"screen">>({
    device: text,
    kind: oneOf("screen"),
    width: number,
    height: number,
    on: truth,
    brightness: number,
    pixels: text,
  }),
  text: object<Part<"text">>({
    device: text,
    kind: oneOf("text"),
    text,
    lines: optional(number),
  }),
  touch: object<Part<"touch">>({ device: text, kind: oneOf("touch"), fingers: number }),
  terminal: object<Part<"terminal">>({ device: text, kind: oneOf("terminal") }),
  entry: object<Part<"entry">>({ device: text, kind: oneOf("entry"), takes: text, shown: text }),
};

const isPart = ((value: unknown) =>
  Object.values<Check<BoardPart>>(parts).some(check => check(value))) as Check<BoardPart>;

const isBoardBody = object<BoardBody>({
  schema: oneOf(1),
  view: oneOf("board"),
  name: text,
  parts: list(isPart),
});

export const isToBoardView: Check<ToBoardView> = either(
  object<ShowBoard>({ type: oneOf("board"), board: isBoardBody }),
  either(isEmpty, isSay),
);

export const isFromBoardView: Check<FromBoardView> = either(
  object<{ type: "input"; device: string; value: string | number }>({
    type: oneOf("input"),
    device: text,
    value: either(text, number),
  }),
  object<{ type: "ready" }>({ type: oneOf("ready") }),
);
