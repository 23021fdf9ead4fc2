// The schedulers that a board or a user can choose, by name.
import type { Clock } from "../../base/clock.js";
import type { Scheduler } from "../resources.js";
import { CooperativeScheduler } from "./cooperative.js";
import { MlfqScheduler } from "./mlfq.js";
import { PriorityScheduler } from "./priority.js";
import { RoundRobinScheduler } from "./round-robin.js";

/** `slots`: number of process slots. */
export const schedulers = {
  "round-robin": slots => new RoundRobinScheduler(slots),
  cooperative: slots => new CooperativeScheduler(slots),
  priority: () => new PriorityScheduler(),
  mlfq: (slots, clock) => new MlfqScheduler(slots, clock),
} as const satisfies Readonly<Record<string, (slots: number, clock: Clock) => Scheduler>>;

export type SchedulerName = keyof typeof schedulers;
export const schedulerNames = Object.keys(schedulers) as readonly SchedulerName[];
