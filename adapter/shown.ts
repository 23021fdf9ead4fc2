// What a client may ask of anything that stands still: a board under the debugger, or a crash dump.
import type { Completions } from "./completions.js";
import type { Explanation } from "./crash/model.js";
import type { Scope } from "./scopes.js";
import type { StackEntry } from "./stack.js";
import type { StopInfo } from "./stops.js";
import type { Subject } from "./subject.js";
import type { NumberedRow, Variables } from "./variables.js";

export interface Shown {
  readonly subject: Subject;
  readonly variables: Variables;
  readonly stoppedBy: StopInfo | undefined;
  /** Why a process faulted, panicked or ended. */
  explain(process: number): Explanation;
  /** Frames of a thread, each with a number to ask about it. */
  stack(threadId: number): Promise<readonly (StackEntry & { id: number })[]>;
  scopes(frameId: number): readonly (Scope & { reference: number })[];
  /** The value of an expression; what the user `typed` may assign. Without a frame, in one of the stopped thread. */
  evaluate(expression: string, frameId: number | undefined, typed: boolean): NumberedRow;
  completions(text: string, frameId: number | undefined): Completions;
}
