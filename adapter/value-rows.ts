// Rows for C values: variables of a scope, results of expressions.
import { UserError } from "../emulator/index.js";
import * as errors from "./errors.js";
import { type EvaluationContext, evaluate, variableValue } from "./evaluate.js";
import { bare } from "./format.js";
import type { CodePlace, Row } from "./rows.js";
import type { Subject } from "./subject.js";
import type { Variable } from "./symbols/model.js";
import type { Value } from "./values.js";

/** Does `target = to` where the rows have their meaning. */
export type Changer = (target: string, to: string) => void;

/** Whose values rows show. */
export class ValueRows {
  readonly #subject: Subject;
  readonly #context: () => EvaluationContext;
  /** Absent: nothing can be changed. */
  readonly #changeTo: Changer | undefined;

  /** @param context asked each time, as a change may give a frame other registers */
  constructor(subject: Subject, context: () => EvaluationContext, changeTo?: Changer) {
    this.#subject = subject;
    this.#context = context;
    this.#changeTo = changeTo;
  }

  variable(variable: Variable): Row {
    const context = this.#context();
    const row = this.#row(variable.name, variableValue(variable, context));
    const { declaration: location } = variable;
    if (location === null) return row;
    return { ...row, declaration: { address: context.frame.pc, location } };
  }

  /** The value of a watch or hover expression. */
  expression(text: string): Row {
    return this.#row(text, this.#evaluate(text));
  }

  #evaluate(text: string): Value {
    const value = evaluate(text, this.#context());
    if (value instanceof UserError) throw value;
    return value;
  }

  #row(name: string, value: Value): Row {
    const { text, type, location, evaluateName, memoryReference } = value;
    const { namedCount, indexedCount } = value;
    const length = bare(type).size;
    const changeTo = this.#changeTo;
    const target = this.#target(value);
    return {
      name,
      value: text,
      type: type.name,
      ...(evaluateName === undefined
        ? {}
        : {
            evaluateName,
            ...(changeTo && { change: (to: string) => this.#change(changeTo, name, value, to) }),
          }),
      ...(location.kind === "memory" && length > 0
        ? { place: { address: location.address, length } }
        : {}),
      ...(location.kind === "bytes" ? { computed: true } : {}),
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
    const called = this.#subject.programAt(address)?.symbols?.functionAt(address);
    const location = called?.declaration ?? this.#subject.locationAt(address);
    return called?.entry === address && location ? { address, location } : undefined;
  }

  #change(changeTo: Changer, name: string, value: Value, to: string): Row {
    const target = value.evaluateName ?? name;
    // The same words may mean another variable here: one that hides this one.
    const { location } = this.#evaluate(target);
    if (JSON.stringify(location) !== JSON.stringify(value.location)) throw errors.hidden(name);
    changeTo(target, to);
    return this.#row(name, this.#evaluate(target));
  }
}
