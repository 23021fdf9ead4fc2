// `tock-debug crash`: explains the crash dumps in a console log, or in one that comes in as it is printed.
import { stdout } from "node:process";
import { type DumpOptions, type ExplainedDump, explainDump } from "../adapter/crash/dump-body.js";
import { searchFolders } from "../adapter/crash/find-elf.js";
import type { CrashBody } from "../adapter/crash/model.js";
import { type ParsedDump, parseDumps } from "../adapter/crash/parse.js";
import type { Files } from "../adapter/files.js";
import { nodeHost } from "../adapter/host.node.js";
import { Sources } from "../adapter/sources.js";
import { UserError } from "../emulator/index.js";
import { follow } from "./crash-follow.js";
import { crashText, type Excerpt } from "./crash-text.js";
import { noDump, readElf, readLog, rememberedFiles } from "./dumps.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Explains Tock crash dumps: what happened, where in the source, and what to change.",
  usage: "[--elf FILE]… [--kernel FILE] [--json] [--follow] [DUMP|-]",
  options: {
    elf: {
      value: "FILE",
      multiple: true,
      help: "the ELF of an app in the dump; else it is looked for by the app's name below this folder",
    },
    kernel: { value: "FILE", help: "the kernel's ELF, to name addresses of the kernel" },
    follow: {
      help: "read a log as it comes in on stdin, pass it through and explain each dump when it is whole",
    },
    json: {
      help: "print one JSON object instead; with --follow one a line for each dump, without the log",
    },
  },
  notes: [
    "DUMP is a file with any console log; without it, or with -, the log is read from stdin.",
    "ELF files are looked for where make (libtock-c) and cargo (libtock-rs) leave them, and must fit the dump.",
  ],
  examples: [
    "tock-debug crash serial.log",
    "tock-debug crash --elf build/cortex-m4/cortex-m4.elf serial.log",
    "tockloader listen | tock-debug crash --follow",
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [path, ...rest] = args.positionals;
  if (rest.length > 0)
    throw new UserError(`${rest[0]}: expected one dump. See tock-debug crash --help.`);
  const options = readOptions(args, path);
  const json = args.flag("json");
  if (args.flag("follow")) {
    if (path !== undefined && path !== "-")
      throw new UserError(`${path}: --follow reads stdin; leave the file out, or --follow.`);
    // Files are read anew for each dump: an app may be built again meanwhile.
    const explain = async (text: string, dump: ParsedDump) => {
      const explained = await explainDump(text, dump, options, nodeHost.files);
      return json ? `${asJson(explained.body)}\n` : textOf(explained, nodeHost.files);
    };
    await follow({ json, explain });
    return 0;
  }
  const text = await readLog(path);
  const { dumps } = parseDumps(text);
  if (dumps.length === 0) throw noDump(path ?? "stdin");
  const files = rememberedFiles();
  const bodies: CrashBody[] = [];
  for (const [index, dump] of dumps.entries()) {
    const explained = await explainDump(text, dump, options, files);
    bodies.push(explained.body);
    if (json) continue;
    const title = dumps.length > 1 ? `Dump ${index + 1} of ${dumps.length}\n\n` : "";
    stdout.write(`${index > 0 ? "\n" : ""}${title}${await textOf(explained, files)}`);
  }
  if (json) console.log(asJson({ schema: 1, dumps: bodies }, 2));
  return 0;
}

const textOf = async ({ body, placed }: ExplainedDump, files: Files): Promise<string> =>
  crashText(body, await excerptOf(body, placed[0]?.path, files));

/** JSON in which nothing acts on a terminal, not even what JSON itself would leave as it is. */
const asJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const AROUND = 2;

/** The source around the place of the crash, if it is on this computer. */
async function excerptOf(
  body: CrashBody,
  elf: string | undefined,
  files: Files,
): Promise<Excerpt | undefined> {
  const { place } = body.explanation;
  if (place === null || elf === undefined) return undefined;
  const path = await new Sources(files, elf, {}).resolve(place.path);
  const bytes = path === undefined ? undefined : await files.read(path);
  if (path === undefined || bytes === undefined) return undefined;
  const all = new TextDecoder().decode(bytes).split(/\r?\n/);
  const from = Math.max(1, place.line - AROUND);
  const lines = all
    .slice(from - 1, place.line + AROUND)
    .map((text, i) => ({ number: from + i, text }));
  return { path, line: place.line, lines };
}

function readOptions(args: Arguments, path: string | undefined): DumpOptions {
  const elfs = args.texts("elf");
  for (const elf of elfs) readElf(elf);
  const kernel = args.text("kernel");
  const file = path === "-" ? undefined : path;
  return {
    elfs,
    folders: searchFolders(process.cwd(), file),
    option: "--elf",
    kernel: kernel === undefined ? undefined : readElf(kernel),
  };
}
