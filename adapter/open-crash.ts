// From the arguments of `attach` with mode `crash` to a dump that can be looked at.
import { parseElf, UserError } from "../emulator/index.js";
import { Fields } from "./arguments.js";
import { explainDump } from "./crash/dump-body.js";
import type { PlacedElf } from "./crash/find-elf.js";
import { logText } from "./crash/log-text.js";
import { parseDumps } from "./crash/parse.js";
import * as errors from "./errors.js";
import { type Files, folderOf } from "./files.js";
import { readSourceMap } from "./launch.js";
import type { Crash } from "./postmortem.js";
import type { SourceMap } from "./protocol.js";
import { Sources } from "./sources.js";
import type { KnownProgram } from "./subject.js";

export interface AttachOptions {
  /** Path of a file with a dump in any console log. */
  dump: string;
  /** Which of several dumps, from 1; the last if it is not given. */
  number: number | undefined;
  elfs: readonly string[];
  folders: readonly string[];
  kernel: string | undefined;
  sourceMap: SourceMap;
  trace: boolean;
}

export function readAttach(value: unknown): AttachOptions {
  const fields = new Fields("attach", value);
  if (fields.raw("mode") !== "crash") throw errors.noAttach(fields.raw("mode"));
  const dump = fields.optionalString("dump") ?? "";
  if (dump === "") throw errors.noDump();
  return {
    dump,
    number: fields.optionalInteger("number", 1),
    elfs: texts(fields, "elf"),
    folders: texts(fields, "folders"),
    kernel: fields.optionalString("kernel"),
    sourceMap: readSourceMap(fields),
    trace: fields.optionalBoolean("trace") ?? false,
  };
}

/** A text or a list of texts. */
function texts(fields: Fields, name: string): string[] {
  const value = fields.raw(name);
  if (typeof value === "string") return [value];
  return fields.list(name).map((each, i) => {
    if (typeof each === "string") return each;
    throw new UserError(`attach: "${name}[${i}]" must be the path of a file.`);
  });
}

/** Reads the dump and the ELF files of its apps. */
export async function openCrash(options: AttachOptions, files: Files): Promise<Crash> {
  const { dump: path, elfs, kernel, sourceMap } = options;
  const text = logText(await readFile(path, files));
  const { dumps } = parseDumps(text);
  const dump = dumps.at((options.number ?? 0) - 1);
  if (dump === undefined) throw errors.noSuchDump(path, dumps.length, options.number);
  const search = { elfs, folders: [...options.folders, folderOf(path)], option: '"elf"' };
  const kernelElf = kernel && parseElf(await readFile(kernel, files), kernel);
  const explained = await explainDump(
    text,
    dump,
    { ...search, ...(kernelElf && { kernel: kernelElf }) },
    files,
  );
  const { body, scenes, placed } = explained;
  const more =
    dumps.length > 1 && options.number === undefined
      ? [`${path} holds ${dumps.length} crash dumps; this is the last. "number" chooses another.`]
      : [];
  return {
    body: { ...body, notes: [...body.notes, ...more] },
    scenes,
    programs: placed.map((elf, i) => programOf(elf, scenes[i]?.process.name, sourceMap, files)),
  };
}

function programOf(
  placed: PlacedElf | undefined,
  name: string | undefined,
  sourceMap: SourceMap,
  files: Files,
): KnownProgram | undefined {
  if (placed === undefined) return undefined;
  const sources = new Sources(files, placed.path, sourceMap);
  return { app: { name, sources }, symbols: placed.symbols };
}

async function readFile(path: string, files: Files): Promise<Uint8Array> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw errors.fileNotFound(path);
  return bytes;
}
