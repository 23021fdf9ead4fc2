// Document symbols and folding: a dump, its processes and their parts.
import {
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  SymbolKind,
} from "vscode-languageserver";
import type { DumpNode, NodeKind } from "../crash/model.js";
import type { CrashDocument, PlacedDump } from "./document.js";

const titles: Readonly<Partial<Record<NodeKind, [name: string, kind: SymbolKind]>>> = {
  "debug-buffer": ["Debug output before the panic", SymbolKind.String],
  "fault-status": ["Fault status", SymbolKind.Field],
  "machine-state": ["Machine state", SymbolKind.Field],
  statistics: ["Statistics", SymbolKind.Number],
  map: ["Memory map", SymbolKind.Array],
  registers: ["Registers", SymbolKind.Variable],
  grants: ["Grants", SymbolKind.Interface],
  mpu: ["Memory protection", SymbolKind.Key],
  hint: ["How to get a listing", SymbolKind.String],
};

export function symbolsOf(document: CrashDocument): DocumentSymbol[] {
  return [...document.dumps()].flatMap(placed => dumpSymbol(document, placed) ?? []);
}

function dumpSymbol(document: CrashDocument, placed: PlacedDump): DocumentSymbol | undefined {
  const nodes = placed.dump.nodes.filter(({ kind }) => kind !== "log");
  const symbol = spanning(document, placed, nodes, placed.dump.title, SymbolKind.Event);
  if (!symbol) return undefined;
  const processes = new Map<number | null, DumpNode[]>();
  for (const node of nodes)
    processes.set(node.process, [...(processes.get(node.process) ?? []), node]);
  for (const [process, parts] of processes) {
    const children = parts.flatMap(part => partSymbol(document, placed, part));
    const name = process === null ? undefined : placed.dump.processName(process);
    const own =
      name === undefined ? undefined : spanning(document, placed, parts, name, SymbolKind.Module);
    if (own) symbol.children?.push({ ...own, children });
    else symbol.children?.push(...children);
  }
  return symbol;
}

function partSymbol(document: CrashDocument, placed: PlacedDump, node: DumpNode): DocumentSymbol[] {
  const [name, kind] = titles[node.kind] ?? [];
  const symbol = name && kind && spanning(document, placed, [node], name, kind);
  return symbol ? [symbol] : [];
}

/** A symbol over the lines of `nodes`, from the first letter to the last. */
function spanning(
  document: CrashDocument,
  placed: PlacedDump,
  nodes: readonly DumpNode[],
  name: string,
  kind: SymbolKind,
): DocumentSymbol | undefined {
  const [first] = nodes;
  const last = nodes.at(-1);
  if (!first || !last) return undefined;
  const range = document.rangeOf(
    placed,
    placed.dump.trimmed({ start: first.start, end: last.end }),
  );
  const selectionRange = { start: range.start, end: range.start };
  return { name, kind, range, selectionRange, children: [] };
}

export function foldsOf(document: CrashDocument): FoldingRange[] {
  return symbolsOf(document).flatMap(symbol => fold(symbol));
}

const fold = ({ range, children }: DocumentSymbol): FoldingRange[] => [
  ...(range.end.line > range.start.line
    ? [{ startLine: range.start.line, endLine: range.end.line, kind: FoldingRangeKind.Region }]
    : []),
  ...(children ?? []).flatMap(fold),
];
