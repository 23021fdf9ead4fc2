// Rows of the view Kernel: who runs and who is next, what is due, what lies in flash, which drivers the board has.
import type { FlashPart, KernelBody } from "../../adapter/protocol.js";
import { bytesText, counted, durationText, hex8, type Node } from "./nodes.js";

export function kernelNodes(body: KernelBody): Node[] {
  const { drivers, missing } = body;
  return [
    {
      id: "board",
      label: "Board",
      description: body.board,
      tooltip: body.board,
    },
    {
      id: "time",
      label: "Time since start",
      description: durationText(body.seconds),
      ...(body.panicked
        ? { icon: "error", color: "errorForeground", tooltip: "The kernel has panicked." }
        : {}),
    },
    schedulerNode(body),
    alarmsNode(body),
    eventsNode(body),
    {
      id: "flash",
      label: "Flash",
      description: counted(body.flash.filter(({ kind }) => kind === "app").length, "app"),
      open: true,
      children: body.flash.map(flashNode),
    },
    driversNode("drivers", "Drivers", drivers),
    ...(missing.length === 0 ? [] : [driversNode("missing", "Drivers not emulated", missing)]),
  ];
}

function schedulerNode({ scheduler, current, next }: KernelBody): Node {
  const left =
    current?.left == null
      ? "without a timeslice"
      : `${durationText(current.left / 1e6)} of its timeslice left`;
  const running = current === null ? "nobody is ready" : `${current.name} runs`;
  return {
    id: "scheduler",
    label: "Scheduler",
    description: `${scheduler}, ${running}`,
    open: true,
    children: [
      ...(current === null
        ? []
        : [
            {
              id: "current",
              label: current.name,
              description: `has its turn, ${left}`,
              icon: "debug-stackframe",
              threadId: current.threadId,
            },
          ]),
      ...next.map(({ name, threadId }, place) => ({
        id: `next ${threadId}`,
        label: name,
        description: place === 0 ? "is next" : `is number ${place + 1} to follow`,
        threadId,
      })),
    ],
  };
}

const alarmsNode = ({ alarms }: KernelBody): Node => ({
  id: "alarms",
  label: "Alarms",
  description: alarms.length === 0 ? "none is set" : String(alarms.length),
  open: true,
  children: alarms.map(({ name, threadId, seconds }) => ({
    id: `alarm ${threadId}`,
    label: name,
    description: seconds === 0 ? "due" : `in ${durationText(seconds)}`,
    icon: "watch",
    threadId,
  })),
});

const eventsNode = ({ events }: KernelBody): Node => ({
  id: "events",
  label: "Events of devices",
  description: events[0] === undefined ? "none" : `next: ${events[0].device}`,
  children: events.map(({ device, seconds }, place) => ({
    id: `event ${place}`,
    label: device,
    description: `in ${durationText(seconds)}`,
  })),
});

function flashNode(part: FlashPart): Node {
  const { kind, name, address, size, version, enabled, sticky, threadId } = part;
  const where = `${hex8(address)}, ${bytesText(size)}`;
  if (kind === "free") return { id: `flash ${address}`, label: "Free", description: where };
  const marks = [
    ...(version === 0 ? [] : [`version ${version}`]),
    ...(enabled ? [] : ["disabled"]),
    ...(sticky ? ["sticky"] : []),
    ...(threadId === undefined ? ["not started"] : []),
  ];
  return {
    id: `flash ${address}`,
    label: name === "" ? hex8(address) : name,
    description: [where, ...marks].join(", "),
    icon: "package",
    ...(enabled ? {} : { color: "disabledForeground" }),
    kind: "app",
    address,
    ...(threadId === undefined ? {} : { threadId }),
  };
}

const driversNode = (id: string, label: string, drivers: KernelBody["drivers"]): Node => ({
  id,
  label,
  description: String(drivers.length),
  children: drivers.map(({ driver, name }) => ({ id: `${id} ${driver}`, label: name })),
});
