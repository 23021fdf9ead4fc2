// The exception filters: what the Breakpoints view shows, which fields their conditions know, and what they have the kernel tell.
import type { OccurrenceKind } from "../../emulator/index.js";
import type { Fields } from "./conditions.js";

export type FilterId =
  | "fault"
  | "kernelPanic"
  | "appPanic"
  | "exitError"
  | "restart"
  | "syscallError"
  | "upcallDropped"
  | "grantFailed"
  | "syscall";

export interface Filter {
  id: FilterId;
  label: string;
  description: string;
  /** On until the user switches it off. */
  default: boolean;
  fields: Fields;
  example: string;
  /** What the kernel is to tell before it acts; none where the app's code itself is watched. */
  kinds: readonly OccurrenceKind[];
  /** Code of the app where it stops. */
  code?: "calls" | "panics";
}

const PROCESS = { app: "text", process: "text", restarts: "number" } as const;

const CALL = {
  ...PROCESS,
  class: "class",
  driver: "driver",
  command: "number",
  subscribe: "number",
  allow: "number",
  argument0: "number",
  argument1: "number",
} as const;

export const filters: readonly Filter[] = [
  {
    id: "fault",
    label: "App faults",
    description: "Stops at the fault of an app, before the kernel's fault policy acts.",
    default: true,
    fields: { ...PROCESS, cfsr: "number", hfsr: "number", mmfar: "number", bfar: "number" },
    example: 'app == "blink" && mmfar == 0',
    kinds: ["fault"],
  },
  {
    id: "kernelPanic",
    label: "Kernel panics",
    description:
      "Stops before the kernel prints its panic and halts, except where it panics over a fault that has just stopped.",
    default: true,
    fields: { app: "text", process: "text", message: "text" },
    example: 'app == "blink"',
    kinds: ["panic"],
  },
  {
    id: "appPanic",
    label: "App panics and failed assertions",
    description:
      "Stops where an app calls abort, fails an assertion or panics in Rust, with its stack intact.",
    default: false,
    fields: { ...PROCESS, function: "text" },
    example: 'function == "abort"',
    kinds: [],
    code: "panics",
  },
  {
    id: "exitError",
    label: "Apps that exit with an error",
    description: "Stops where an app exits with another code than 0, before the kernel ends it.",
    default: false,
    fields: { ...PROCESS, code: "number" },
    example: "code == 1",
    kinds: ["exit"],
  },
  {
    id: "restart",
    label: "Restarts of apps",
    description:
      "Stops before the kernel restarts an app: by its fault policy, by exit-restart or on request.",
    default: false,
    fields: { ...PROCESS, reason: "text", code: "number" },
    example: 'reason == "fault" && restarts > 2',
    kinds: ["exit", "restart"],
  },
  {
    id: "syscallError",
    label: "System calls that return an error",
    description: "Stops at a system call that fails, before the app gets the error.",
    default: false,
    fields: { ...CALL, returned: "error" },
    example: "driver == Console && command == 1 && returned == NOMEM",
    kinds: ["syscallError"],
  },
  {
    id: "upcallDropped",
    label: "Dropped upcalls",
    description: "Stops where an upcall finds the queue of its app full, before it is dropped.",
    default: false,
    fields: {
      ...PROCESS,
      driver: "driver",
      subscribe: "number",
      argument0: "number",
      argument1: "number",
      argument2: "number",
    },
    example: "driver == Button && subscribe == 0",
    kinds: ["upcallDropped"],
  },
  {
    id: "grantFailed",
    label: "Failed grant allocations",
    description:
      "Stops where an app has no memory left for the grant of a driver, before the failure is returned.",
    default: false,
    fields: { ...PROCESS, driver: "driver", size: "number", free: "number" },
    example: "driver == Screen",
    kinds: ["grantFailed"],
  },
  {
    id: "syscall",
    label: "System calls to drivers",
    description:
      "Stops at every subscribe, command and allow, before the kernel sees it. With a condition, at those of one driver.",
    default: false,
    fields: CALL,
    example: "driver == LED && command == 1",
    kinds: [],
    code: "calls",
  },
];

/** What VS Code shows beside a condition. */
export const conditionDescription = ({ fields, example }: Filter): string =>
  `Stops only where this is true, e.g. ${example}. Fields: ${Object.keys(fields).join(", ")}; variables of the app as in C.`;
