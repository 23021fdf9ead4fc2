// What several of upstream's boards print when their processes have been loaded.
import type { DebugWriter } from "../../kernel/capsules/debug-writer.js";
import { shortIdText } from "../../kernel/inspect.js";
import type { Kernel } from "../../kernel/kernel.js";

/** A line for each process and one for its ShortId. */
export function listProcesses(kernel: Kernel, debugWriter: DebugWriter, title: string): void {
  debugWriter.debug(title);
  kernel.processes.forEach(({ name, shortId }, i) => {
    debugWriter.debug(`[${i}] ${name}`);
    debugWriter.debug(`    ShortId: ${shortIdText(shortId)}`);
  });
}
