// Hovers: registers bit by bit, rights of the MPU and PMP, and what an address is.
import type { Hover, Position } from "vscode-languageserver";
import { hex, hex8 } from "../../emulator/index.js";
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
  const text = paragraphs(found, analysis);
  return text.length === 0 ? null : { contents: markdown(text), range };
}

function paragraphs(found: PlacedValue, analysis: Analysis | undefined): string[] {
  const { node, value } = found;
  const scene = analysis && sceneOf(analysis, node);
  switch (value.kind) {
    case "flag":
      return flagParagraphs(value);
    case "subregions":
      return [value.value === 0 ? SUBREGION_ENABLED : SUBREGION_DISABLED];
    case "access":
      return [
        titled(value),
        fieldList(decodeRegister(value.name, value.value)),
        ...rangeParagraphs(found, scene),
      ];
    case "register":
      return [`${titled(value)}${abiName(value, scene)}`, ...registerParagraphs(value, scene)];
    case "address":
      return [titled(value), ...(scene ? addressParagraphs(scene, value) : [])];
  }
}

const SUBREGION_ENABLED = "**Enabled**: the rights of the region hold in this eighth of it.";
const SUBREGION_DISABLED = "**Disabled**: in this eighth it is as if the region were not there.";

/** A line that names a bit. */
function flagParagraphs({ name, value }: DumpValue): string[] {
  const fields = decodeRegister(name, value).filter(field => field.value !== 0);
  return fields.length === 0 ? [] : [`**${escaped(name)}**`, fieldList(fields)];
}

function registerParagraphs(value: DumpValue, scene: Scene | undefined): string[] {
  if (value.value >>> 0 === UNREADABLE) return [UNREADABLE_TEXT];
  const fields = decodeRegister(value.name, value.value);
  if (fields.length > 0) return [fieldList(fields)];
  if (isFlagRegister(value.name)) return ["No bit is set."];
  return scene ? addressParagraphs(scene, value) : [];
}

const UNREADABLE_TEXT =
  "The kernel prints this where it cannot read the stack frame of the process: it lies outside of the app's RAM.";

const titles: Readonly<Record<string, string>> = {
  AP: "Access permission",
  pmpcfg: "PMP configuration",
};

const titled = ({ kind, name, value }: DumpValue): string => {
  const text = kind === "access" ? hex(value) : hex8(value);
  const title = titles[name] ?? name;
  return title === "" ? code(text) : `**${escaped(title)}** ${code(text)}`;
};

/** Tock prints x10 of RISC-V as R10; compilers call it a0. */
function abiName({ name }: DumpValue, scene: Scene | undefined): string {
  const [, number] = /^R(\d+)$/.exec(name) ?? [];
  const known = scene?.architecture.isa.registers[Number(number ?? -1)]?.name;
  return known === undefined || known === `r${number}` ? "" : ` (${code(known)})`;
}

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
  const place = placeOf(scene, address, isReturnAddress(scene, value));
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
  const unit = scene.architecture.protection.name;
  const name = escaped(scene.process.name);
  if (range === undefined) return `No ${unit} lets ${name} use it.`;
  const edges = code(`${hex8(range.low)}–${hex8(range.high)}`);
  return `${unit} ${range.region} of ${name}, ${edges}: ${code(rightsText(range))}.`;
}

/** What a region of the MPU, or an entry of the PMP, lets the app use: without disabled sub-regions. */
function rangeParagraphs({ node, value }: PlacedValue, scene: Scene | undefined): string[] {
  // Its edges stand before it in the line.
  const at = node.values.indexOf(value);
  const [low, high] = node.values.slice(Math.max(0, at - 2), at).map(edge => edge.value);
  if (low === undefined || high === undefined || scene === undefined) return [];
  const ranges = scene.ranges.filter(range => range.low >= low && range.high <= high);
  if (ranges.length === 0) return ["The app may use none of it."];
  const parts = ranges.map(range =>
    code(`${hex8(range.low)}–${hex8(range.high)} ${rightsText(range)}`),
  );
  return [`The app may use ${parts.join(", ")}.`];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
