// An app in one process: its symbols at the addresses where the kernel put it.
import type { ProcessView } from "../emulator/index.js";
import type { App } from "./apps.js";
import { DwarfSymbols } from "./symbols/table.js";
import { DwarfUnwinder } from "./symbols/unwind.js";

export type Program = { app: App } & (
  | { symbols: DwarfSymbols; unwinder: DwarfUnwinder }
  | { symbols: undefined; unwinder: undefined }
);

export function placeProgram(app: App, view: ProcessView): Program {
  if (app.elf === undefined) return { app, symbols: undefined, unwinder: undefined };
  const placement = { appStart: view.flash.appStart, memStart: view.memory.start };
  const symbols = new DwarfSymbols(app.elf, placement);
  return { app, symbols, unwinder: new DwarfUnwinder(symbols) };
}
