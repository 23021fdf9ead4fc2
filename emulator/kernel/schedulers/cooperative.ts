// Every ready process in turn, each as long as it likes (capsules/system/src/scheduler/cooperative.rs).
import type {
  ReadyList,
  Scheduler,
  SchedulingDecision,
  StoppedExecutingReason,
} from "../resources.js";
import { firstReady, rotate } from "./queue.js";

/** No timeslices; a process that the kernel preempted goes on afterwards. */
export class CooperativeScheduler implements Scheduler {
  readonly name = "cooperative";
  #order: number[];

  constructor(slots: number) {
    this.#order = Array.from({ length: slots }, (_, i) => i);
  }

  next(processes: ReadyList): SchedulingDecision {
    const index = firstReady(this.#order, processes);
    if (index === undefined) return { decision: "trySleep" };
    return { decision: "runProcess", index, timesliceUs: null };
  }

  result(reason: StoppedExecutingReason): void {
    if (reason !== "KernelPreemption") rotate(this.#order);
  }

  continueProcess(interruptsPending: boolean): boolean {
    return !interruptsPending;
  }

  save(): number[] {
    return [...this.#order];
  }

  load(order: number[]): void {
    this.#order = [...order];
  }
}
