// Rows of the view Processes: how each is doing and how far its memory is filled.
import type { Gauge, ProcessesBody, ProcessInfo } from "../../adapter/protocol.js";
import { bytesText, counted, grouped, hex8, type Node } from "./nodes.js";

const icons: Readonly<Record<ProcessInfo["kind"], { icon: string; color?: string }>> = {
  active: { icon: "circle-filled", color: "charts.green" },
  stopped: { icon: "debug-pause", color: "charts.yellow" },
  faulted: { icon: "error", color: "errorForeground" },
  terminated: { icon: "circle-slash", color: "disabledForeground" },
};

export const processId = (threadId: number): string => `process ${threadId}`;

export const processNodes = ({ processes }: ProcessesBody): Node[] => processes.map(nodeOf);

function nodeOf(process: ProcessInfo): Node {
  const { threadId, name, kind, explained, state, completionCode, address } = process;
  const ended = completionCode === null ? "" : `, completion code ${completionCode}`;
  return {
    id: processId(threadId),
    label: name,
    description: kind === "terminated" ? `terminated${ended}` : explained,
    tooltip: `${name}: ${state}${ended}\nFlash from ${hex8(address)}, RAM ${hex8(process.memory.start)}–${hex8(process.memory.end)}`,
    ...icons[kind],
    kind: `process-${kind}`,
    children: rowsOf(process),
    threadId,
    address,
  };
}

function rowsOf(process: ProcessInfo): Node[] {
  const { threadId, pid, shortId, restarts, syscalls, lastSyscall, timeslices } = process;
  const row = (label: string, description: string, more: Partial<Node> = {}): Node => ({
    id: `${processId(threadId)} ${label}`,
    label,
    description,
    ...more,
  });
  const gauge = (label: string, of: Gauge | null, more: string): Node =>
    of === null
      ? row(label, "not known yet", { tooltip: "The app has not told the kernel where it begins." })
      : row(label, gaugeText(of), {
          tooltip: `${label}: ${gaugeSentence(of)}.\n${more}`,
          spoken: `${label}: ${gaugeSentence(of)}`,
          icon: of.highest >= of.size ? "warning" : "dashboard",
        });
  const dropped =
    process.droppedUpcalls === 0
      ? ""
      : `, ${counted(process.droppedUpcalls, "upcall")} lost as the queue was full`;
  return [
    row("State", process.state),
    gauge("Stack", process.stack, "The most as the kernel saw it at its entries, and at stops."),
    gauge("Heap", process.heap, "Up to the app break; it can grow up to the grants."),
    gauge("Grants", process.grants, "With the kernel's own part; they can grow down to the app."),
    row("PID", String(pid)),
    row("ShortId", shortId),
    row("Restarts", String(restarts)),
    row("System calls", grouped(syscalls), {
      tooltip: lastSyscall === null ? "No system call yet." : `Last: ${lastSyscall}`,
    }),
    ...(lastSyscall === null ? [] : [row("Last system call", lastSyscall)]),
    row("Timeslices used up", String(timeslices)),
    row("Queued upcalls", `${process.queuedUpcalls}${dropped}`),
  ];
}

/** Characters of a bar. */
const SEGMENTS = 6;

/** `██▒░░░ 500, most 900 of 2,048 bytes`. */
function gaugeText({ used, highest, size }: Gauge): string {
  const part = (count: number) =>
    Math.min(SEGMENTS, Math.ceil((count / Math.max(1, size)) * SEGMENTS));
  const [filled, most] = [part(used), part(highest)];
  const bar = "█".repeat(filled) + "▒".repeat(most - filled) + "░".repeat(SEGMENTS - most);
  return `${bar} ${grouped(used)}, most ${grouped(highest)} of ${bytesText(size)}`;
}

function gaugeSentence({ used, highest, size }: Gauge): string {
  const share = Math.round((highest / Math.max(1, size)) * 100);
  return `${grouped(used)} of ${bytesText(size)} in use, at most ${grouped(highest)} (${share} %)`;
}
