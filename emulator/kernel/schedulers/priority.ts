// Processes have priorities in the order of their slots (capsules/system/src/scheduler/priority.rs).
import type { ReadyList, Scheduler, SchedulingDecision } from "../resources.js";

/** The first slot that is ready runs, without a timeslice, until one before it becomes ready. */
export class PriorityScheduler implements Scheduler {
  readonly name = "priority";
  #running: number | null = null;

  next(processes: ReadyList): SchedulingDecision {
    const index = first(processes);
    this.#running = index ?? null;
    if (index === undefined) return { decision: "trySleep" };
    return { decision: "runProcess", index, timesliceUs: null };
  }

  result(): void {
    this.#running = null;
  }

  /** A system call of the process itself may have made one of higher priority ready. */
  continueProcess(interruptsPending: boolean, processes: ReadyList): boolean {
    if (interruptsPending) return false;
    const index = first(processes);
    return index === undefined || this.#running === null || index >= this.#running;
  }

  save(): number | null {
    return this.#running;
  }

  load(running: number | null): void {
    this.#running = running;
  }
}

function first(processes: ReadyList): number | undefined {
  for (let index = 0; index < processes.length; index++) if (processes.ready(index)) return index;
  return undefined;
}
