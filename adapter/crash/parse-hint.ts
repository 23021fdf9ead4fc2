// The hint that closes a process's part (kernel/src/process_standard.rs): how to get a listing, and by the way where
// the app was placed.
import type { PartReader, ProcessDraft } from "./draft.js";

const makePattern = /\b(RAM_START|FLASH_INIT)=(0x[0-9a-fA-F]{1,16})/g;
const listPattern = /\barch\.(0x[0-9a-fA-F]{1,16})\.(0x[0-9a-fA-F]{1,16})\.lst/;

export const readHint: PartReader<ProcessDraft> = (line, process) => {
  const { text } = line;
  const list = listPattern.exec(text);
  if (list) {
    const [, flash = "", ram = ""] = list;
    process.fixedAddresses = { flash: Number(flash), ram: Number(ram) };
    const at = list.index + "arch.".length;
    return [
      line.value("address", "appStart", Number(flash), [at, flash.length]),
      line.value("address", "start", Number(ram), [at + flash.length + 1, ram.length]),
    ];
  }
  const addresses = [...text.matchAll(makePattern)].map(match => {
    const ram = match[1] === "RAM_START";
    const value = line.tail("address", ram ? "start" : "init", match);
    if (ram) process.ramStart = value.value;
    else process.initFunction = value.value;
    return value;
  });
  if (addresses.length > 0) return addresses;
  return words.some(([one, two]) => text.includes(one) && text.includes(two)) ? [] : undefined;
};

/** Both words of a pair stand in the plain lines of the hint, of any release. */
const words = [
  ["To debug", "run"],
  ["make ", "RAM_START"],
  ["in the app's folder", ""],
  ["folder and open", ""],
  ["open the arch.", ""],
  ["open the .lst file", ""],
] as const;
