// The scopes of a frame: Local and Static from the symbols, Registers, and what Tock knows of the process.
import { change } from "./change.js";
import { contextOf } from "./context.js";
import type { Debuggee } from "./debuggee.js";
import { grantRows, mpuRows, processRows, type Row, registerRows } from "./rows.js";
import { type Changer, ValueRows } from "./value-rows.js";
import type { FrameReference } from "./variables.js";

export interface Scope {
  name: string;
  /** DAP's hint for the client. */
  hint: "locals" | "registers" | undefined;
  /** The client does not open it by itself. */
  expensive: boolean;
  rows: () => readonly Row[];
}

const XPSR = 16;

export function scopesOf(debuggee: Debuggee, reference: FrameReference): Scope[] {
  const { process: index, depth } = reference;
  const changeTo: Changer = (target, to) => change(debuggee, reference, target, to);
  const values = new ValueRows(debuggee, () => contextOf(debuggee, reference), changeTo);
  const { isa, memory } = debuggee;
  const symbols = debuggee.program(index)?.symbols;
  const nameOf = debuggee.namer(index);
  const view = () => {
    const found = debuggee.process(index);
    if (found === undefined) throw new Error(`process ${index} has vanished`);
    return found;
  };
  const variables = (of: "variablesAt" | "staticsAt") => () => {
    const { lookupPc, inlineDepth } = reference.frame;
    return (symbols?.[of](lookupPc, inlineDepth) ?? []).map(variable => values.variable(variable));
  };
  const registers = (): readonly Row[] => {
    const xpsr = depth === 0 ? debuggee.registers(index)?.[XPSR] : undefined;
    const known = [...reference.frame.registers.slice(0, XPSR), xpsr];
    return registerRows(isa, known, nameOf).map((row, i) => {
      const changed = (to: string) => {
        changeTo(`$${row.name}`, to);
        return registers()[i] ?? row;
      };
      return { ...row, change: changed };
    });
  };
  const scope = (name: string, rows: () => readonly Row[], more: Partial<Scope> = {}): Scope => ({
    name,
    hint: undefined,
    expensive: false,
    rows,
    ...more,
  });
  const known =
    symbols === undefined
      ? []
      : [
          scope("Local", variables("variablesAt"), { hint: "locals" }),
          scope("Static", variables("staticsAt"), { expensive: true }),
        ];
  return [
    ...known,
    scope("Process", () => processRows(view(), nameOf)),
    scope("Grants", () => grantRows(view(), memory, nameOf)),
    scope("MPU", () =>
      mpuRows(
        view(),
        debuggee.processes.filter(other => other.index !== index),
      ),
    ),
    scope("Registers", registers, { hint: "registers" }),
  ];
}
