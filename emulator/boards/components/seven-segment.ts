// Seven-segment digits (no component upstream: a board makes the capsule itself).
import { SegmentsDevice } from "../../devices/segments.js";
import { SEVEN_SEGMENT_DRIVER, SevenSegment } from "../../kernel/capsules/seven-segment.js";
import type { Workbench } from "./workbench.js";

export function createSevenSegment(bench: Workbench, digits: number): void {
  const display = bench.device(new SegmentsDevice(bench.trace, digits));
  bench.driver(SEVEN_SEGMENT_DRIVER, new SevenSegment(display));
}
