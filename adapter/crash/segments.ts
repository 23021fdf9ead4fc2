// The memory of a process in parts, for a picture to scale (the map of kernel/src/process_standard.rs `print_memory_map`).

import type { CrashSegment, Scene as WholeScene } from "./model.js";
import { bytesText } from "./regions.js";

/** What the parts follow from. */
type Scene = Pick<WholeScene, "process" | "registers" | "architecture">;
type Kind = CrashSegment["kind"];

/** Ascending, without overlaps; what is not known is left out, and the part around it takes its place. */
export function segmentsOf(scene: Scene): CrashSegment[] {
  return [...flashSegments(scene), ...ramSegments(scene)]
    .filter(({ low, high }) => high > low)
    .sort((a, b) => a.low - b.low);
}

function flashSegments({ process: { flash } }: Scene): CrashSegment[] {
  if (flash === null) return [];
  return [
    segment("protected-flash", flash.start, flash.appStart, "Header and protected flash"),
    segment("app-flash", flash.appStart, flash.end, "App flash: code and constants"),
  ];
}

function ramSegments(scene: Scene): CrashSegment[] {
  const { memory, stackTop, heapStart } = scene.process;
  if (memory === null) return [];
  const { start, appBreak, kernelBreak, end } = memory;
  const inside = (value: number | null, low: number) =>
    value !== null && value >= low && value <= appBreak ? value : undefined;
  const top = inside(stackTop, start);
  const heap = inside(heapStart, top ?? start);
  const data = top ?? start;
  const grants = grantsEnd(scene, kernelBreak, end);
  return [
    ...(top === undefined ? [] : stackSegments(scene, start, top)),
    segment("data", data, heap ?? appBreak, top === undefined ? "Stack, data and heap" : "Data"),
    ...(heap === undefined ? [] : [segment("heap", heap, appBreak, "Heap")]),
    segment("unused", appBreak, kernelBreak, "Unused"),
    segment("grants", kernelBreak, grants, "Grants"),
    segment("kernel", grants, end, "Kernel's data about the process"),
  ];
}

/** Grants grow down from the kernel's own data, so the highest one ends there. */
function grantsEnd({ process: { grants } }: Scene, kernelBreak: number, end: number): number {
  const ends = grants
    .filter(({ size }) => size > 0)
    .map(({ address, size }) => address + size)
    .filter(each => each > kernelBreak && each <= end);
  return ends.length === 0 ? kernelBreak : Math.max(...ends);
}

function stackSegments(scene: Scene, start: number, top: number): CrashSegment[] {
  const lowest = lowestStackPointer(scene);
  if (lowest === undefined) return [segment("stack", start, top, "Stack, its use is not known")];
  const size = top - start;
  if (lowest < start) {
    const text = `Stack: overflowed by at least ${bytesText(start - lowest)}, of ${bytesText(size)}`;
    return [{ kind: "stack", low: start, high: top, text }];
  }
  const text = `Stack: at most ${bytesText(top - lowest)} of ${bytesText(size)} used`;
  return [
    segment("stack-free", start, lowest, "Stack that was never used"),
    { kind: "stack", low: lowest, high: top, text },
  ];
}

/** The kernel notes the stack pointer at switches only; the process may stand lower now. */
function lowestStackPointer({ process, registers, architecture }: Scene): number | undefined {
  const sp = registers[architecture.abi.sp];
  const { stackTop, minimumStackPointer, memory } = process;
  const known = [sp, minimumStackPointer].filter(
    each => typeof each === "number" && stackTop !== null && each <= stackTop,
  ) as number[];
  const near = known.filter(each => each > (memory?.start ?? 0) - 0x10000);
  return near.length === 0 ? undefined : Math.min(...near);
}

const segment = (kind: Kind, low: number, high: number, name: string): CrashSegment => ({
  kind,
  low,
  high,
  text: `${name}: ${bytesText(Math.max(0, high - low))}`,
});
