// What the Memory map view's two halves say to each other, and the checks of both. Host: memory-map-view.ts, webview:
// view/memory-map.ts.
import type { MemoryMapBody } from "../../adapter/protocol.js";
import { type Check, either, list, nullable, number, object, oneOf, text, truth } from "./check.js";
import { type Empty, isEmpty, isSay, type Say } from "./view-messages.js";

export type MapArea = MemoryMapBody["areas"][number];
export type MapRow = MemoryMapBody["rows"][number];
export type MapRegion = MemoryMapBody["regions"][number];
export type KernelBytes = MemoryMapBody["kernelBytes"][number];

/** To the webview: memory as it is now. */
export interface ShowMemoryMap {
  type: "memoryMap";
  map: MemoryMapBody;
}

export type ToMemoryMapView = ShowMemoryMap | Empty | Say;
export interface FromMemoryMapView {
  type: "ready";
}

const extent = { low: number, high: number };
const rights = { read: truth, write: truth, execute: truth };

const isArea = object<MapArea>({
  name: oneOf("Flash", "RAM"),
  ...extent,
  parts: list(
    object<MapArea["parts"][number]>({
      kind: oneOf("kernel", "app", "free"),
      name: text,
      ...extent,
      selected: truth,
    }),
  ),
});

const isRow = object<MapRow>({
  ...extent,
  ...rights,
  kind: oneOf(
    "stack-free",
    "stack",
    "data",
    "heap",
    "unused",
    "grants",
    "kernel",
    "app-flash",
    "protected-flash",
    "other",
  ),
  shared: list(text),
  others: list(text),
});

const isMemoryMapBody = object<MemoryMapBody>({
  schema: oneOf(1),
  view: oneOf("memoryMap"),
  process: nullable(object({ threadId: number, name: text })),
  areas: list(isArea),
  rows: list(isRow),
  regions: list(
    object<MapRegion>({
      number,
      ...extent,
      ...rights,
      subregions: list(truth),
      ranges: list(object(extent)),
    }),
  ),
  kernelBytes: list(
    object<KernelBytes>({ threadId: number, name: text, own: number, grants: number }),
  ),
});

export const isToMemoryMapView: Check<ToMemoryMapView> = either(
  object<ShowMemoryMap>({ type: oneOf("memoryMap"), map: isMemoryMapBody }),
  either(isEmpty, isSay),
);

export const isFromMemoryMapView = object<FromMemoryMapView>({ type: oneOf("ready") });
