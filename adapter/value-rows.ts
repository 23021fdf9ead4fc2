// Rows for C values: variables of a scope, results of expressions.
import { UserError } from "../emulator/index.js";
import { change } from "./change.js";
import { contextOf } from "./context.js";
import type { Debuggee } from "./debuggee.js";
import * as errors from "./errors.js";
import { evaluate, variableValue } from "./evaluate.js";
import { bare } from "./format.js";
import type { CodePlace, Row } from "./rows.js";
import type { Variable } from "./symbols/model.js";
import type { Value } from "./values.js";
import type { FrameReference } from "./variables.js";

/** Whose values rows show. */
export class ValueRows {
  readonly #debuggee: Debuggee;
  readonly #reference: FrameReference;

  constructor(debuggee: Debuggee, reference: FrameReference) {
    this.#debuggee = debuggee;
    this.#reference = reference;
  }

  variable(variable: Variable): Row {
    const context = contextOf(this.#debuggee, this.#reference);
    const row = this.#row(variable.name, variableValue(variable, context));
    const { declaration: location } = variable;
    if (location === null) return row;
    return { ...row, declaration: { address: this.#reference.frame.pc, location } };
  }

  /** The value of a watch or hover expression. */
  expression(text: string): Row {
    return this.#row(text, this.#evaluate(text));
  }

  #evaluate(text: string): Value {
    const value = evaluate(text, contextOf(this.#debuggee, this.#reference));
    if (value instanceof UserError) throw value;
    return value;
  }

  #row(name: string, value: Value): Row {
    const { text, type, location, evaluateName, memoryReference } = value;
    const { namedCount, indexedCount } = value;
    const length = bare(type).size;
    const target = this.#target(value);
    return {
      name,
      value: text,
      type: type.name,
      ...(evaluateName === undefined
        ? {}
        : { evaluateName, change: to => this.#change(name, value, evaluateName, to) }),
      ...(location.kind === "memory" && length > 0
        ? { place: { address: location.address, length } }
        : {}),
      ...(target === undefined ? {} : { target }),
      ...(memoryReference === undefined ? {} : { memoryAddress: memoryReference }),
      ...(indexedCount === 0 ? {} : { indexedCount }),
      ...(namedCount + indexedCount === 0
        ? {}
        : {
            children: (start?: number, count?: number) =>
              value.children(start, count).map(child => this.#row(child.name, child.value)),
          }),
    };
  }

  /** Where the function is that a pointer points to. */
  #target({ type, memoryReference }: Value): CodePlace | undefined {
    const pointer = bare(type);
    if (memoryReference === undefined || pointer.kind !== "pointer") return undefined;
    if (bare(pointer.target()).kind !== "function") return undefined;
    const address = (memoryReference & ~1) >>> 0;
    const called = this.#debuggee.programAt(address)?.symbols?.functionAt(address);
    const location = called?.declaration ?? this.#debuggee.locationAt(address);
    return called?.entry === address && location ? { address, location } : undefined;
  }

  #change(name: string, value: Value, target: string, to: string): Row {
    // The same words may mean another variable here: one that hides this one.
    const { location } = this.#evaluate(target);
    if (JSON.stringify(location) !== JSON.stringify(value.location)) throw errors.hidden(name);
    change(this.#debuggee, this.#reference, target, to);
    return this.#row(name, this.#evaluate(target));
  }
}
