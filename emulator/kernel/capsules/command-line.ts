// The line editor of the process console: escape sequences, cursor and history (capsules/core/src/process_console.rs).
import type { Stateful } from "../../base/stateful.js";

/** Bytes of the command buffer; the last one stays 0. */
const COMMAND_BUF_LEN = 64;
/** The unfinished command and the nine before it. */
const HISTORY_LEN = 10;

const EOL = 0x00;
const BACKSPACE = 0x08;
const NLINE = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ESC = 0x1b;
const DEL = 0x7f;
const ASCII_LIMIT = 128;

type Key = "Up" | "Down" | "Left" | "Right" | "Home" | "End" | "Delete" | "Backspace";
/** A key is the state in which its sequence has just been completed. */
type Escape = "Bypass" | "Started" | "Bracket" | "Bracket3" | "Unrecognized" | "UnrecognizedDone";

const bracketKeys: Readonly<Record<string, Key>> = {
  A: "Up",
  B: "Down",
  C: "Right",
  D: "Left",
  H: "Home",
  F: "End",
};

function nextEscape(state: Escape | Key, byte: number): Escape | Key {
  const char = String.fromCharCode(byte);
  switch (state) {
    case "Started":
      if (char === "[") return "Bracket";
      break;
    case "Bracket": {
      const key = bracketKeys[char];
      if (key) return key;
      if (char === "3") return "Bracket3";
      break;
    }
    case "Bracket3":
      if (char === "~") return "Delete";
      break;
    case "Unrecognized":
      break;
    default:
      if (byte === ESC) return "Started";
      return byte === DEL ? "Backspace" : "Bypass";
  }
  return /[A-Za-z~]/.test(char) ? "UnrecognizedDone" : "Unrecognized";
}

export interface CommandLineState {
  command: Uint8Array;
  /** Bytes in the command; the cursor may for a moment lie behind them, as upstream's. */
  index: number;
  cursor: number;
  escape: Escape | Key;
  previousByte: number;
  /** [0] is the unfinished command. */
  history: string[];
  historyIndex: number;
  /** The command on the screen came from the history and has not been copied to [0] yet. */
  historyShown: boolean;
}

const fresh = (): CommandLineState => ({
  command: new Uint8Array(COMMAND_BUF_LEN),
  index: 0,
  cursor: 0,
  escape: "Bypass",
  previousByte: EOL,
  history: new Array<string>(HISTORY_LEN).fill(""),
  historyIndex: 0,
  historyShown: false,
});

/** Takes typed bytes one by one and echoes through `write`, in the same pieces as upstream. */
export class CommandLine implements Stateful<CommandLineState> {
  readonly #write: (bytes: readonly number[]) => void;
  #state = fresh();

  constructor(write: (bytes: readonly number[]) => void) {
    this.#write = write;
  }

  /** True when the byte ended a line; `take` then gives the command. */
  receive(byte: number): boolean {
    const state = this.#state;
    state.escape = nextEscape(state.escape, byte);
    const previous = state.previousByte;
    state.previousByte = byte;
    switch (state.escape) {
      case "Bypass":
      case "Started":
      case "Bracket":
      case "Bracket3":
      case "Unrecognized":
      case "UnrecognizedDone":
        break;
      default:
        this.#key(state.escape);
        return false;
    }
    if (byte === NLINE || byte === CR) return this.#endOfLine(byte, previous);
    if (byte === BACKSPACE) this.#backspace();
    else this.#insert(byte);
    return false;
  }

  /** The command that was typed, and an empty buffer again. A command of more than blanks goes into the history. */
  take(): string {
    const text = this.#text();
    const { history } = this.#state;
    if (text.trim() !== "" && history[1] !== text) {
      history.splice(0, HISTORY_LEN, "", text, ...history.slice(1, HISTORY_LEN - 1));
    }
    this.#state.command[0] = EOL;
    this.#state.index = 0;
    return text;
  }

  save(): CommandLineState {
    return structuredClone(this.#state);
  }

  load(state: CommandLineState): void {
    this.#state = structuredClone(state);
  }

  #text(): string {
    const { command } = this.#state;
    const end = command.indexOf(EOL);
    return String.fromCharCode(...command.subarray(0, end < 0 ? COMMAND_BUF_LEN : end));
  }

  #endOfLine(byte: number, previous: number): boolean {
    const state = this.#state;
    if ((previous === NLINE || previous === CR) && previous !== byte) {
      // The second half of CR LF.
      state.previousByte = EOL;
      return false;
    }
    state.cursor = 0;
    this.#write([CR, NLINE]);
    state.historyIndex = 0;
    state.historyShown = false;
    state.history[0] = "";
    return true;
  }

  #insert(byte: number): void {
    const state = this.#state;
    const { command, cursor, index } = state;
    if (index >= COMMAND_BUF_LEN - 1 || byte >= ASCII_LIMIT) return;
    if (["Started", "Bracket", "Bracket3"].includes(state.escape)) return;
    this.#write([byte]);
    this.#echo(cursor, index);
    if (cursor <= index) command.copyWithin(cursor + 1, cursor, index + 1);
    this.#repeat(index - cursor, BACKSPACE);
    command[cursor] = byte;
    state.cursor++;
    state.index++;
    const char = String.fromCharCode(byte);
    this.#keepUnfinished(text => text.slice(0, cursor) + char + text.slice(cursor));
  }

  /** 0x08: what it echoes differs from 0x7f, as upstream. */
  #backspace(): void {
    const state = this.#state;
    const { cursor, index } = state;
    if (cursor === 0 || cursor > index) return;
    this.#write([BACKSPACE, SPACE, BACKSPACE]);
    this.#shiftLeft(cursor - 1, index);
    this.#echo(cursor - 1, index - 1);
    this.#write([SPACE, BACKSPACE]);
    this.#repeat(index - cursor, BACKSPACE);
    state.index = index - 1;
    state.cursor = cursor - 1;
    this.#keepUnfinished(text => deleteAt(text, cursor - 1));
  }

  #key(key: Key): void {
    const state = this.#state;
    const { command, cursor, index } = state;
    switch (key) {
      case "Up":
      case "Down":
        this.#recall(key === "Up" ? 1 : -1);
        break;
      case "Left":
        if (cursor === 0) break;
        this.#write([BACKSPACE]);
        state.cursor--;
        break;
      case "Right":
        if (cursor >= index) break;
        this.#write([command[cursor] as number]);
        state.cursor++;
        break;
      case "Home":
        this.#repeat(cursor, BACKSPACE);
        state.cursor = 0;
        break;
      case "End":
        if (cursor >= index) break;
        this.#echo(cursor, index);
        state.cursor = index;
        break;
      case "Backspace":
        if (cursor > 0 && cursor <= index) this.#eraseBeforeCursor();
        break;
      case "Delete":
        if (cursor < index) this.#eraseAtCursor();
        break;
    }
  }

  /** 0x7f */
  #eraseBeforeCursor(): void {
    const state = this.#state;
    const { cursor, index } = state;
    const right = index - cursor;
    this.#shiftLeft(cursor - 1, index);
    // Upstream echoes the terminating 0 as well.
    this.#echo(cursor - 1, index);
    this.#write([BACKSPACE, SPACE, BACKSPACE]);
    this.#repeat(right, BACKSPACE);
    this.#echo(cursor - 1, index - 1);
    this.#repeat(right, BACKSPACE);
    state.cursor = cursor - 1;
    state.index = index - 1;
    // Upstream deletes at the cursor here, one place too far to the right.
    this.#keepUnfinished(text => deleteAt(text, cursor));
  }

  #eraseAtCursor(): void {
    const state = this.#state;
    const { cursor, index } = state;
    this.#shiftLeft(cursor, index);
    this.#echo(cursor, index - 1);
    this.#write([SPACE, BACKSPACE]);
    this.#repeat(index - 1 - cursor, BACKSPACE);
    state.index = index - 1;
    this.#keepUnfinished(text => deleteAt(text, cursor));
  }

  /** Replaces the command on the screen by an older (1) or newer (-1) one. */
  #recall(step: 1 | -1): void {
    const state = this.#state;
    const next = state.historyIndex + step;
    const text = state.history[next];
    if (text === undefined || (step === 1 && text === "")) return;
    state.historyIndex = next;
    this.#repeat(state.index - state.cursor, SPACE);
    for (let i = 0; i < state.index; i++) this.#write([BACKSPACE, SPACE, BACKSPACE]);
    for (let i = 0; i < text.length; i++) state.command[i] = text.charCodeAt(i);
    state.command[text.length] = EOL;
    this.#echo(0, text.length);
    state.historyShown = true;
    state.index = text.length;
    state.cursor = text.length;
  }

  /** Keeps history[0] in step with the command: by `edit`, or as a copy when the command came from the history. */
  #keepUnfinished(edit: (text: string) => string): void {
    const state = this.#state;
    state.history[0] = state.historyShown ? this.#text() : edit(state.history[0] as string);
    state.historyShown = false;
  }

  /** Moves `[from + 1, to]` one place to the left. */
  #shiftLeft(from: number, to: number): void {
    this.#state.command.copyWithin(from, from + 1, to + 1);
  }

  #echo(from: number, to: number): void {
    for (const byte of this.#state.command.slice(from, Math.max(from, to))) this.#write([byte]);
  }

  #repeat(count: number, byte: number): void {
    for (let i = 0; i < count; i++) this.#write([byte]);
  }
}

/** Removes the character at `at`, or the last one if there is none. */
const deleteAt = (text: string, at: number): string =>
  at < text.length ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, -1);
