// What the launch lets the user do at given times.
import { type Machine, UserError } from "../emulator/index.js";
import * as errors from "./errors.js";
import { parseInput } from "./inputs.js";
import type { DueInput } from "./runner.js";

export class ScriptedInputs {
  /** The earliest first. */
  readonly #due: DueInput[];

  /** `refused` is told of an input that the board refuses when its time has come. @throws UserError for an unknown device */
  constructor(texts: readonly string[], machine: Machine, refused: (sentence: string) => void) {
    this.#due = texts.map(text => dueInput(text, machine, refused));
    this.#due.sort((a, b) => a.cycle - b.cycle);
  }

  get next(): DueInput | undefined {
    const [next] = this.#due;
    if (next === undefined) return undefined;
    return {
      cycle: next.cycle,
      act: () => {
        this.#due.shift();
        return next.act();
      },
    };
  }
}

function dueInput(text: string, machine: Machine, refused: (sentence: string) => void): DueInput {
  const { seconds, device, value } = parseInput(text);
  if (machine.devices.get(device)?.onInput === undefined) {
    const known = [...machine.devices.values()].filter(d => d.onInput !== undefined);
    throw errors.unknownDevice(
      device,
      known.map(d => d.name),
    );
  }
  return {
    cycle: Math.round(seconds * machine.clock.frequency),
    act: () => {
      try {
        machine.input(device, value);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused(`Input ${text}: ${error.message}`);
      }
      return undefined;
    },
  };
}
