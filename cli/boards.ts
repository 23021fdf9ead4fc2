// `tock-debug boards`: what each board models and what not.
import { boardNamed } from "../adapter/board-choice.js";
import { driverText } from "../adapter/syscall-text.js";
import { type BoardDescription, bareBoard, boards, hex8 } from "../emulator/index.js";
import { columns } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Lists the emulated boards: drivers, inputs, and what of the real board is missing.",
  usage: "[OPTION]… [BOARD]…",
  options: { json: { help: "print one JSON object instead" } },
  examples: ["tock-debug boards", "tock-debug boards microbit_v2"],
  run,
};

interface BoardFacts {
  name: string;
  description: string;
  architecture: string;
  appFlash: { address: number; size: number };
  drivers: { number: number; name: string }[];
  /** Drivers that upstream's board has and ours has not. */
  missing: { number: number; name: string }[];
  /** What can be given as an input: the device, and what it takes. */
  inputs: { device: string; takes: string }[];
}

function factsOf(board: BoardDescription): BoardFacts {
  const { name, description, architecture, appFlash } = board;
  const { machine, drivers, unbuiltDrivers } = board.build();
  const named = (numbers: Iterable<number>) =>
    [...numbers]
      .sort((a, b) => a - b)
      .map(number => ({ number, name: driverText(number).replace(/ \(0x.*$/, "") }));
  return {
    name,
    description,
    architecture,
    appFlash,
    drivers: named(drivers.keys()),
    missing: named(unbuiltDrivers),
    inputs: [...machine.devices.values()]
      .filter(device => device.onInput !== undefined)
      .map(device => ({ device: device.name, takes: device.takes ?? "" })),
  };
}

function run(args: Arguments): number {
  const names = args.positionals;
  const chosen = names.length === 0 ? boards : names.map(name => boardNamed(name));
  const facts = chosen.map(factsOf);
  if (args.flag("json")) console.log(JSON.stringify({ schema: 1, boards: facts }, null, 2));
  else console.log(facts.map(textOf).join("\n\n"));
  if (names.length === 0 && !args.flag("json"))
    console.log(`\n${bareBoard.name}\n  ${bareBoard.description}`);
  return 0;
}

function textOf(board: BoardFacts): string {
  const { address, size } = board.appFlash;
  const rows: [string, string[]][] = [
    ["app flash", [`${hex8(address)}, ${size / 1024} KiB`]],
    ["drivers", wrapped(board.drivers.map(driver => driver.name))],
    ["missing", wrapped(board.missing.map(driver => driver.name))],
    ["inputs", wrapped(inputsOf(board.inputs))],
  ];
  const lines = rows.flatMap(([title, texts]) =>
    texts.map((text, i) => [i === 0 ? title : "", text]),
  );
  return `${board.name}\n  ${board.description}\n${columns(lines)}`;
}

/** Devices of a kind are told together: `button0…3`, `gpio0…7,10…13`. */
function inputsOf(inputs: BoardFacts["inputs"]): string[] {
  const kinds = new Map<string, number[]>();
  for (const { device } of inputs) {
    const [, kind = device, number] = /^(.*?)(\d+)$/.exec(device) ?? [];
    const numbers = kinds.get(kind) ?? [];
    kinds.set(kind, number === undefined ? numbers : [...numbers, Number(number)]);
  }
  return [...kinds].map(([kind, numbers]) => kind + rangesOf(numbers));
}

function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([low, high]) => (low === high ? `${low}` : `${low}…${high}`)).join(",");
}

/** The words joined by commas, in lines of at most `width` columns. */
function wrapped(words: readonly string[], width = 90): string[] {
  const lines: string[] = [];
  words.forEach((word, i) => {
    const text = i < words.length - 1 ? `${word},` : word;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < width)
      lines.splice(-1, 1, `${last} ${text}`);
    else lines.push(text);
  });
  return lines;
}
