// What is done about a faulted process (capsules/system/src/process_policies.rs).
import type { ProcessFaultPolicy } from "./resources.js";

/** The whole kernel panics. */
export const panicFaultPolicy: ProcessFaultPolicy = { action: () => "Panic" };

/** The process is stopped for good. */
export const stopFaultPolicy: ProcessFaultPolicy = { action: () => "Stop" };

/** The same, and says so. */
export const stopWithDebugFaultPolicy: ProcessFaultPolicy = {
  action({ name }, debug) {
    debug(`Process ${name} faulted and was stopped.`);
    return "Stop";
  },
};

/** The process starts anew. */
export const restartFaultPolicy: ProcessFaultPolicy = { action: () => "Restart" };

/** The same, and says so. */
export const restartWithDebugFaultPolicy: ProcessFaultPolicy = {
  action({ name }, debug) {
    debug(`Process ${name} faulted and will be restarted.`);
    return "Restart";
  },
};

/** The policies that a user can choose, by name; those that go on say what they did. */
export const faultPolicies = {
  panic: panicFaultPolicy,
  stop: stopWithDebugFaultPolicy,
  restart: restartWithDebugFaultPolicy,
} as const;
export type FaultPolicyName = keyof typeof faultPolicies;
export const faultPolicyNames = Object.keys(faultPolicies) as readonly FaultPolicyName[];

/** Restarts while a process has restarted at most `threshold` times, then stops it. */
export const thresholdRestartFaultPolicy = (threshold: number): ProcessFaultPolicy => ({
  action: process => (process.restartCount <= threshold ? "Restart" : "Stop"),
});

/** Restarts while a process has restarted at most `threshold` times, then panics. */
export const thresholdRestartThenPanicFaultPolicy = (threshold: number): ProcessFaultPolicy => ({
  action: process => (process.restartCount <= threshold ? "Restart" : "Panic"),
});
