// A display of characters, driver 0x90003 (capsules/extra/src/text_screen.rs). Grant [1 upcall, 1 read-only allow, 0].
//
//   command 0            existence check
//   command 1            size; upcall 0 (0, characters in a line, lines)
//   command 2, 3         display on, off          \
//   command 4, 5         cursor blinks or not      |
//   command 6, 7         cursor is seen or not     | upcall 0 (status, 0, 0)
//   command 9, 10        clear                     |
//   command 11 x, y      set the cursor           /
//   command 8  length    print read-only buffer 0, at most the kernel's 64 bytes; upcall 0 (status, bytes, 0)
//
// A command waits while another is under way; BUSY when the process's own waits. A size asked for when nothing is under way
// keeps the display from then on: commands only wait. A print of more than the app's buffer has panics the kernel.
import type { Stateful } from "../../base/stateful.js";
import type { TextScreen, TextScreenClient, TextScreenFailure } from "../../hil/text-screen.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const SHARED = 0;
const BUFFER_LENGTH = 64;

const Command = {
  getResolution: 1,
  display: 2,
  noDisplay: 3,
  blink: 4,
  noBlink: 5,
  showCursor: 6,
  noCursor: 7,
  write: 8,
  clear: 9,
  home: 10,
  setCursor: 11,
} as const;

const layout = {
  writeLen: "u32",
  data1: "u32",
  data2: "u32",
  pendingCommand: "bool",
  command: "u8",
} as const;
type View = GrantView<typeof layout>;

export const TEXT_SCREEN_GRANT: GrantShape<typeof layout> = {
  driver: 0x90003,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface TextScreenDriverState {
  app: ProcessId | null;
  /** `null` while the display has it. */
  buffer: Uint8Array | null;
}

const codeOf = (failure: TextScreenFailure | undefined): ErrorCode | undefined =>
  failure === undefined ? undefined : ErrorCode[failure];

export class TextScreenDriver
  implements SyscallDriver, TextScreenClient, Stateful<TextScreenDriverState>
{
  readonly #screen: TextScreen;
  readonly #grant: Grant<typeof layout>;
  #state: TextScreenDriverState = { app: null, buffer: new Uint8Array(BUFFER_LENGTH) };

  constructor(screen: TextScreen, grant: Grant<typeof layout>) {
    this.#screen = screen;
    this.#grant = grant;
    screen.setClient(this);
  }

  command(commandNum: number, data1: number, data2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum > Command.setCursor) return Return.failure(ErrorCode.NOSUPPORT);
    let now = false;
    const result = this.#grant.command(process, ({ data }) => {
      now = this.#state.app === null;
      if (!now && data.pendingCommand) return Return.failure(ErrorCode.BUSY);
      if (now) this.#state.app = process;
      else data.pendingCommand = true;
      data.command = commandNum;
      data.data1 = data1;
      data.data2 = data2;
      return Return.success();
    });
    if (!now) return result;
    const error = this.#run();
    if (error === undefined) return Return.success();
    this.#state.app = null;
    return Return.failure(error);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  commandComplete(failure: TextScreenFailure | undefined): void {
    this.#finish(codeOf(failure) ?? 0, 0);
  }

  writeComplete(buffer: Uint8Array, length: number, failure: TextScreenFailure | undefined): void {
    this.#state.buffer = buffer;
    this.#finish(codeOf(failure) ?? 0, length);
  }

  save(): TextScreenDriverState {
    return structuredClone(this.#state);
  }

  load(state: TextScreenDriverState): void {
    this.#state = structuredClone(state);
  }

  #finish(status: number, length: number): void {
    const { app } = this.#state;
    this.#state.app = null;
    if (app !== null)
      this.#grant.enter(app, view => {
        view.data.pendingCommand = false;
        view.scheduleUpcall(UPCALL, status, length, 0);
      });
    this.#runNext();
  }

  /** The command of the process that has the display. */
  #run(): ErrorCode | undefined {
    const { app } = this.#state;
    if (app === null) return ErrorCode.FAIL;
    let answered = false;
    const entered = this.#grant.enter(app, view => {
      if (view.data.command !== Command.getResolution) return this.#act(view);
      view.data.pendingCommand = false;
      view.scheduleUpcall(UPCALL, 0, ...this.#screen.getSize());
      answered = true;
      return undefined;
    });
    if (answered) this.#runNext();
    return entered.ok ? entered.value : ErrorCode.INVAL;
  }

  #act(view: View): ErrorCode | undefined {
    const screen = this.#screen;
    const { command, data1, data2 } = view.data;
    switch (command) {
      case Command.display:
        return codeOf(screen.displayOn());
      case Command.noDisplay:
        return codeOf(screen.displayOff());
      case Command.blink:
        return codeOf(screen.blinkCursorOn());
      case Command.noBlink:
        return codeOf(screen.blinkCursorOff());
      case Command.showCursor:
        return codeOf(screen.showCursor());
      case Command.noCursor:
        return codeOf(screen.hideCursor());
      case Command.clear:
      case Command.home:
        return codeOf(screen.clear());
      case Command.setCursor:
        return codeOf(screen.setCursor(data1, data2));
      default:
        return this.#print(view);
    }
  }

  #print({ data, readOnly }: View): ErrorCode | undefined {
    if (data.data1 === 0) return ErrorCode.NOMEM;
    data.writeLen = data.data1;
    const { buffer } = this.#state;
    if (buffer === null) return ErrorCode.BUSY;
    const length = Math.min(data.writeLen, buffer.length);
    const shared = readOnly(SHARED);
    if (shared.length < length)
      throw new KernelPanic(
        `index out of bounds: the len is ${shared.length} but the index is ${shared.length}`,
        "kernel/src/processbuffer.rs:971:10",
      );
    buffer.set(shared.read(0, length));
    const failure = this.#screen.print(buffer, length);
    if (failure === undefined) this.#state.buffer = null;
    return codeOf(failure);
  }

  #runNext(): void {
    const processes: ProcessId[] = [];
    this.#grant.each((_, process) => processes.push(process));
    for (const process of processes) {
      const waits = this.#grant.enter(process, ({ data }) => {
        const waiting = data.pendingCommand;
        data.pendingCommand = false;
        return waiting;
      });
      if (!waits.ok || !waits.value) continue;
      this.#state.app = process;
      if (this.#run() === undefined) return;
      this.#state.app = null;
    }
  }
}
