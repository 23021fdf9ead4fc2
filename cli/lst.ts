// `tock-debug lst`: an app's source and instructions at the addresses where it ran.
import { stdout } from "node:process";
import { type PlacedElf, placeElfAt } from "../adapter/crash/find-elf.js";
import { canList, listing, type SourceText } from "../adapter/crash/listing.js";
import { nodeHost } from "../adapter/host.node.js";
import { Sources } from "../adapter/sources.js";
import { isPositionIndependent, LINK_FLASH, type Placement } from "../adapter/symbols/image.js";
import { type Elf, hex, UserError } from "../emulator/index.js";
import { placeProcesses, readDump, readElf } from "./dumps.js";
import { complain, printable } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Lists an app's source and instructions at the addresses where it ran.",
  usage: "--dump DUMP [APP.elf] | [--ram-start ADDRESS --flash-init ADDRESS] APP.elf",
  options: {
    dump: {
      value: "FILE",
      help: "a log with a crash dump (-: stdin); its last dump tells where the app ran",
    },
    process: { value: "NAME", help: "an app of the dump, instead of the one that crashed" },
    "ram-start": { value: "ADDRESS", help: "start of the process's RAM: RAM_START of the dump" },
    "flash-init": {
      value: "ADDRESS",
      help: "address of the app's first function: FLASH_INIT of the dump",
    },
  },
  notes: ["An app at fixed addresses needs no address."],
  examples: [
    "tock-debug lst --dump serial.log",
    "tock-debug lst --ram-start 0x20004000 --flash-init 0x30059 build/cortex-m4/cortex-m4.elf",
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [path, ...rest] = args.positionals;
  if (rest.length > 0)
    throw new UserError(`${rest[0]}: expected one ELF. See tock-debug lst --help.`);
  const dump = args.text("dump");
  const placed = dump === undefined ? placedBy(args, path) : await placedByDump(args, dump, path);
  if (!canList(placed.elf))
    throw new UserError(
      `${placed.path}: there is no disassembler for its processor here, only for Cortex-M and 32-bit RISC-V.`,
    );
  const sources = new Sources(nodeHost.files, placed.path, {});
  for await (const line of listing(placed, textsOf(sources)))
    if (!stdout.write(`${printable(line)}\n`)) await drained();
  return 0;
}

const drained = (): Promise<void> => new Promise(resolve => stdout.once("drain", () => resolve()));

function textsOf(sources: Sources): SourceText {
  const texts = new Map<string, Promise<readonly string[] | undefined>>();
  const read = async (path: string) => {
    const found = await sources.resolve(path);
    const bytes = found === undefined ? undefined : await nodeHost.files.read(found);
    return bytes && new TextDecoder().decode(bytes).split(/\r?\n/);
  };
  return path => {
    const known = texts.get(path) ?? read(path);
    texts.set(path, known);
    return known;
  };
}

function placedBy(args: Arguments, path: string | undefined): PlacedElf {
  if (path === undefined)
    throw new UserError("lst: expected an app's ELF or --dump. See tock-debug lst --help.");
  if (args.text("process") !== undefined)
    throw new UserError("--process: it names an app of a dump; give --dump, too.");
  const elf = readElf(path);
  return placeElfAt(path, elf, placementBy(args, elf, path));
}

function placementBy(args: Arguments, elf: Elf, path: string): Placement | undefined {
  const ramStart = args.number("ram-start");
  const flashInit = args.number("flash-init");
  if (!isPositionIndependent(elf)) {
    if (ramStart !== undefined || flashInit !== undefined)
      throw new UserError(
        `${path}: it runs at the addresses that it is linked for; leave out --ram-start and --flash-init.`,
      );
    return undefined;
  }
  if (ramStart === undefined || flashInit === undefined)
    throw new UserError(
      `${path}: it is position-independent; give --ram-start and --flash-init, which stand at the end of the dump as RAM_START and FLASH_INIT, or --dump.`,
    );
  const entry = elf.entry - (elf.entry % 2) - LINK_FLASH;
  const appStart = flashInit - (flashInit % 2) - entry;
  if (appStart < 0)
    throw new UserError(
      `--flash-init ${hex(flashInit)}: the app's first function lies ${entry} bytes behind its start; expected a larger address.`,
    );
  return { appStart, memStart: ramStart };
}

async function placedByDump(
  args: Arguments,
  dumpPath: string,
  path: string | undefined,
): Promise<PlacedElf> {
  if (args.text("ram-start") !== undefined || args.text("flash-init") !== undefined)
    throw new UserError("--dump: it tells the addresses; leave out --ram-start and --flash-init.");
  const dump = await readDump(dumpPath);
  const elfs = path === undefined ? [] : [path];
  const { processes, notes } = await placeProcesses(dump, dumpPath, elfs, "its path");
  const wanted = args.text("process");
  const chosen =
    wanted === undefined
      ? (processes.find(({ placed }) => placed?.path === path) ?? processes[0])
      : processes.find(({ name }) => name === wanted);
  if (chosen === undefined)
    throw new UserError(
      wanted === undefined
        ? `${dumpPath}: the dump ends before its first process.`
        : `--process ${wanted}: the dump has ${processes.map(({ name }) => name).join(", ")}.`,
    );
  if (chosen.placed) return chosen.placed;
  const [note = `There is no ELF of "${chosen.name}".`, ...others] = notes;
  for (const other of others) complain(other);
  throw new UserError(note);
}
