// A counter of the CPU's cycles (kernel/src/hil/hw_debug.rs).

export interface CycleCounter {
  /** Begins or goes on counting. */
  start(): void;
  stop(): void;
  /** Cycles counted so far, below 2^32. */
  count(): number;
  /** Stops, too. */
  reset(): void;
}
