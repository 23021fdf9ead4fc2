// Launch arguments and our own DAP messages: types only, shared with the extension and its webviews.

/** Schema of every custom message below; it grows when one changes its meaning. */
export type Schema = 1;

/** Path prefixes as the debug information writes them → prefixes on this computer. */
export type SourceMap = Readonly<Record<string, string>>;

export interface AppArguments {
  /** A `.tab` or a `.tbf`, or an ELF of libtock-rs, which is packed. */
  path: string;
  /** The ELF with debug information; found beside the app if it is not given. */
  elf?: string;
  /** Which app of a TAB with several, or the name to show. */
  name?: string;
  sourceMap?: SourceMap;
  /** False: the board does not have it at first. Another app installs it, and then its breakpoints bind. */
  installed?: boolean;
}

/** `arguments` of a `launch` request of type `tock`. */
export interface LaunchArguments {
  /** May be empty with a `flash` or a `scenario`. */
  apps: readonly (string | AppArguments)[];
  /** Name of an emulated board; `auto` if it is not given: `nrf52840dk`, or `everything` if an app needs it. */
  board?: string;
  sourceMap?: SourceMap;
  /** A `.tocktest.yaml`, whose apps, board, inputs and steps are taken; see docs/scenarios.md. */
  scenario?: string;
  /** Which scenario of the file, from 1; the first if it is not given. */
  scenarioNumber?: number;
  /** Stop in `main` of the first app that gets there. */
  stopOnEntry?: boolean;
  /** Real time is the default; `max` runs as fast as the computer can. */
  speed?: "realtime" | "max";
  /** Scripted inputs, `[TIME:]DEVICE=VALUE` as on the command line. */
  inputs?: readonly string[];
  /** A file that keeps the board's flash between sessions, as tockloader's flash files; `apps` may be empty then. */
  flash?: string;
  /** Seed of the board's random numbers. */
  seed?: number;
  /** Wires between GPIO pins, such as `0-1`. */
  wires?: readonly string[];
  /** What the kernel does about a process that faults; if it is not given, what the board does. */
  /** A name of `faultPolicyNames`; `threshold-restart:3` with its threshold. */
  faultPolicy?: string;
  scheduler?: "round-robin" | "cooperative" | "priority" | "mlfq";
  /** Switches of the kernel's configuration by upstream's name, e.g. `debug_load_processes`. */
  kernelConfig?: Readonly<Record<string, boolean | number | string>>;
  /** Write a log of the session to the adapter's log. */
  trace?: boolean;
}

/** `arguments` of an `attach` request of type `tock`: a crash dump is opened read-only. */
export interface AttachArguments {
  mode: "crash";
  /** A file with a dump in any console log. */
  dump: string;
  /** Which of several dumps in the file, from 1; the last if it is not given. */
  number?: number;
  /** ELF files of the apps in the dump. */
  elf?: string | readonly string[];
  /** Folders in which ELF files are looked for; the dump's own folder always is. */
  folders?: readonly string[];
  /** The kernel's ELF, to name its addresses. */
  kernel?: string;
  sourceMap?: SourceMap;
  trace?: boolean;
}

/** Custom request `tock/input`: the user acts on a device of the board. The answer has no body. */
export interface InputArguments {
  schema?: Schema;
  /** `console`, `button0`, … */
  device: string;
  value: boolean | number | string;
}

/** Where the bytes of an `output` event come from; its `data`. Absent for the debugger's own sentences. */
export interface OutputOrigin {
  schema: Schema;
  origin: "kernel" | "processConsole" | "process";
  /** Thread id of the process, if a process wrote the bytes. */
  threadId?: number;
}

/** Custom request `tock/installApp`; the answer is an `InstallAppBody`, and the app is there when `tock/appsChanged` tells. */
export interface InstallAppArguments {
  schema?: Schema;
  /** A `.tab` or a `.tbf`; with `bytes`, where these come from. */
  path?: string;
  /** A TAB or TBF in Base64. */
  bytes?: string;
  /** As of an app of the launch. */
  elf?: string;
  name?: string;
  /** Only where one of its name is installed. */
  update?: boolean;
}

export interface InstallAppBody {
  schema: Schema;
  name: string;
  /** Bytes of flash. */
  size: number;
}

/** Answer to the custom request `tock/planInstall`, which takes what `tock/installApp` takes and changes nothing. */
export interface InstallPlanBody {
  schema: Schema;
  name: string;
  version: number;
  /** Of a TAB, the binary for this board, such as `cortex-m4`. */
  variant?: string;
  /** Bytes. */
  flash: number;
  /** Bytes of RAM at least. */
  ram: number;
  /** The first version that it runs on, such as `2.1`. */
  kernelVersion?: string;
  /** Where the binary must lie. */
  fixedFlash?: number;
  fixedRam?: number;
  /** Where its header would lie; absent if it cannot be installed. */
  address?: number;
  /** The app of its name that would go. */
  replaces?: InstalledAppInfo;
  /** Why it cannot be installed. */
  refusal?: string;
  /** What will not work as it should. */
  warnings: readonly string[];
}

/** Custom request `tock/uninstallApp` and others of one app: one of the two names it. The answer has no body. */
export interface AppNameArguments {
  schema?: Schema;
  /** All apps of that name. */
  app?: string;
  /** Of the header of one app. */
  address?: number;
}

/** Custom request `tock/restartProcess`. A process that has faulted starts anew instead of what its fault policy says. */
export interface RestartProcessArguments extends AppNameArguments {
  /** A board that stands still runs on, and the event `continued` tells so. */
  resume?: boolean;
}

/** Event `tock/faulted`, before the `stopped` of a fault or of a panic of app or kernel: the crash can be asked for by `tock/crash`. */
export interface FaultedBody {
  schema: Schema;
  threadId: number;
}

/** Custom request `tock/setAppEnabled`, which takes effect at reset. The answer has no body. */
export interface SetAppEnabledArguments extends AppNameArguments {
  enabled: boolean;
}

/** Custom request `tock/setAppSticky`: a sticky app stays when all are erased. The answer has no body. */
export interface SetAppStickyArguments extends AppNameArguments {
  sticky: boolean;
}

/** Answer to the custom request `tock/board`. */
export interface BoardInfoBody {
  schema: Schema;
  name: string;
  description: string;
  architecture: string;
  kernelVersion: string;
  /** False: it stands still, and does what it is told as soon as it runs on. */
  running: boolean;
  /** Flash for apps. */
  appFlash: { address: number; size: number };
  drivers: readonly { number: number; name: string }[];
  /** Devices that take inputs. */
  inputs: readonly string[];
}

/** Answer to the custom request `tock/openConsole`, after which `tock/console` events follow; body of these, too. */
export interface ConsoleBody {
  schema: Schema;
  /** Of the board's UART. */
  text: string;
}

/** Custom request `tock/eraseApps`: all but sticky ones. The answer has no body. */
export interface EraseAppsArguments {
  schema?: Schema;
}

/** An app in flash. */
export interface InstalledAppInfo {
  /** Empty for one without a name, or with a header that the kernel refuses. */
  name: string;
  /** Of its header. */
  address: number;
  size: number;
  version: number;
  enabled: boolean;
  sticky: boolean;
  /** Of its process, if it has one. */
  threadId?: number;
  state?: string;
}

/** Answer to the custom request `tock/apps`, and the body of the event `tock/appsChanged`. */
export interface AppsBody {
  schema: Schema;
  /** Flash is being changed. */
  busy: boolean;
  apps: readonly InstalledAppInfo[];
}

/** Custom request `tock/crash`: all that is shown of a crash. The answer is a `CrashBody`. */
export interface CrashArguments {
  schema?: Schema;
  /** The process to explain; if it is not given, the one that faulted last. */
  threadId?: number;
}

/**
 * Request `tock/file` of a session over a port, the other way round: a question for files that only the client has. It is
 * refused where there is no such file or folder, or it cannot be written. Bytes go as they are.
 */
export type FileRequest = { do: "read" | "exists" | "list"; path: string } | FileToWrite;

interface FileToWrite {
  do: "write";
  path: string;
  bytes: Uint8Array;
}

/** The answer to `tock/file`: the field that was asked for. */
export interface FileAnswer {
  bytes?: Uint8Array;
  exists?: boolean;
  entries?: readonly { name: string; isFolder: boolean }[];
}

export type { CrashBody } from "./crash/model.js";
export type * from "./timeline/model.js";
export type * from "./views/model.js";
