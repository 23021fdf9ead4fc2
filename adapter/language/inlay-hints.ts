// Inlay hints: behind an address its function and line, or its variable.
import { type InlayHint, InlayHintKind, type Location, type Range } from "vscode-languageserver";
import type { DumpNode } from "../crash/model.js";
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument, PlacedDump } from "./document.js";
import { isReturnAddress, lineText, placeOf, sceneOf } from "./places.js";

/** Edges of regions and of the memory map have their names beside them. */
const hinted: ReadonlySet<DumpNode["kind"]> = new Set([
  "registers",
  "fault-status",
  "machine-state",
  "statistics",
  "log",
]);

export async function inlayHintsIn(
  document: CrashDocument,
  range: Range,
  analyzer: Analyzer,
): Promise<InlayHint[]> {
  const from = document.offsetAt(range.start);
  const to = document.offsetAt(range.end);
  const hints: InlayHint[] = [];
  for (const placed of document.dumps(from, to)) {
    const analysis = await analyzer.analyze(document.uri, placed.dump);
    for (const node of placed.dump.nodes) {
      const seen = placed.start + node.start <= to && placed.start + node.end >= from;
      if (seen && hinted.has(node.kind))
        hints.push(...(await hintsOf(document, placed, node, analysis)));
    }
  }
  return hints;
}

async function hintsOf(
  document: CrashDocument,
  placed: PlacedDump,
  node: DumpNode,
  analysis: Analysis,
): Promise<InlayHint[]> {
  const scene = sceneOf(analysis, node);
  if (!scene) return [];
  const hints: InlayHint[] = [];
  for (const value of node.values) {
    if (value.kind !== "register" && value.kind !== "address") continue;
    const place = placeOf(scene, value.value >>> 0, isReturnAddress(scene, value));
    if (!place) continue;
    const line = place.isCode && place.location ? ` ${lineText(place.location)}` : "";
    const uri = place.location && (await analysis.sourceOf(node.process, place.location));
    const location =
      uri && place.location ? { location: lineLocation(uri, place.location.line) } : {};
    hints.push({
      position: document.rangeOf(placed, value).end,
      label: [{ value: `${place.name}${line}`, ...location }],
      kind: InlayHintKind.Type,
      paddingLeft: true,
    });
  }
  return hints;
}

/** `line` counts from 1, as debug information does. */
export function lineLocation(uri: string, line: number, column = 1): Location {
  const start = { line: Math.max(0, line - 1), character: Math.max(0, column - 1) };
  return { uri, range: { start, end: start } };
}
