// Memory protection of a process: arch/cortex-m/src/mpu.rs (regions with sub-regions), arch/cortex-m33/src/mpu_v8m.rs
// (without), arch/riscv/src/pmp.rs `PMPUserMPUConfig`, and the forms of older releases.
import { accessNames, accessNamesV8 } from "../../emulator/index.js";
import type { PartReader, PmpDraft, ProcessDraft, RegionDraft } from "./draft.js";
import type { Line } from "./dump-text.js";
import type { DumpValue } from "./model.js";
import { pmpValues } from "./parse-state.js";

/** More than any processor has; a damaged number must not make a long list. */
const MAXIMUM_REGIONS = 64;

export const readMpu: PartReader<ProcessDraft> = (line, process) => {
  const { text } = line;
  if (text.includes("Cortex-M MPU")) {
    process.mpu ??= [];
    return [];
  }
  const region = /\bRegion (\d{1,2}): /.exec(text);
  if (region) return readRegion(line, Number(region[1]), process);
  const subregion = /\bSub-region ([0-7]): /.exec(text);
  if (subregion) return readSubregion(line, Number(subregion[1]), process);
  return readPmp(line, process);
};

const regionRange =
  /\[(0x[0-9A-Fa-f]{1,8}):(0x[0-9A-Fa-f]{1,8})\], length: ?(\d{1,10}) ?bytes; ?(\w{1,40}) ?\((0x[0-9a-f])\)/;
const regionBase =
  /base: {1,9}(0x[0-9A-Fa-f]{1,8}), length: ?(\d{1,10}) ?bytes; ?(\w{1,40}) ?\((0x[0-9a-f])\)/;

function readRegion(line: Line, number: number, process: ProcessDraft): DumpValue[] {
  if (number >= MAXIMUM_REGIONS) return [];
  process.mpu ??= [];
  const regions = process.mpu;
  while (regions.length <= number) regions.push(unused());
  const match = regionRange.exec(line.text);
  // Release 1.4 has the base instead, and did not show sub-regions.
  const older = match ? null : regionBase.exec(line.text);
  const found = match ?? older;
  if (!found) return addressesIn(line);
  const [length = "", name = "", access = ""] = found.slice(-3);
  const accessPermission = Number(access);
  const v8 = accessNames[accessPermission] !== name && accessNamesV8[accessPermission] === name;
  regions[number] = {
    logical: { address: Number(found[1]), size: Number(length) },
    accessPermission,
    subregionsDisabled: v8 ? null : 0,
  };
  const at = line.text.lastIndexOf(access);
  return [
    ...addressesIn(line),
    line.value("access", v8 ? "RBAR.AP" : "AP", accessPermission, [at, access.length]),
  ];
}

const unused = (): RegionDraft => ({
  logical: null,
  accessPermission: 0,
  subregionsDisabled: 0,
});

/** The addresses of `[0x20010000:0x20011000]` or after `base:`. */
const addressesIn = (line: Line): DumpValue[] =>
  [...line.text.matchAll(/(?<=\[|:|: {1,9})(0x[0-9A-Fa-f]{6,8})(?=[:\],])/g)].map(match =>
    line.tail("address", "", match),
  );

function readSubregion(line: Line, number: number, process: ProcessDraft): DumpValue[] {
  const values = addressesIn(line);
  const region = process.mpu?.at(-1);
  const state = /, ?(Enabled|Disabled)/.exec(line.text);
  if (!region || !state) return values;
  if (state[1] === "Disabled")
    region.subregionsDisabled = (region.subregionsDisabled ?? 0) | (1 << number);
  const at = state.index + state[0].indexOf(state[1] ?? "");
  const disabled = state[1] === "Disabled" ? 1 << number : 0;
  return [...values, line.value("subregions", "SRD", disabled, [at, state[1]?.length ?? 0])];
}

const newPmp = (): PmpDraft => ({ id: 0, dirty: false, appMemoryRegion: null, regions: [] });
const entry =
  /#(\d{2}): start=(0x[0-9A-Fa-f]{1,8}), end=(0x[0-9A-Fa-f]{1,8}), cfg=(0x[0-9A-Fa-f]{1,2})\b/;
const olderEntry =
  /\[(\d)\]: addr=(0x[0-9A-Fa-f]{1,8}), size=(0x[0-9A-Fa-f]{1,8}), cfg=(0x[0-9A-Fa-f]{1,2})\b/;

/** `PMPUserMPUConfig { … }`, or ` PMP regions:` of releases 1.6 to 2.1. */
function readPmp(line: Line, process: ProcessDraft): DumpValue[] | undefined {
  const { text } = line;
  if (text.includes("PMPUserMPUConfig {") || text.includes("PMP regions:")) {
    process.pmp ??= newPmp();
    return [];
  }
  const { pmp } = process;
  if (!pmp) return undefined;
  const match = entry.exec(text);
  const older = match ? null : olderEntry.exec(text);
  const found = match ?? older;
  if (found) {
    const [, number, start, end, cfg] = found.map(Number);
    if (number === undefined || start === undefined || end === undefined) return undefined;
    while (pmp.regions.length <= number) pmp.regions.push({ start: 0, end: 0, cfg: 0 });
    pmp.regions[number] = { start, end: older ? start + end : end, cfg: cfg ?? 0 };
    return pmpValues(line);
  }
  if (/<unset>/.test(text)) {
    pmp.regions.push({ start: 0, end: 0, cfg: 0 });
    return [];
  }
  const field = /(?:^|\s)(id|is_dirty|app_memory_region|regions):(?:$| (.{1,40}))/.exec(
    text.trimEnd(),
  );
  if (field) {
    readField(pmp, field[1] ?? "", field[2] ?? "");
    return [];
  }
  // The closing brace, or a region that was cut off.
  return /(?:^|\s)\}$/.test(text.trimEnd()) || /#\d{2}: /.test(text) ? [] : undefined;
}

function readField(pmp: PmpDraft, name: string, text: string): void {
  const number = Number(/\d{1,9}/.exec(text)?.[0] ?? Number.NaN);
  if (name === "id" && !Number.isNaN(number)) pmp.id = number;
  if (name === "is_dirty") pmp.dirty = text.startsWith("true");
  if (name === "app_memory_region") pmp.appMemoryRegion = Number.isNaN(number) ? null : number;
}
