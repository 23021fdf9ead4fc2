// A dump of a text, explained: finds the ELF files of its apps, sets the scene of each process, and makes the body that
// terminal, panel and language server show.
import type { Elf } from "../../emulator/index.js";
import type { Files } from "../files.js";
import { DwarfSymbols } from "../symbols/table.js";
import { crashBody } from "./body.js";
import { crashedProcess, dumpScene, sceneWithoutProcess } from "./dump-scene.js";
import { type ElfSearch, findElfs, type PlacedElf } from "./find-elf.js";
import { kernelNotes } from "./kernel-names.js";
import type { CrashBody, Scene } from "./model.js";
import type { ParsedDump } from "./parse.js";

export interface DumpOptions extends ElfSearch {
  /** The kernel's ELF; its addresses in the dump are named in the notes. */
  kernel?: Elf | undefined;
}

export interface ExplainedDump {
  body: CrashBody;
  /** In the order of the body: the process that is explained first. */
  scenes: readonly Scene[];
  placed: readonly (PlacedElf | undefined)[];
}

/** `text` is what `dump` was read of. */
export async function explainDump(
  text: string,
  dump: ParsedDump,
  options: DumpOptions,
  files: Files,
): Promise<ExplainedDump> {
  const first = crashedProcess(dump);
  const found = await findElfs(dump, first, options, files);
  const others = [...dump.report.processes.keys()].filter(index => index !== first);
  const order = first < 0 ? [] : [first, ...others];
  const scenes =
    first < 0
      ? [sceneWithoutProcess(dump)]
      : order.map(index => dumpScene(dump, index, found.placed[index]));
  const kernel = options.kernel && new DwarfSymbols(options.kernel);
  const body = crashBody(scenes, {
    kernelVersion: dump.report.kernelVersion,
    notes: [...found.notes, ...(kernel ? kernelNotes(dump, kernel) : [])],
    dump: text.slice(dump.start, dump.end),
  });
  return { body, scenes, placed: order.map(index => found.placed[index]) };
}
