// Listings of the processes of a dump, at run-time addresses, as virtual documents. The URI tells which: the name of the
// file for the eye, and as its query the dump's document, offset and process.
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument, PlacedDump } from "./document.js";
import { LISTING_SCHEME } from "./protocol.js";

export function listingUri(
  document: CrashDocument,
  { dump, start }: PlacedDump,
  process: number,
): string {
  const name = (dump.processName(process) ?? "app").replace(/[^\w.-]+/g, "_").slice(0, 64);
  const query = JSON.stringify([document.uri, start, process]);
  return `${LISTING_SCHEME}:/${name}.lst?${encodeURIComponent(query)}`;
}

/** Whether a process of the dump has a listing. */
export const hasListing = ({ scenes }: Analysis, process: number): boolean =>
  scenes[process]?.symbols !== undefined;

/** The listing's text, or one sentence why there is none. */
export async function listingAt(
  uri: string,
  documentAt: (uri: string) => CrashDocument | undefined,
  analyzer: Analyzer,
): Promise<string> {
  const [document, start, process] = queryOf(uri);
  const dump = documentAt(document)?.dumpAt(start)?.dump;
  if (!dump)
    return "The dump of this listing is not open any more. Open it and choose “Show listing” again.\n";
  const analysis = await analyzer.analyze(document, dump);
  return (
    (await analysis.listingOf(process)) ??
    "There is no listing: the ELF file of this process is not here.\n"
  );
}

function queryOf(uri: string): [document: string, start: number, process: number] {
  const query: unknown = JSON.parse(decodeURIComponent(uri.slice(uri.indexOf("?") + 1)));
  const [document, start, process] = Array.isArray(query) ? query : [];
  if (typeof document !== "string" || !Number.isInteger(start) || !Number.isInteger(process)) {
    throw new Error(`${uri} names no listing`);
  }
  return [document, start, process];
}
