// Hovers: registers bit by bit, rights of the MPU and PMP, and what an address is.
import type { Hover, Position } from "vscode-languageserver";
import { hex8 } from "../../emulator/index.js";
import { decodeRegister, type RegisterField } from "../crash/decode.js";
import type { DumpValue, Scene } from "../crash/model.js";
import { rangeAt, regionAt, rightsText } from "../crash/regions.js";
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument, PlacedValue } from "./document.js";
import { code, escaped, markdown } from "./markup.js";
import {
  isCodeRegister,
  isReturnAddress,
  lineText,
  placeOf,
  sceneOf,
  UNREADABLE,
} from "./places.js";

export async function hoverAt(
  document: CrashDocument,
  position: Position,
  analyzer: Analyzer,
): Promise<Hover | null> {
  const found = document.valueAt(position);
  if (!found) return null;
  const range = document.rangeOf(found, found.value);
  const analysis = found.dump && (await analyzer.analyze(document.uri, found.dump));
  return { contents: markdown(paragraphs(found, analysis)), range };
}

function paragraphs({ node, value }: PlacedValue, analysis: Analysis | undefined): string[] {
  const title = `**${escaped(titleOf(value))}** ${code(valueText(value))}`;
  if (value.value >>> 0 === UNREADABLE && value.kind === "register") {
    return [
      title,
      "The kernel could not read the stack frame of the process: it lies outside of the app's RAM.",
    ];
  }
  const fields = decodeRegister(value.name, value.value);
  if (fields.length > 0) return [title, fieldList(fields)];
  if (isFlagRegister(value.name)) return [title, "No bit is set."];
  if (value.kind !== "address" && value.kind !== "register") return [title];
  const scene = analysis && sceneOf(analysis, node);
  return scene === undefined ? [title] : [title, ...addressParagraphs(scene, value)];
}

const titles: Readonly<Record<string, string>> = {
  AP: "Access permission",
  pmpcfg: "PMP configuration",
  SRD: "Sub-regions",
};

const titleOf = ({ name }: DumpValue): string => titles[name] ?? name;

const valueText = ({ kind, value }: DumpValue): string =>
  kind === "access" || kind === "subregions" ? `0x${value.toString(16)}` : hex8(value);

/** Registers that are nothing but bits. */
const isFlagRegister = (name: string): boolean => /^[CH]FSR$|^mi[ep]$|^mseccfg$/.test(name);

const fieldList = (fields: readonly RegisterField[]): string =>
  fields
    .map(({ name, bits, value, text }) => {
      const where = /^\d+$/.test(bits) ? `bit ${bits}` : `bits ${bits}`;
      return `- **${escaped(name)}** (${where}) = ${value}: ${escaped(text)}`;
    })
    .join("\n");

function addressParagraphs(scene: Scene, value: DumpValue): string[] {
  const address = value.value >>> 0;
  const place = placeOf(scene, address, isReturnAddress(value));
  const region = regionAt(scene, address);
  // A small number in a register is a number.
  if (place === undefined && value.kind === "register" && !isCodeRegister(value)) {
    if (region.kind === "nothing" || region.kind === "null") return [];
  }
  const where = place?.location ? ` at ${code(lineText(place.location))}` : "";
  const symbol = place ? `${code(place.name)}${where}` : "";
  return [symbol, `${escaped(capital(region.text))}.`, rightsParagraph(scene, address)];
}

function rightsParagraph(scene: Scene, address: number): string {
  if (scene.ranges.length === 0) return "";
  const range = rangeAt(scene, address);
  const unit = scene.cause.isa === "riscv" ? "PMP entry" : "MPU region";
  const name = escaped(scene.process.name);
  if (range === undefined) return `No ${unit} lets ${name} use it.`;
  const edges = code(`${hex8(range.low)}–${hex8(range.high)}`);
  return `${unit} ${range.region} of ${name}, ${edges}: ${code(rightsText(range))}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
