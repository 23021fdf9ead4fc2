// Reads the apps of a launch: TAB, TBF or an ELF of libtock-rs, the ELF with its debug information, and where its sources lie.
import {
  alignUp,
  type BoardDescription,
  chooseTbf,
  type Elf,
  EM_ARM,
  fits,
  isLibtockRs,
  looksLikeElf,
  looksLikeTbf,
  nextPowerOfTwo,
  type Placement,
  packLibtockRs,
  parseElf,
  parseTbf,
  readTab,
  sharesRam,
  type Tab,
  type Tbf,
  type TbfHeader,
  UserError,
  variantsFor,
} from "../emulator/index.js";
import { differenceBetween } from "./elf-match.js";
import * as errors from "./errors.js";
import { baseName, type Files, folderOf, joinPath } from "./files.js";
import type { AppOptions } from "./launch.js";
import { Sources } from "./sources.js";

export interface App {
  path: string;
  /** The name to show; the header's, unless the launch gives one. */
  name: string | undefined;
  tbf: Tbf;
  /** `undefined`: no debug information, and `notices` tells why. */
  elf: Elf | undefined;
  sources: Sources;
  /** On the board from the start; else another app may install it. */
  installed: boolean;
}

/** What reading needs to know of the board. */
export interface Target {
  name: string;
  architecture: string;
  placement: Placement;
  /** Of a board that runs, or holds apps from the start: whether a TBF would find room beside these and `before`. */
  suits?(tbf: Uint8Array, before: readonly Uint8Array[]): boolean;
}

/** Where fixed addresses may lie; the kernel itself judges those of RAM. `image` is what flash holds already. */
export function targetOf(board: BoardDescription, image?: Uint8Array): Target {
  const { name, architecture, appFlash } = board;
  const flash = { start: appFlash.address, end: appFlash.address + appFlash.size };
  return {
    name,
    architecture,
    placement: { flash, ram: { start: 0, end: 2 ** 32 } },
    ...(image && { suits: (tbf, before) => board.findsRoom(tbf, image, before) }),
  };
}

/** Folders of rustc's targets by architecture, as libtock-rs names them. */
const triples: Readonly<Record<string, string>> = {
  "cortex-m4": "thumbv7em-none-eabi",
  "cortex-m3": "thumbv7m-none-eabi",
  "cortex-m0": "thumbv6m-none-eabi",
};

export interface ReadApps {
  apps: App[];
  /** A sentence for each app that cannot be read. */
  wrong: string[];
  /** A sentence for each app without symbols. */
  notices: string[];
}

/**
 * Reads every app, in the order in which they are to lie in flash: of a TAB with several fixed addresses the first that the
 * apps before leave free. Those that cannot be read are left out; if none is left the first mistake is thrown.
 */
export async function readApps(
  options: readonly AppOptions[],
  target: Target,
  files: Files,
): Promise<ReadApps> {
  const notices: string[] = [];
  const wrong: UserError[] = [];
  const apps: App[] = [];
  for (const option of options) {
    const before = apps.filter(({ installed }) => installed).map(({ tbf }) => tbf);
    try {
      const { app, notice } = await readApp(option, { ...target, before }, files);
      apps.push(app);
      if (notice !== undefined) notices.push(notice);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      wrong.push(error);
    }
  }
  const [first] = wrong;
  if (apps.length === 0 && first !== undefined) throw first;
  return { apps, wrong: wrong.map(error => error.message), notices };
}

async function readApp(
  option: AppOptions,
  target: Target & { before: readonly Tbf[] },
  files: Files,
): Promise<{ app: App; notice: string | undefined }> {
  const bytes = await files.read(option.path);
  if (bytes === undefined) {
    const there = await files.exists(option.path);
    throw there ? errors.noFile(option.path) : errors.fileNotFound(option.path);
  }
  if (bytes.length === 0) throw errors.emptyFile(option.path);
  if (looksLikeElf(bytes)) return packedApp(bytes, option, files);
  const tbf = looksLikeTbf(bytes)
    ? { ...parseTbf(bytes, option.path), variant: undefined }
    : chooseFrom(readTab(bytes, option.path), target);
  const { elf, notice } = await findElf(option, tbf, target, files);
  const sources = new Sources(files, option.path, option.sourceMap);
  const { path, name, installed } = option;
  return { app: { path, name, tbf, elf, sources, installed }, notice };
}

/** An ELF of libtock-rs. */
function packedApp(
  bytes: Uint8Array,
  option: AppOptions,
  files: Files,
): { app: App; notice: string | undefined } {
  const { path, name, installed } = option;
  const elf = parseElf(bytes, path);
  if (!isLibtockRs(elf)) throw errors.elfForApp(path);
  if (elf.machine !== EM_ARM) throw errors.elfOfOtherMachine(path);
  const { tbf, warnings } = packLibtockRs(elf, stemOf(path));
  const sources = new Sources(files, path, option.sourceMap);
  const packed = { ...parseTbf(tbf, path), variant: undefined };
  return { app: { path, name, tbf: packed, elf, sources, installed }, notice: warnings[0] };
}

const stemOf = (path: string): string => baseName(path).replace(/\.(elf|tab|tbf)$/i, "");

/** Where nothing suits, the board says best why not of the first. */
function chooseFrom(
  tab: Tab,
  target: Target & { before: readonly Tbf[] },
): Tbf & { variant: string } {
  const { architecture, placement, before, suits } = target;
  const variants = [...variantsFor(tab, architecture)];
  const headers = before.map(({ header }) => header);
  const images = before.map(({ bytes }) => bytes);
  const free = freeBehind(placement, headers);
  const suitable = variants.find(({ bytes, header }) =>
    suits === undefined
      ? fits(header, free) && !headers.some(other => sharesRam(header, other))
      : suits(bytes, images),
  );
  const [first] = variants;
  if (suitable !== undefined) return suitable;
  return suits !== undefined && first ? first : chooseTbf(tab, architecture, placement);
}

/** What is left when apps lie in flash in this order, each aligned to its size unless it has a fixed address. */
function freeBehind({ flash, ram }: Placement, before: readonly TbfHeader[]): Placement {
  let start = flash.start;
  for (const { fixedAddressFlash, protectedSize, totalSize } of before)
    start =
      totalSize +
      (fixedAddressFlash === undefined
        ? alignUp(start, nextPowerOfTwo(totalSize))
        : fixedAddressFlash - protectedSize);
  return { flash: { start, end: flash.end }, ram };
}

/** Places where the build tools leave an app's ELF, likeliest first. */
function candidates(option: AppOptions, variant: string | undefined, target: Target): string[] {
  if (option.elf !== undefined) return [option.elf];
  const folder = folderOf(option.path);
  const name = stemOf(option.path);
  const built = [joinPath(folder, `${name}.elf`)];
  if (variant !== undefined) built.push(joinPath(folder, `${variant}/${variant}.elf`));
  const { architecture } = target;
  built.push(joinPath(folder, `${architecture}/${architecture}.elf`), joinPath(folder, name));
  const triple = triples[architecture];
  for (const board of [target.name, target.name.replace(/dk$/, "")]) {
    built.push(joinPath(folder, `target/${board}/${triple}/release/examples/${name}`));
  }
  return [...new Set(built)];
}

async function findElf(
  option: AppOptions,
  tbf: Tbf & { variant: string | undefined },
  target: Target,
  files: Files,
): Promise<{ elf: Elf | undefined; notice: string | undefined }> {
  const app = baseName(option.path);
  const paths = candidates(option, tbf.variant, target);
  let notice: string | undefined;
  for (const path of paths) {
    const bytes = await files.read(path);
    if (bytes === undefined) continue;
    try {
      const elf = parseElf(bytes, path);
      const difference = differenceBetween(elf, tbf);
      if (difference === undefined) return { elf, notice: undefined };
      notice ??=
        tbf.variant === undefined || tbf.variant === target.architecture
          ? `${path} is another build than ${app} (${difference}), so ${app} has no symbols; build both again.`
          : `${path} is not the ELF of ${tbf.variant} in ${app}, which this board runs, so ${app} has no symbols; name that ELF in "elf".`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notice ??= `${error.message.replace(/\.$/, "")}; so ${app} has no symbols.`;
    }
  }
  const missing =
    option.elf === undefined
      ? `${app} has no symbols: there is no ${baseName(paths[0] ?? "")} beside it; name the file in "elf".`
      : `${option.elf}: there is no such file, so ${app} has no symbols; check the "elf" of the app.`;
  return { elf: undefined, notice: notice ?? missing };
}
