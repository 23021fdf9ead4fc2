// Code lenses over a dump: the panel, the line of source that crashed, the listing of each process.
import type { CodeLens, Command } from "vscode-languageserver";
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument, PlacedDump } from "./document.js";
import { hasListing, listingUri } from "./listing.js";
import { lineText } from "./places.js";
import {
  type DocumentPlace,
  type DumpPlace,
  OPEN_PANEL_COMMAND,
  OPEN_PLACE_COMMAND,
} from "./protocol.js";

/** What is not analysed yet has no lens yet: the client asks again when it is. */
export async function lensesOf(document: CrashDocument, analyzer: Analyzer): Promise<CodeLens[]> {
  const lenses: CodeLens[] = [];
  for (const placed of document.dumps()) {
    const analysis = analyzer.known(placed.dump);
    if (analysis) lenses.push(...(await dumpLenses(document, placed, analysis)));
  }
  return lenses;
}

async function dumpLenses(
  document: CrashDocument,
  placed: PlacedDump,
  analysis: Analysis,
): Promise<CodeLens[]> {
  const { body, explained } = analysis;
  const lenses: CodeLens[] = [];
  const { uri } = document;
  const add = (at: { start: number; end: number }, command: Command) => {
    lenses.push({ range: document.rangeOf(placed, at), command });
  };
  const { headline } = placed.dump;
  const where: DumpPlace = { uri, offset: placed.start + headline.start };
  add(headline, { title: "Open crash panel", command: OPEN_PANEL_COMMAND, arguments: [where] });
  const { place } = body.explanation;
  const source = place && (await analysis.sourceOf(explained ?? null, place));
  if (source) {
    const target: DocumentPlace = {
      uri: source,
      line: Math.max(0, place.line - 1),
      character: Math.max(0, place.column - 1),
    };
    const title = `Go to ${lineText(place)}`;
    add(headline, { title, command: OPEN_PLACE_COMMAND, arguments: [target] });
  }
  for (const node of placed.dump.nodes) {
    if (node.kind !== "statistics" || node.process === null) continue;
    if (!hasListing(analysis, node.process)) continue;
    const line = placed.dump.firstLine(node);
    const listing: DocumentPlace = {
      uri: listingUri(document, placed, node.process),
      line: 0,
      character: 0,
    };
    add(line, { title: "Show listing", command: OPEN_PLACE_COMMAND, arguments: [listing] });
  }
  return lenses;
}
