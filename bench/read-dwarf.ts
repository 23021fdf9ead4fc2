// Reads the debug information of an ELF, in a program of its own: `read-dwarf.js ELF SOURCE LINE [all]`. Prints milliseconds.
import { readFileSync } from "node:fs";
import { DwarfSymbols } from "../adapter/symbols/table.js";
import { parseElf } from "../emulator/formats/elf.js";

const [path = "", source = "", line = "", all] = process.argv.slice(2);
const start = performance.now();
const symbols = new DwarfSymbols(parseElf(readFileSync(path), path));
const file = symbols.files.find(name => name.endsWith(source));
const found = symbols.addressesOf(file ?? source, Number(line));
if (found?.line !== Number(line)) throw new Error(`line ${line} of ${source} has no code`);
if (all === "all") readAll(symbols);
console.log(performance.now() - start);

/**
 * All that gdb reads with `-readnow`: of every unit all entries with their names, types, sizes and places, the code of
 * functions and blocks, the line table; types, enumerators and variables by name. And the call frame information.
 */
function readAll(symbols: DwarfSymbols): void {
  let rows = 0;
  let ranges = 0;
  for (const unit of symbols.dwarf.units) {
    ranges += unit.code.entries.length;
    for (const sequence of symbols.dwarf.lineProgram(unit)?.sequences ?? []) {
      rows += sequence.end - sequence.first;
    }
  }
  symbols.globalNamed("nothing at all");
  symbols.typeNamed("nothing at all");
  symbols.enumeratorNamed("nothing at all");
  const frames = symbols.dwarf.frames.descriptions.length;
  if (rows * ranges * frames === 0) throw new Error("nothing was read");
  if (symbols.problems.length > 0) throw new Error(symbols.problems[0]);
}
