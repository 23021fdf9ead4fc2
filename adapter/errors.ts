// Mistakes of users and clients, one named function per sentence.
import { UserError } from "../emulator/index.js";

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

export const unknownCommand = (command: string) =>
  new UserError(`This debugger does not know the request "${command}".`);

export const malformedMessage = (why: string) =>
  new UserError(`This is not a request of the Debug Adapter Protocol: ${why}.`);

export const alreadyInitialized = () =>
  new UserError("The session is initialized already: initialize is sent once.");

export const notInitialized = (command: string) =>
  new UserError(`${command} came before initialize: send initialize first.`);

export const notLaunched = (command: string) =>
  new UserError(`${command} needs a launched program: send launch first.`);

export const alreadyLaunched = () =>
  new UserError("The session has launched already: send restart, or start a new session.");

export const sessionEnded = (command: string) =>
  new UserError(`${command} came after the session ended.`);

export const boardGone = () =>
  new UserError("The board does nothing any more: the program has ended; send restart.");

export const running = (command: string) =>
  new UserError(`${command} needs a stopped board, and it runs: pause it first.`);

export const alreadyRunning = () => new UserError("The machine runs already.");

export const notRunning = () => new UserError("The machine stands still already.");

export const noAttach = (mode: unknown) =>
  new UserError(
    `attach: "mode" must be "crash", which opens a crash dump, got ${JSON.stringify(mode) ?? "nothing"}; apps run with "request": "launch".`,
  );

export const noDump = () =>
  new UserError('attach: "dump" must be the path of a file with a crash dump.');

export const noSuchDump = (path: string, count: number, number: number | undefined) =>
  new UserError(
    count === 0
      ? `${path}: there is no crash dump in it; expected the text that Tock prints when it panics.`
      : `attach: "number" is ${number}, and ${path} holds ${count === 1 ? "1 crash dump" : `${count} crash dumps`}.`,
  );

/** Of a session that shows a dump. */
export const postmortem = (command: string) =>
  new UserError(
    `This session shows a crash dump, in which nothing runs: ${command} is not possible.`,
  );

/** Beside an unverified breakpoint. */
export const noBreakpointInDump = "This session shows a crash dump, in which nothing runs.";

export const noSuchThread = (id: number) =>
  new UserError(`There is no thread ${id}: threads are numbered as the processes of the board.`);

export const staleReference = (what: string, id: number) =>
  new UserError(
    `There is no ${what} ${id} at this stop: such numbers live until the machine runs on.`,
  );

export const nothingFaulted = () =>
  new UserError("No process has faulted: there is no crash to show.");

export const noRegisters = (process: string) =>
  new UserError(`${process} has no registers to show: it does not run any more.`);

export const noCaller = (process: string) =>
  new UserError(`${process} has no caller to step out to.`);

export const ended = (process: string) =>
  new UserError(`${process} has ended and cannot be stepped.`);

export const noSuchFilter = (id: string, known: readonly string[]): string =>
  `There is no exception filter "${id}"; there are ${list(known)}.`;

export const conditionOfFilter = (text: string, why: string, fields: readonly string[]): string =>
  `Condition "${text}": ${why}. Beside variables of the app, this filter knows ${list(fields)}.`;

export const noSuchName = (name: string, fields: readonly string[]): string =>
  `Condition: no app has anything called ${name}, and this filter knows ${list(fields)}.`;

export const noApps = () =>
  new UserError(
    'launch: "apps" names no app; list at least one .tab or .tbf, for example ["build/blink.tab"].',
  );

export const saidByScenario = (attribute: string) =>
  new UserError(
    `launch: "${attribute}" and "scenario" exclude each other; the scenario's file says what it needs.`,
  );

export const noSuchScenario = (path: string, number: number, count: number) =>
  new UserError(
    `${path}: there is no scenario ${number}; the file has ${count}, separated by lines of ---.`,
  );

export const emptyPath = (where: string) =>
  new UserError(`${where} is empty; it must name a file.`);

/** A notice: the launch goes on without the setting. */
export const noSuchSetting = (name: string, known: readonly string[]): string =>
  `launch: "kernelConfig": the kernel has no setting "${name}", so it is left out; it has ${list(known)}.`;

export const noFile = (path: string) =>
  new UserError(`${path} cannot be read, perhaps because it is a folder; name a .tab or a .tbf.`);

export const fileNotFound = (path: string) =>
  new UserError(`${path}: there is no such file; check the path.`);

export const emptyFile = (path: string) =>
  new UserError(`${path}: the file is empty; expected a TAB or a TBF.`);

export const elfForApp = (path: string) =>
  new UserError(
    `${path}: it is an ELF; expected the TAB or TBF that "tock-debug pack" makes of it.`,
  );

export const elfOfOtherMachine = (path: string) =>
  new UserError(
    `${path}: it is for another processor; build it for Arm, with --target thumbv7em-none-eabi.`,
  );

export const unknownBoard = (name: string, known: readonly string[]) =>
  new UserError(`There is no board "${name}"; there are ${list(known)}.`);

export const unknownDevice = (name: string, known: readonly string[]) =>
  new UserError(`There is no device "${name}" on this board; it has ${list(known)}.`);

export const noMemory = (reference: string) =>
  new UserError(`"${reference}" is no address: expected a number such as 0x20008000.`);

/** Beside an unverified breakpoint. */
export const noAppFromFile = "No app on the board was built from this file.";

/** Beside an unverified breakpoint. */
export const noCodeForLine = (line: number): string =>
  `No app on the board has code at or after line ${line} of this file.`;

/** Beside an unverified breakpoint. */
export const noFunction = (name: string): string => `No app on the board has a function "${name}".`;

/** Beside an unverified breakpoint. */
export const noMemoryAt = (address: string): string => `There is no memory at ${address}.`;

export const noBytesAt = (address: string) => new UserError(noMemoryAt(address));

export const registerOfCaller = (target: string, register: number) =>
  new UserError(
    `${target} cannot be changed: it is in r${register} as a caller's frame had it, and where that was saved is not known; only the innermost frame's registers can be written.`,
  );

export const registerNotStored = (target: string, process: string) =>
  new UserError(
    `${target} cannot be changed: the registers of ${process} lie in a stack that cannot be written.`,
  );

export const flashWrite = (address: string) =>
  new UserError(
    `${address} lies in flash, which holds code and constants; only RAM can be changed.`,
  );

export const noRam = (address: string, length: number) =>
  new UserError(`There is no RAM for ${length} bytes at ${address}.`);

export const notChangeable = (name: string) =>
  new UserError(`${name} cannot be changed: it is shown for information only.`);

export const noBase64 = () => new UserError('writeMemory: "data" must be bytes in base64.');

export const noVariable = (name: string) => new UserError(`There is no variable ${name} here.`);

export const hidden = (name: string) =>
  new UserError(`${name} cannot be changed from here: another variable of this name hides it.`);

/** DAP's own word for a request that was given up. */
export const cancelled = () => new UserError("cancelled");

export const noDataId = (id: string) =>
  new UserError(`"${id}" is no data id of this debugger: ask for one with dataBreakpointInfo.`);

export const notWatchable = (name: string) =>
  new UserError(`${name} does not lie in memory now, so it cannot be watched.`);

export const otherFunction = (process: string, name: string) =>
  new UserError(`${process} stands in ${name}: it can only go to another line of that function.`);

export const notRestartable = (name: string, why: string) =>
  new UserError(`${name} cannot be started again: ${why}.`);

export const notKept = (names: readonly string[]) =>
  `${list(names)} came while the board ran, and the restarted board does not have ${names.length === 1 ? "it" : "them"}: a "flash" file in the launch keeps what is installed.`;

export const noProcessOf = (app: string | undefined) =>
  new UserError(app === undefined ? "No process is on the board." : `${app} is not on the board.`);

export const noVariablesOf = (process: string) =>
  new UserError(`${process} has no debug information, so none of its variables is known.`);
