// What a session remembers for crashes: who faulted last, what the kernel said when it panicked, the last system calls.
import { SyscallClass, type TraceEvent } from "../../emulator/index.js";
import { errorName } from "../exceptions/vocabulary.js";
import { syscallText } from "../syscall-text.js";
import type { SceneContext } from "./live-scene.js";

type SyscallEvent = Extract<TraceEvent, { type: "syscall" }>;

/** System calls that are kept of each process. */
const KEPT = 16;

/** Hears the events of one machine. */
export class CrashWatch {
  readonly #calls = new Map<number, SyscallEvent[]>();
  /** A process has faulted since power-on. */
  faulted = false;
  /** The kernel's last words. */
  panic: { location: string; message: string } | null = null;
  #faulted: { process: number; requested: boolean } | undefined;

  hear(event: TraceEvent): void {
    if (event.type === "syscall") this.#keep(event);
    else if (event.type === "processFaulted") {
      this.faulted = true;
      this.#faulted = { process: event.process, requested: event.requested };
    } else if (event.type === "kernelPanic")
      this.panic = { location: event.location, message: event.message };
    else if (event.type === "processCreated" && this.#faulted?.process === event.process)
      this.#faulted = undefined;
  }

  #keep(event: SyscallEvent): void {
    const calls = this.#calls.get(event.process);
    if (calls === undefined) this.#calls.set(event.process, [event]);
    else if (calls.push(event) > KEPT) calls.shift();
  }

  /** The process that faulted last, while it has not begun again. */
  get lastFaulted(): number | undefined {
    return this.#faulted?.process;
  }

  contextOf(process: number): SceneContext {
    return {
      requested: this.#faulted?.process === process && this.#faulted.requested,
      panic: this.panic,
      history: (this.#calls.get(process) ?? []).map(callText),
    };
  }
}

/** The lowest variant of a return that is no failure (TRD 104, section 3.2). */
const SUCCESS = 128;

function callText({ syscallClass, arguments: values, returned }: SyscallEvent): string {
  const call = syscallText({ class: syscallClass as SyscallClass, arguments: values });
  const [variant, first] = returned ?? [];
  if (variant === undefined || syscallClass === SyscallClass.Yield) return call;
  return variant >= SUCCESS ? call : `${call}, which returned ${errorName(first ?? 0)}`;
}
