// What the crash panel's two halves say to each other, and the checks of both. Host: crash-panel.ts, webview: view/crash.ts.
import type { CrashBody } from "../../adapter/protocol.js";
import {
  type Check,
  either,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text,
  truth,
} from "./check.js";

export type CrashProcess = CrashBody["processes"][number];
export type CrashFrame = CrashProcess["stack"][number];
export type CrashRegister = CrashProcess["registers"][number];
export type CrashSegment = CrashProcess["segments"][number];
export type CrashRange = CrashProcess["ranges"][number];
export type Explanation = CrashBody["explanation"];
export type SourcePlace = NonNullable<Explanation["place"]>;

/** To the webview, which keeps it as its state: a crash to show. */
export interface ShowCrash {
  type: "show";
  crash: CrashBody;
  /** Where it comes from, e.g. the name of a file or of a session. */
  source: string;
  /** The session lives, so that its process can be restarted. */
  live: boolean;
}

/** To the webview: how an action ended, for the eye and for a screen reader. */
export interface Say {
  type: "say";
  text: string;
}

export type ToCrashView = ShowCrash | Say;

/** From the webview. It names frames by number, so that the host opens nothing that it has not sent itself. */
export type FromCrashView =
  | { type: "ready" | "openPlace" | "openDump" | "copyReport" | "restart" | "openSettings" }
  | { type: "openFrame"; process: number; frame: number };

const isPlace = object<SourcePlace>({ path: text, line: number, column: number, function: text });
const isExtent = { low: number, high: number };

const isExplanation = object<Explanation>({
  // A kind that is not known yet is shown by its verdict like any other.
  kind: text as Check<Explanation["kind"]>,
  verdict: text,
  details: list(text),
  instruction: nullable(object({ address: number, text })),
  place: nullable(isPlace),
  access: nullable(
    object<NonNullable<Explanation["access"]>>({
      kind: oneOf("read", "write", "execute", "access"),
      address: number,
      size: nullable(number),
    }),
  ),
  culprit: nullable(object({ expression: text, value: text })),
  nearest: nullable(object({ name: text, ...isExtent, distance: number })),
  fix: nullable(object<NonNullable<Explanation["fix"]>>({ text, variable: nullable(text) })),
});

const isRegister = object<CrashRegister>({
  name: text,
  value: nullable(number),
  meaning: text,
  fields: list(object({ name: text, bits: text, value: number, text })),
});

const isProcess = object<CrashProcess>({
  name: text,
  state: text,
  threadId: optional(number),
  segments: list(
    object<CrashSegment>({
      kind: oneOf(
        "stack-free",
        "stack",
        "data",
        "heap",
        "unused",
        "grants",
        "kernel",
        "app-flash",
        "protected-flash",
      ),
      ...isExtent,
      text,
    }),
  ),
  ranges: list(
    object<CrashRange>({ region: number, ...isExtent, read: truth, write: truth, execute: truth }),
  ),
  grants: list(object({ driver: number, driverName: text, address: number, size: number })),
  registers: list(isRegister),
  stack: list(object<CrashFrame>({ address: number, name: text, place: nullable(isPlace) })),
  lastSyscall: nullable(text),
});

export const isCrashBody = object<CrashBody>({
  schema: oneOf(1),
  origin: oneOf("live", "dump"),
  kernelVersion: nullable(text),
  panic: nullable(object({ location: text, message: text })),
  processes: list(isProcess),
  faultStatus: list(isRegister),
  explanation: isExplanation,
  notes: list(text),
  dump: text,
  markdown: text,
});

export const isShowCrash = object<ShowCrash>({
  type: oneOf("show"),
  crash: isCrashBody,
  source: text,
  live: truth,
});

export const isToCrashView: Check<ToCrashView> = either(
  isShowCrash,
  object<Say>({ type: oneOf("say"), text }),
);

export const isFromCrashView: Check<FromCrashView> = either(
  object<{ type: "openFrame"; process: number; frame: number }>({
    type: oneOf("openFrame"),
    process: number,
    frame: number,
  }),
  object<Exclude<FromCrashView, { type: "openFrame" }>>({
    type: oneOf("ready", "openPlace", "openDump", "copyReport", "restart", "openSettings"),
  }),
);
