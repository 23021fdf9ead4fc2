// A scheduler's queue of process slots: the head runs next (kernel/src/collections/list.rs as the schedulers use it).
import type { ReadyList } from "../resources.js";

/** The first slot whose process is ready, at the head now, those before it at the tail; with none ready nothing moves. */
export function firstReady(queue: number[], processes: ReadyList): number | undefined {
  const first = queue.findIndex(index => processes.ready(index));
  if (first < 0) return undefined;
  if (first > 0) queue.push(...queue.splice(0, first));
  return queue[0];
}

/** Moves the head to the tail. */
export function rotate(queue: number[]): void {
  queue.push(...queue.splice(0, 1));
}
