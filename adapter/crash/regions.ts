// What lies at an address: parts of processes, of the kernel, of the chip (kernel/src/process_standard.rs).
import { hex8 } from "../../emulator/index.js";
import { driverText } from "../syscall-text.js";
import type { Access, AccessRange, Explanation, Scene, SceneProcess } from "./model.js";

export const bytesText = (count: number): string =>
  count === 1 ? "1 byte" : `${count.toLocaleString("en")} bytes`;

export type RegionKind =
  | "null"
  | "stack"
  | "data"
  | "heap"
  | "unused"
  | "grant"
  | "kernel-part"
  | "app-flash"
  | "header"
  | "other-ram"
  | "other-flash"
  | "kernel-ram"
  | "kernel-flash"
  | "peripheral"
  | "private-peripheral"
  | "nothing";

export interface Region {
  kind: RegionKind;
  /** What it is, as the end of a sentence: `the heap of blink`. */
  text: string;
}

/** Where null pointers lead, members of a struct behind them included. */
export const NULL_PAGE = 4096;

export function regionAt(scene: Scene, address: number): Region {
  const { process, others } = scene;
  const own = ownRegion(process, address);
  if (own !== undefined) return own;
  const other = others.find(({ memory }) => memory !== null && isIn(memory, address));
  if (other !== undefined) return { kind: "other-ram", text: `RAM of the process ${other.name}` };
  const owner = others.find(({ flash }) => flash !== null && isIn(flash, address));
  if (owner !== undefined) return { kind: "other-flash", text: `flash of the app ${owner.name}` };
  if (address < NULL_PAGE) return { kind: "null", text: "the null page" };
  return chipRegion(scene, address);
}

const isIn = ({ start, end }: { start: number; end: number }, address: number): boolean =>
  address >= start && address < end;

function ownRegion(process: SceneProcess, address: number): Region | undefined {
  const { name, memory, flash, stackTop, heapStart } = process;
  if (memory !== null && isIn(memory, address)) {
    if (address >= memory.kernelBreak) return kernelPart(process, address);
    if (address >= memory.appBreak)
      return {
        kind: "unused",
        text: `RAM of ${name} above its app break, ${hex8(memory.appBreak)}`,
      };
    if (stackTop !== null && address < stackTop)
      return { kind: "stack", text: `the stack of ${name}` };
    if (heapStart !== null && address >= heapStart)
      return { kind: "heap", text: `the heap of ${name}` };
    return { kind: "data", text: `the data of ${name}` };
  }
  if (flash === null || !isIn(flash, address)) return undefined;
  return address < flash.appStart
    ? { kind: "header", text: `the header of ${name} in flash` }
    : { kind: "app-flash", text: `flash of ${name}, which holds its code and constants` };
}

function kernelPart(process: SceneProcess, address: number): Region {
  const grant = process.grants.find(
    each => each.size > 0 && address >= each.address && address < each.address + each.size,
  );
  if (grant !== undefined)
    return { kind: "grant", text: `the grant of ${driverText(grant.driver)} of ${process.name}` };
  return {
    kind: "kernel-part",
    text: `the part of the RAM of ${process.name} that the kernel keeps for grants and itself`,
  };
}

/** What lies before the first process is the kernel's: where all of its memory is, nothing tells. */
function chipRegion(scene: Scene, address: number): Region {
  const { origin, memory, process, others, architecture } = scene;
  const fixed = architecture.regions.find(({ low, high }) => address >= low && address < high);
  if (fixed !== undefined) return fixed;
  const live = origin === "live";
  if (live && memory.read(address, 1) === undefined) return { kind: "nothing", text: "no memory" };
  const all = [process, ...others];
  const firstRam = Math.min(...all.map(each => each.memory?.start ?? Number.POSITIVE_INFINITY));
  const firstFlash = Math.min(...all.map(each => each.flash?.start ?? Number.POSITIVE_INFINITY));
  // Memories of a chip do not cross such a border.
  const near = (first: number) =>
    address < first && first - address < 0x100000 && address >>> 28 === first >>> 28;
  if (near(firstRam)) return { kind: "kernel-ram", text: "RAM of the kernel" };
  if (near(firstFlash)) return { kind: "kernel-flash", text: "flash of the kernel" };
  if (!live) return { kind: "nothing", text: "an address that belongs to no app" };
  return address < 0x20000000
    ? { kind: "kernel-flash", text: "flash outside of every app" }
    : { kind: "kernel-ram", text: "RAM that belongs to no process" };
}

export const rightsText = ({
  read,
  write,
  execute,
}: Omit<AccessRange, "region" | "low" | "high">): string =>
  `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"}`;

/** The region that decides about an address: the highest MPU region, the lowest of the PMP. */
export function rangeAt({ ranges, architecture }: Scene, address: number): AccessRange | undefined {
  const covering = ranges
    .filter(({ low, high }) => address >= low && address < high)
    .sort((a, b) => a.region - b.region);
  return architecture.protection.decides === "lowest" ? covering[0] : covering.at(-1);
}

/** Where either was tried, reading is what is allowed in more places. */
const rightOf = (access: Access | "access"): Access => (access === "access" ? "read" : access);

export const isAllowed = (scene: Scene, address: number, access: Access | "access"): boolean =>
  rangeAt(scene, address)?.[rightOf(access)] === true;

/** Which rule forbids the access. Empty when the regions are not known, or allow it. */
export function ruleText(
  scene: Scene,
  address: number,
  access: Access | "access" | undefined,
): string {
  const { process, ranges, architecture } = scene;
  if (ranges.length === 0) return "";
  const unit = architecture.protection.name;
  const range = rangeAt(scene, address);
  if (range === undefined) return `No ${unit} of ${process.name} covers ${hex8(address)}.`;
  if (access !== undefined && access !== "access" && range[access]) return "";
  const edges = `${hex8(range.low)}–${hex8(range.high)}`;
  return `${unit} ${range.region} of ${process.name}, ${edges}, is ${rightsText(range)}.`;
}

/** The range next to an address that allows the access, and by how many bytes it was missed. */
export function nearestTo(
  scene: Scene,
  address: number,
  access: Access | "access",
): Explanation["nearest"] {
  const distanceTo = ({ low, high }: AccessRange) =>
    address < low ? low - address : Math.max(0, address - high + 1);
  const [found] = scene.ranges
    .filter(range => range[rightOf(access)])
    .sort((a, b) => distanceTo(a) - distanceTo(b));
  if (found === undefined) return null;
  const { low, high } = found;
  return { name: nameOfRange(scene, found), low, high, distance: distanceTo(found) };
}

function nameOfRange({ process, others }: Scene, { low, region }: AccessRange): string {
  const { memory, flash, name } = process;
  if (memory !== null && isIn(memory, low)) return `RAM of ${name}`;
  if (flash !== null && isIn(flash, low)) return `flash of ${name}`;
  const shared = others.find(other => other.memory !== null && isIn(other.memory, low));
  return shared === undefined ? `region ${region}` : `RAM of ${shared.name} shared with ${name}`;
}

/** Further away than this, a miss tells nothing. */
const FAR = 65536;

export function nearestText(nearest: Explanation["nearest"], address: number): string {
  if (nearest === null || nearest.distance === 0 || nearest.distance > FAR) return "";
  const { name, low, high, distance } = nearest;
  const side = address < low ? "below" : "above";
  return `The address lies ${bytesText(distance)} ${side} the ${name} that it may use (${hex8(low)}–${hex8(high)}).`;
}
