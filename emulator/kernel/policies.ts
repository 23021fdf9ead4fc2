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

/** Restarts while a process has restarted at most `threshold` times, then stops it. */
export const thresholdRestartFaultPolicy = (threshold: number): ProcessFaultPolicy => ({
  action: process => (process.restartCount <= threshold ? "Restart" : "Stop"),
});

/** Restarts while a process has restarted at most `threshold` times, then panics. */
export const thresholdRestartThenPanicFaultPolicy = (threshold: number): ProcessFaultPolicy => ({
  action: process => (process.restartCount <= threshold ? "Restart" : "Panic"),
});

const named: Readonly<Record<string, ProcessFaultPolicy>> = {
  panic: panicFaultPolicy,
  stop: stopWithDebugFaultPolicy,
  "stop-silently": stopFaultPolicy,
  restart: restartWithDebugFaultPolicy,
  "restart-silently": restartFaultPolicy,
};
const withThreshold: Readonly<Record<string, (threshold: number) => ProcessFaultPolicy>> = {
  "threshold-restart": thresholdRestartFaultPolicy,
  "threshold-restart-then-panic": thresholdRestartThenPanicFaultPolicy,
};

/** The policies that a user can choose, as they are written; `N` is the threshold. */
export const faultPolicyNames: readonly string[] = [
  ...Object.keys(named),
  ...Object.keys(withThreshold).map(name => `${name}:N`),
];

/** The policy of a name, `undefined` if it is none. */
export function faultPolicy(text: string): ProcessFaultPolicy | undefined {
  if (Object.hasOwn(named, text)) return named[text];
  const [, name = "", threshold] = /^([a-z-]+):(\d{1,9})$/.exec(text) ?? [];
  if (!Object.hasOwn(withThreshold, name)) return undefined;
  return withThreshold[name]?.(Number(threshold));
}
