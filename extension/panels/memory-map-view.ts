// The Memory map view in the extension host: hands the page what the debugger tells of memory.
import type * as vscode from "vscode";
import {
  type FromMemoryMapView,
  isFromMemoryMapView,
  type ShowMemoryMap,
} from "./memory-map-messages.js";
import { PageView } from "./page-view.js";

/** @param extension where the extension lies */
export const memoryMapView = (
  extension: vscode.Uri,
): PageView<"memoryMap", ShowMemoryMap, FromMemoryMapView> =>
  new PageView(extension, {
    name: "memoryMap",
    title: "Memory map",
    script: "memory-map-view.js",
    check: isFromMemoryMapView,
    message: map => ({ type: "memoryMap", map }),
    receive: () => {},
  });
