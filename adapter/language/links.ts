// Document links: the place where the kernel panicked, if the kernel's source is here, and the listing that Tock's hint names.
import type { DocumentLink } from "vscode-languageserver";
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument, PlacedDump } from "./document.js";
import { hasListing, listingUri } from "./listing.js";

/** `panicked at PATH:LINE:COLUMN`, and with the message in between as Rust before 1.73 wrote it. */
const panicPlace = /panicked at (?:'[^\n]*', )?([^\s:'][^\n:']*):(\d+):(\d+)/;
const listingName = /\S+\.lst\b/;

export async function linksOf(
  document: CrashDocument,
  analyzer: Analyzer,
): Promise<DocumentLink[]> {
  const links: DocumentLink[] = [];
  for (const placed of document.dumps()) {
    const analysis = analyzer.known(placed.dump);
    if (analysis) links.push(...(await dumpLinks(document, placed, analysis)));
  }
  return links;
}

async function dumpLinks(
  document: CrashDocument,
  placed: PlacedDump,
  analysis: Analysis,
): Promise<DocumentLink[]> {
  const links: DocumentLink[] = [];
  for (const node of placed.dump.nodes) {
    if (node.kind !== "panic" && node.kind !== "hint") continue;
    const text = placed.dump.textOf(node);
    const found = (node.kind === "panic" ? panicPlace : listingName).exec(text);
    if (!found) continue;
    const [whole, path = "", line = "1", column = "1"] = found;
    const start = node.start + found.index + (node.kind === "panic" ? whole.indexOf(path) : 0);
    const range = document.rangeOf(placed, { start, end: node.start + found.index + whole.length });
    if (node.kind === "panic") {
      const target = await analysis.kernelSource(path);
      if (target)
        links.push({ range, target: `${target}#L${line},${column}`, tooltip: "Go to the source" });
    } else if (node.process !== null && hasListing(analysis, node.process)) {
      const target = listingUri(document, placed, node.process);
      links.push({ range, target, tooltip: "Show the listing at these addresses" });
    }
  }
  return links;
}
