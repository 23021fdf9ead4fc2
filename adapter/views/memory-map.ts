// The view of memory: flash and RAM of the board, and for one process which bytes it may read, write and execute now, by
// its regions of the MPU (ARMv7-M ARM B3.5: the highest region decides) and by the buffers that it shares.
import type { MpuRegionView, ProcessView } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { sceneProcess } from "../crash/live-scene.js";
import type { AccessRange } from "../crash/model.js";
import { rightsText } from "../crash/regions.js";
import { segmentsOf } from "../crash/segments.js";
import { CORTEX_M } from "../crash/thumb.js";
import { accessRanges, enabledRanges, rightsOf } from "../mpu.js";
import { processOf, threadOf } from "../stack.js";
import { driverText } from "../syscall-text.js";
import type { KernelBytes, MapArea, MapRegion, MapRow, MemoryMapBody } from "./model.js";

/** A region with fewer bytes has no sub-regions (ARMv7-M ARM B3.5.3). */
const LEAST_WITH_SUBREGIONS = 256;

/** @param thread the one that is selected; else the one that stopped last, else the first */
export function memoryMapBody(control: Control, thread: number | undefined): MemoryMapBody {
  const { debuggee } = control;
  const wanted = thread ?? control.stoppedBy?.threadId;
  const { processes } = debuggee;
  const view =
    processes.find(({ index }) => wanted !== undefined && index === processOf(wanted)) ??
    processes[0];
  const nameOf = ({ index }: ProcessView) => debuggee.nameOf(index);
  return {
    schema: 1,
    view: "memoryMap",
    process: view === undefined ? null : { threadId: threadOf(view.index), name: nameOf(view) },
    areas: [flashOf(control, view), ramOf(control, view)],
    rows: view === undefined ? [] : rowsOf(view, processes, nameOf),
    regions: view?.mpu.filter(({ enabled }) => enabled).map(regionOf) ?? [],
    kernelBytes: processes.map(each => kernelBytesOf(each, nameOf(each))),
  };
}

// The board

type Part = MapArea["parts"][number];

function flashOf({ debuggee, board, loading }: Control, view: ProcessView | undefined): MapArea {
  const { flash } = debuggee.machine.memory.map;
  const apps = loading.apps().map(({ name, address, size }) => ({
    kind: "app" as const,
    name,
    low: address,
    high: address + size,
    selected: address === view?.flash.start,
  }));
  return areaOf("Flash", flash, board.appFlash, apps);
}

function ramOf({ debuggee, board }: Control, view: ProcessView | undefined): MapArea {
  const { ram } = debuggee.machine.memory.map;
  const apps = debuggee.processes.map(({ index, memory }) => ({
    kind: "app" as const,
    name: debuggee.nameOf(index),
    low: memory.start,
    high: memory.end,
    selected: index === view?.index,
  }));
  return areaOf("RAM", ram, board.appRam, apps);
}

interface Range {
  address: number;
  size: number;
}

/** The kernel has what is not meant for apps. */
function areaOf(name: MapArea["name"], all: Range, ofApps: Range, apps: readonly Part[]): MapArea {
  const [low, high] = [all.address, all.address + all.size];
  const [firstApp, lastApp] = [ofApps.address, ofApps.address + ofApps.size];
  const parts: Part[] = [];
  const fill = (kind: "kernel" | "free", from: number, to: number): void => {
    if (to > from) parts.push({ kind, name: "", low: from, high: to, selected: false });
  };
  fill("kernel", low, firstApp);
  let at = firstApp;
  for (const app of apps.toSorted((a, b) => a.low - b.low)) {
    fill("free", at, app.low);
    parts.push(app);
    at = app.high;
  }
  fill("free", at, lastApp);
  fill("kernel", Math.max(at, lastApp), high);
  return { name, low, high, parts };
}

// The selected process

interface Shared {
  low: number;
  high: number;
  text: string;
}

/** Rows end wherever anything about the bytes changes. */
function rowsOf(
  view: ProcessView,
  processes: readonly ProcessView[],
  nameOf: (view: ProcessView) => string,
): MapRow[] {
  const process = sceneProcess(view, nameOf(view));
  const registers = view.registers ?? [];
  const segments = segmentsOf({ process, registers, architecture: CORTEX_M });
  const ranges = accessRanges(view.mpu);
  const shared = sharedBy(view);
  const others = processes
    .filter(({ index }) => index !== view.index)
    .map(each => ({ name: nameOf(each), ranges: accessRanges(each.mpu) }));
  const extents = [...segments, ...ranges];
  const edges = new Set([
    ...[...extents, ...shared].flatMap(({ low, high }) => [low, high]),
    ...others.flatMap(each => each.ranges.flatMap(({ low, high }) => [low, high])),
  ]);
  const sorted = [...edges].sort((a, b) => a - b);
  const rows: MapRow[] = [];
  for (const [i, low] of sorted.entries()) {
    const high = sorted[i + 1];
    if (high === undefined || !extents.some(extent => holds(extent, low))) continue;
    const { read, write, execute } = decidedBy(ranges, low);
    const row: MapRow = {
      low,
      high,
      kind: segments.find(segment => holds(segment, low))?.kind ?? "other",
      read,
      write,
      execute,
      shared: shared.filter(each => holds(each, low)).map(({ text }) => text),
      others: others.flatMap(other => {
        const rights = decidedBy(other.ranges, low);
        return rights.read ? [`${other.name} ${rightsText(rights)}`] : [];
      }),
    };
    const last = rows.at(-1);
    if (last?.high === low && isAlike(last, row)) last.high = high;
    else rows.push(row);
  }
  return rows;
}

const holds = ({ low, high }: { low: number; high: number }, address: number): boolean =>
  address >= low && address < high;

const NOTHING = { region: -1, low: 0, high: 0, read: false, write: false, execute: false };

/** The range of the highest region at an address. */
const decidedBy = (ranges: readonly AccessRange[], address: number): AccessRange =>
  ranges
    .filter(range => holds(range, address))
    .reduce((best, range) => (range.region > best.region ? range : best), NOTHING);

const isAlike = (
  { low: _, high: __, ...a }: MapRow,
  { low: ___, high: ____, ...b }: MapRow,
): boolean => JSON.stringify(a) === JSON.stringify(b);

function sharedBy({ grants }: ProcessView): Shared[] {
  return grants.flatMap(({ driver, readOnlyAllows, readWriteAllows }) => {
    const named = (access: string, list: typeof readOnlyAllows) =>
      list
        .filter(({ length }) => length > 0)
        .map(({ allow, address, length }) => ({
          low: address,
          high: address + length,
          text: `${driverText(driver)}, ${access} ${allow}`,
        }));
    return [...named("read-only", readOnlyAllows), ...named("read-write", readWriteAllows)];
  });
}

function regionOf(region: MpuRegionView): MapRegion {
  const { number, address, size, subregionsDisabled } = region;
  const isWhole = size < LEAST_WITH_SUBREGIONS;
  return {
    number,
    low: address,
    high: address + size,
    ...rightsOf(region),
    subregions: isWhole
      ? []
      : Array.from({ length: 8 }, (_, n) => !(subregionsDisabled & (1 << n))),
    ranges: enabledRanges(region),
  };
}

function kernelBytesOf({ index, memory, grants }: ProcessView, name: string): KernelBytes {
  const used = grants.reduce((sum, { size }) => sum + size, 0);
  const all = memory.end - memory.kernelBreak;
  return { threadId: threadOf(index), name, own: all - used, grants: used };
}
