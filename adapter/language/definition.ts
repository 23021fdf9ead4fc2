// Go to definition: from an address to its line of source, or to the declaration of its variable.
import type { LocationLink, Position } from "vscode-languageserver";
import type { Analyzer } from "./analysis.js";
import type { CrashDocument } from "./document.js";
import { lineLocation } from "./inlay-hints.js";
import { isReturnAddress, placeOf, sceneOf } from "./places.js";

export async function definitionAt(
  document: CrashDocument,
  position: Position,
  analyzer: Analyzer,
): Promise<LocationLink[]> {
  const found = document.valueAt(position);
  if (!found?.dump || (found.value.kind !== "address" && found.value.kind !== "register"))
    return [];
  const origin = document.rangeOf(found, found.value);
  const analysis = await analyzer.analyze(document.uri, found.dump);
  const scene = sceneOf(analysis, found.node);
  const place =
    scene && placeOf(scene, found.value.value >>> 0, isReturnAddress(scene, found.value));
  if (!place?.location) return [];
  const uri = await analysis.sourceOf(found.node.process, place.location);
  if (uri === undefined) return [];
  const { range } = lineLocation(uri, place.location.line, place.location.column || 1);
  return [
    {
      originSelectionRange: origin,
      targetUri: uri,
      targetRange: range,
      targetSelectionRange: range,
    },
  ];
}
