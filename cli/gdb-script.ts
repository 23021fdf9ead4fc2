// `tock-debug gdb-script`: commands that make gdb know the apps of a board by the dump that it printed: an app's flash
// and RAM slide by different amounts, so each section gets its own address (gdb manual, "Commands to Specify Files").
import { resolve } from "node:path";
import type { PlacedElf } from "../adapter/crash/find-elf.js";
import { SHF_ALLOC, SHF_TLS, UserError } from "../emulator/index.js";
import { placeProcesses, readDump, readElf } from "./dumps.js";
import { complain, printable } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Prints gdb commands that place the apps of a dump, for gdb on the board itself.",
  usage: "--dump DUMP [--elf FILE]… [--kernel FILE]",
  options: {
    dump: { value: "FILE", help: "a log with a crash dump (-: stdin); its last dump counts" },
    elf: {
      value: "FILE",
      multiple: true,
      help: "the ELF of an app in the dump; else it is looked for",
    },
    kernel: { value: "FILE", help: "the kernel's ELF, which becomes gdb's own program" },
  },
  examples: [
    "tock-debug gdb-script --dump serial.log > apps.gdb",
    "gdb-multiarch -x apps.gdb -ex 'target extended-remote :3333'",
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const path = args.text("dump");
  const [extra] = args.positionals;
  if (path === undefined || extra !== undefined)
    throw new UserError("gdb-script: expected --dump DUMP. See tock-debug gdb-script --help.");
  const kernel = args.text("kernel");
  if (kernel !== undefined) readElf(kernel);
  const dump = await readDump(path);
  const { processes, notes } = await placeProcesses(dump, path, args.texts("elf"), "--elf");
  for (const note of notes) complain(note);
  const placed = processes.flatMap(({ name, placed }) => (placed ? [{ name, placed }] : []));
  if (placed.length === 0)
    throw new UserError(`${path}: no ELF of its apps is known, so there is nothing to tell gdb.`);
  const lines = kernel === undefined ? [] : [`file ${quoted(kernel)}`];
  for (const app of placed) lines.push(`# ${comment(app.name)}`, addSymbolFile(app.placed));
  console.log(lines.join("\n"));
  return 0;
}

/** `add-symbol-file "app.elf" 0x4088c -s .data 0x20005000 …`; the first address is that of .text. */
function addSymbolFile({ path, elf, symbols }: PlacedElf): string {
  const sections = elf.sections
    .filter(
      ({ flags, size, name }) =>
        flags & SHF_ALLOC && !(flags & SHF_TLS) && size > 0 && /^[\w.$-]+$/.test(name),
    )
    .map(({ name, address }) => ({ name, address: `0x${runtime(symbols, address)}` }));
  const text = sections.find(({ name }) => name === ".text");
  const others = sections.filter(section => section !== text);
  const words = others.map(({ name, address }) => `-s ${name} ${address}`);
  return ["add-symbol-file", quoted(path), ...(text ? [text.address] : []), ...words].join(" ");
}

const runtime = ({ image }: PlacedElf["symbols"], linked: number): string =>
  (image.toRuntime(linked) >>> 0).toString(16).padStart(8, "0");

const comment = (name: string): string => printable(name).replaceAll("\n", " ");

/** A path as one word of gdb's. @throws UserError for one that gdb would take for several commands */
function quoted(path: string): string {
  const absolute = resolve(path);
  if (/\p{Cc}/u.test(absolute))
    throw new UserError(`${printable(path)}: gdb cannot be told a path with control characters.`);
  return `"${absolute.replace(/["\\]/g, "\\$&")}"`;
}
