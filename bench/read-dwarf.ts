// Reads the debug information of an ELF, in a program of its own: `read-dwarf.js ELF SOURCE LINE [all]`. Prints milliseconds.
import { readFileSync } from "node:fs";
import * as C from "../adapter/dwarf/constants.js";
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

/** Every unit's entries, line table, functions, variables and types, and the call frame information. */
function readAll(symbols: DwarfSymbols): void {
  symbols.functionsNamed("nothing at all");
  symbols.globalNamed("nothing at all");
  symbols.typeNamed("nothing at all");
  symbols.enumeratorNamed("nothing at all");
  for (const unit of symbols.dwarf.units) {
    if (symbols.dwarf.lineProgram(unit)?.sequences.length === 0) continue;
    for (const die of unit.tree()?.children ?? []) {
      if (die.tag === C.DW_TAG_subprogram || die.tag === C.DW_TAG_variable) continue;
      const type = symbols.types.at(die);
      if (type.kind === "struct" || type.kind === "union") type.members();
    }
  }
  symbols.dwarf.frames.rowAt(0x40000);
  if (symbols.problems.length > 0) throw new Error(symbols.problems[0]);
}
